import { expect, test } from "vitest";
import sharp from "sharp";
import type { LoadedImages } from "../../src/main/data/image-set";
import { loadImages } from "../../src/main/data/load";
import {
  describeImage,
  describeImages,
  drawPicture,
  parsePicture,
} from "../../src/main/data/preview";
import type { Picture } from "../../src/main/data/preview";
import { createPreviewer } from "../../src/main/data/previewer";
import { dataSettings, loadOptions } from "./options";

/** Image i is all of level 10 * i (in colour one more a channel), of class i mod 3. */
function set(count: number, channels: 1 | 3 = 1, size = 4): LoadedImages {
  const area = size * size;
  return {
    identity: { title: "Test", hash: "abc", count, classes: ["a", "b", "c"] },
    count,
    channels,
    size,
    pixels: Uint8Array.from({ length: count * channels * area }, (_, at) => {
      const plane = Math.floor(at / area);
      return 10 * Math.floor(plane / channels) + (plane % channels);
    }),
    labels: Uint16Array.from({ length: count }, (_, index) => index % 3),
    skipped: [],
    look: { height: 9, width: 7, channels, levels: oneLevel },
    warnings: ["Beware."],
  };
}

const oneLevel = Array.from({ length: 256 }, (_, level) =>
  level === 5 ? 63 : 0,
);

async function draw(images: LoadedImages, picture: Picture, seed = 1) {
  const png = await drawPicture(images, picture, seed);
  return sharp(png).raw().toBuffer({ resolveWithObject: true });
}

test("the facts count classes, levels and values", () => {
  const facts = describeImages(set(4), "unit");
  expect(facts.classes).toEqual([
    { name: "a", count: 2 },
    { name: "b", count: 1 },
    { name: "c", count: 1 },
  ]);
  expect(facts.histogram).toHaveLength(256);
  expect([0, 10, 20, 30].map((level) => facts.histogram[level])).toEqual([
    16, 16, 16, 16,
  ]);
  expect(facts.range.min).toBe(0);
  expect(facts.range.max).toBeCloseTo(30 / 255, 6);
  expect(facts.range.mean).toBeCloseTo(15 / 255, 6);
  expect(facts).toMatchObject({ count: 4, hash: "abc", skippedCount: 0 });
});

test("the report is that of the command line: grey levels before resizing", () => {
  expect(describeImages(set(4), "unit").report).toEqual({
    images: 4,
    height: 9,
    width: 7,
    channels: 1,
    classes: [
      { name: "a", count: 2 },
      { name: "b", count: 1 },
      { name: "c", count: 1 },
    ],
    min: 5,
    max: 5,
    mean: 5,
    levels: 1,
    heldOut: 0,
    skipped: [],
    warnings: ["Beware."],
  });
});

test("the histogram of a large set comes from images of its whole length", async () => {
  const images = await loadImages(dataSettings("strokes"), loadOptions());
  const { histogram, range } = describeImages(images, "symmetric");
  const counted = histogram.reduce((sum, count) => sum + count, 0);
  expect(counted).toBe(2000 * 784);
  expect(range).toMatchObject({ min: -1 });
});

test("one image tells its class and value scale", () => {
  expect(describeImage(set(4), 2, "symmetric")).toEqual({
    index: 2,
    label: "c",
    range: {
      min: expect.closeTo(40 / 255 - 1, 6) as number,
      max: expect.closeTo(40 / 255 - 1, 6) as number,
      mean: expect.closeTo(40 / 255 - 1, 6) as number,
    },
  });
});

test("one image is drawn pixel by pixel, in colour", async () => {
  const { data, info } = await draw(set(4, 3), { kind: "index", index: 3 });
  expect([info.width, info.height]).toEqual([4, 4]);
  expect([...data.subarray(0, 3)]).toEqual([30, 31, 32]);
});

test("the mean image is the mean of all", async () => {
  const { data } = await draw(set(5), { kind: "mean" });
  expect(data[0]).toBe(20);
});

test("random images fill a grid of up to 8 x 8, other ones for another seed", async () => {
  const images = set(25, 1, 4);
  const { info, data } = await draw(images, { kind: "random" }, 1);
  expect([info.width, info.height]).toEqual([46, 22]);
  const same = await draw(images, { kind: "random" }, 1);
  const other = await draw(images, { kind: "random" }, 2);
  expect(same.data.equals(data)).toBe(true);
  expect(other.data.equals(data)).toBe(false);
});

test("a class shows its own images only", async () => {
  const { info, data } = await draw(set(6), { kind: "class", label: 1 });
  expect(info.width).toBe(10);
  const levels = new Set([data[0], data[6 * info.channels]]);
  expect(levels).toEqual(new Set([10, 40]));
});

test("what is not there is told in one sentence", async () => {
  await expect(draw(set(2), { kind: "index", index: 9 })).rejects.toThrow(
    "Test has no image 9; its 2 images are numbered from 0.",
  );
  await expect(draw(set(2), { kind: "class", label: 2 })).rejects.toThrow(
    "Test holds no image of class 2",
  );
});

test.each([
  ["random", { kind: "random" }],
  ["mean", { kind: "mean" }],
  ["class:3", { kind: "class", label: 3 }],
  ["index:149", { kind: "index", index: 149 }],
  ["index:-1", null],
  ["class:", null],
  ["anything", null],
])("the address %s is read", (text, picture) => {
  expect(parsePicture(text)).toEqual(picture);
});

test("a previewer loads a set once for all its questions", async () => {
  let loads = 0;
  const previewer = createPreviewer((data) => {
    loads++;
    return loadImages(data, loadOptions());
  });
  const limit = { count: 20, pick: "first" as const };
  const data = dataSettings("strokes", { limit });
  await Promise.all([
    previewer.describe(data),
    previewer.describe({ ...data, range: "unit", flip: true }),
    previewer.draw(data, { kind: "mean" }, 1),
    previewer.describeImage(data, 3),
  ]);
  expect(loads).toBe(1);
  previewer.forget();
  await previewer.describe(data);
  expect(loads).toBe(2);
});

test("a previewer tries again after a failure", async () => {
  let loads = 0;
  const previewer = createPreviewer(() => {
    loads++;
    return loads === 1
      ? Promise.reject(new Error("no"))
      : Promise.resolve(set(2));
  });
  const data = dataSettings("strokes");
  await expect(previewer.describe(data)).rejects.toThrow("no");
  expect((await previewer.describe(data)).count).toBe(2);
});
