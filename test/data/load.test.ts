import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadImages } from "../../src/main/data/load";
import type { DataSettings } from "../../src/shared/settings/settings";
import { idxImages, idxLabels } from "./idx-bytes";
import { dataSettings, loadOptions, temporaryFolder } from "./options";

/** 40 images of 4 x 4, image i all of level i and of class i mod 4. */
function digits(labelled = true): string {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, "train-images-idx3-ubyte"),
    idxImages(40, 4, 4, (index) => Math.floor(index / 16)),
  );
  if (labelled)
    writeFileSync(
      join(folder, "train-labels-idx1-ubyte"),
      idxLabels(Array.from({ length: 40 }, (_, i) => i % 4)),
    );
  return folder;
}

const load = (folder: string, changes: Partial<DataSettings> = {}, seed = 1) =>
  loadImages(
    dataSettings(folder, { size: 4, ...changes }),
    loadOptions({ seed }),
  );

const numbers = (set: { pixels: Uint8Array }) =>
  [...set.pixels].filter((_, index) => index % 16 === 0);

test("classes keep their numbers and names in a subset", async () => {
  const set = await load(digits(), { classes: [3, 1] });
  expect(numbers(set).slice(0, 4)).toEqual([1, 3, 5, 7]);
  expect(set.count).toBe(20);
  expect([...new Set(set.labels)]).toEqual([1, 3]);
  expect(set.identity.classes).toEqual(["0", "1", "2", "3"]);
});

test("the first N are counted after the classes are chosen", async () => {
  const set = await load(digits(), {
    classes: [2],
    limit: { count: 3, pick: "first" },
  });
  expect(numbers(set)).toEqual([2, 6, 10]);
});

test("a random N is the same for the same seed and another for another", async () => {
  const folder = digits();
  const limit = { count: 8, pick: "random" as const };
  const [one, same, other] = [
    numbers(await load(folder, { limit }, 1)),
    numbers(await load(folder, { limit }, 1)),
    numbers(await load(folder, { limit }, 2)),
  ];
  expect(same).toEqual(one);
  expect(other).not.toEqual(one);
  expect(new Set(one).size).toBe(8);
  expect([...one].sort((a, b) => a - b)).toEqual(one);
});

test("a limit above the number of images keeps them all", async () => {
  const limit = { count: 1000, pick: "random" as const };
  expect((await load(digits(), { limit })).count).toBe(40);
});

test.each([
  [{ classes: [4] }, true, /has no class 4; its classes are numbered 0 to 3/],
  [{ classes: [0] }, false, /has no labels, so no classes can be chosen/],
])("%o is refused in one sentence", async (changes, labelled, text) => {
  await expect(load(digits(labelled), changes)).rejects.toThrow(text);
});

test("the same images have the same hash wherever they lie", async () => {
  const [one, copy] = [await load(digits()), await load(digits())];
  expect(copy.identity.hash).toBe(one.identity.hash);
  expect(one.identity.hash).toMatch(/^[0-9a-f]{64}$/);
});

test("the range and the flip change no hash; size, channels, subset and labels do", async () => {
  const folder = digits();
  const hash = async (changes: Partial<DataSettings> = {}, from = folder) =>
    (await load(from, changes)).identity.hash;
  const plain = await hash();
  expect(await hash({ range: "unit", flip: true })).toBe(plain);
  const others = [
    await hash({ size: 8 }),
    await hash({ channels: 3 }),
    await hash({ classes: [1] }),
    await hash({}, digits(false)),
  ];
  expect(new Set([plain, ...others]).size).toBe(5);
});

test("grey images become three equal channels", async () => {
  const set = await load(digits(), { channels: 3 });
  expect(set.pixels.length).toBe(40 * 48);
  expect([...set.pixels.subarray(48, 96)]).toEqual(new Array(48).fill(1));
});

test("an unknown name is told with the names there are", async () => {
  await expect(load("minst")).rejects.toThrow(
    'There is no data set called "minst"; use strokes, mnist, fashion-mnist,',
  );
});

test("a file of another kind is told with the kinds there are", async () => {
  const path = join(temporaryFolder(), "notes.txt");
  writeFileSync(path, "hello");
  await expect(load(path)).rejects.toThrow(
    `${path} is not a data set that can be read`,
  );
});

test("more images than fit in memory are refused before any is made", async () => {
  await expect(
    loadImages(
      dataSettings("strokes", { size: 256, channels: 3 }),
      loadOptions(),
    ),
  ).rejects.toThrow(/needs 11.0 GiB of memory .* limit the number of images/);
});

test("what was cancelled before it began does nothing", async () => {
  const signal = AbortSignal.abort();
  await expect(
    loadImages(dataSettings("strokes"), loadOptions({ signal })),
  ).rejects.toMatchObject({ name: "AbortError" });
});
