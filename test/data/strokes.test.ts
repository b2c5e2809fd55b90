import { expect, test } from "vitest";
import { loadImages } from "../../src/main/data/load";
import { dataSettings, loadOptions } from "./options";

const first = (count: number) => ({
  limit: { count, pick: "first" as const },
});

test("strokes are 60,000 grey digits in ten equal classes", async () => {
  const images = await loadImages(dataSettings("strokes"), loadOptions());
  expect(images).toMatchObject({ count: 60_000, channels: 1, size: 28 });
  expect(images.pixels.length).toBe(60_000 * 784);
  const counts = new Array<number>(10).fill(0);
  for (const label of images.labels ?? []) counts[label]++;
  expect(counts).toEqual(new Array<number>(10).fill(6000));
});

test("the same seed draws the same digits, another seed others", async () => {
  const settings = dataSettings("strokes", first(50));
  const load = (seed: number) => loadImages(settings, loadOptions({ seed }));
  const [one, same, other] = [await load(1), await load(1), await load(2)];
  expect(same.pixels).toEqual(one.pixels);
  expect(same.identity.hash).toBe(one.identity.hash);
  expect(other.identity.hash).not.toBe(one.identity.hash);
});

test("an image does not depend on which others are drawn", async () => {
  const threes = await loadImages(
    dataSettings("strokes", { classes: [3], ...first(2) }),
    loadOptions(),
  );
  const all = await loadImages(
    dataSettings("strokes", first(20)),
    loadOptions(),
  );
  expect(threes.pixels.subarray(784)).toEqual(
    all.pixels.subarray(13 * 784, 14 * 784),
  );
});

test("every digit leaves a black edge and has white ink in its middle", async () => {
  const { pixels } = await loadImages(
    dataSettings("strokes", first(2000)),
    loadOptions(),
  );
  for (let image = 0; image < 2000; image++) {
    const digit = pixels.subarray(image * 784, (image + 1) * 784);
    const ink = digit.reduce((sum, level) => sum + level, 0) / 255;
    expect(ink).toBeGreaterThan(12);
    expect(ink).toBeLessThan(320);
    expect(Math.max(...digit)).toBeGreaterThan(170);
  }
  const corners = [0, 27, 27 * 28, 783];
  const lit = Array.from({ length: 2000 }, (_, image) => image).filter(
    (image) => corners.some((corner) => pixels[image * 784 + corner] > 0),
  );
  expect(lit.length).toBeLessThan(20);
});

test("digits of one class differ from each other", async () => {
  const { pixels } = await loadImages(
    dataSettings("strokes", { classes: [5], ...first(30) }),
    loadOptions(),
  );
  const seen = new Set(
    Array.from({ length: 30 }, (_, image) =>
      Buffer.from(pixels.subarray(image * 784, (image + 1) * 784)).toString(
        "base64",
      ),
    ),
  );
  expect(seen.size).toBe(30);
});

test("drawing reports progress to the end and lets other work run meanwhile", async () => {
  const options = loadOptions();
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await loadImages(dataSettings("strokes"), options);
  clearInterval(timer);
  expect(options.progress.at(0)).toMatchObject({ done: 0, total: 60_000 });
  expect(options.progress.at(-1)).toMatchObject({ done: 60_000 });
  expect(options.progress.length).toBeGreaterThan(3);
  expect(turns).toBeGreaterThan(3);
});

test("drawing stops where it is cancelled", async () => {
  const controller = new AbortController();
  const loading = loadImages(
    dataSettings("strokes"),
    loadOptions({ signal: controller.signal }),
  );
  setTimeout(() => {
    controller.abort();
  }, 5);
  await expect(loading).rejects.toMatchObject({ name: "AbortError" });
});

test("strokes with a seed of their own are the same for every run, and drawn once", async () => {
  const settings = dataSettings("strokes", { ...first(50), strokesSeed: 7 });
  const options = loadOptions({ seed: 1 });
  const one = await loadImages(settings, options);
  const other = await loadImages(settings, { ...options, seed: 2 });
  expect(other.identity.hash).toBe(one.identity.hash);
  const drawn = options.progress.filter(
    ({ title, done }) => title === "Drawing strokes" && done === 50,
  );
  expect(drawn).toHaveLength(1);
  const seven = await loadImages(
    dataSettings("strokes", first(50)),
    loadOptions({ seed: 7 }),
  );
  expect(seven.pixels).toEqual(one.pixels);
  const eight = await loadImages({ ...settings, strokesSeed: 8 }, options);
  expect(eight.identity.hash).not.toBe(one.identity.hash);
});
