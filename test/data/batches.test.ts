import { expect, test } from "vitest";
import { createBatchReader } from "../../src/main/data/batches";
import type { ImageSet } from "../../src/main/data/image-set";
import { Random } from "../../src/shared/random";

function imageSet(count: number, channels: 1 | 3, size: number): ImageSet {
  const length = count * channels * size * size;
  return {
    identity: { title: "Test", hash: "", count, classes: null },
    count,
    channels,
    size,
    pixels: Uint8Array.from({ length }, (_, i) => (i * 37) % 256),
    labels: null,
    skipped: [],
  };
}

function read(
  images: ImageSet,
  indices: number[],
  range: "unit" | "symmetric",
  flip = false,
): Float32Array {
  const length = images.channels * images.size ** 2;
  const target = new Float32Array(indices.length * length);
  createBatchReader(images, { range, flip }).fill(
    target,
    Uint32Array.from(indices),
    Random.fromSeed(7, "flips"),
  );
  return target;
}

/** Sizes whose images fill whole words or not, with and without a remainder of the unrolled loop. */
test.each([1, 3, 4, 6, 28])(
  "images of %i pixels a side come in the order asked, in [-1, 1]",
  (size) => {
    const images = imageSet(5, 3, size);
    const length = 3 * size * size;
    const batch = read(images, [4, 0, 2], "symmetric");
    const expected = [4, 0, 2].flatMap((index) =>
      [...images.pixels.subarray(index * length, (index + 1) * length)].map(
        (level) => Math.fround((Math.fround(level / 255) - 0.5) / 0.5),
      ),
    );
    expect([...batch]).toEqual(expected);
  },
);

test("the unit range goes from 0 to 1", () => {
  const images = imageSet(1, 1, 16);
  expect([...read(images, [0], "unit")]).toEqual(
    [...images.pixels].map((level) => Math.fround(level / 255)),
  );
});

test("a target that does not lie on eight bytes is filled too", () => {
  const images = imageSet(2, 1, 4);
  const whole = new Float32Array(17);
  createBatchReader(images, { range: "unit", flip: false }).fill(
    whole.subarray(1),
    Uint32Array.of(1),
    Random.fromSeed(7, "flips"),
  );
  expect([...whole.subarray(1)]).toEqual([...read(images, [1], "unit")]);
});

test("flipping mirrors about half of the images, each row in itself", () => {
  const images = imageSet(1, 3, 4);
  const straight = [...read(images, [0], "unit")];
  const mirrored = Array.from({ length: 12 }, (_, row) =>
    straight.slice(4 * row, 4 * row + 4).reverse(),
  ).flat();
  const many = read(images, new Array<number>(200).fill(0), "unit", true);
  let flipped = 0;
  for (let i = 0; i < 200; i++) {
    const image = [...many.subarray(48 * i, 48 * (i + 1))];
    if (image[0] === mirrored[0]) flipped++;
    expect(image).toEqual(image[0] === mirrored[0] ? mirrored : straight);
  }
  expect(flipped).toBeGreaterThan(70);
  expect(flipped).toBeLessThan(130);
});

test.each([false, true])("bytes are the same images, flipped: %s", (flip) => {
  const images = imageSet(5, 3, 6);
  const indices = Uint32Array.from({ length: 40 }, (_, i) => (i * 3) % 5);
  const levels = new Uint8Array(40 * 108);
  const reader = createBatchReader(images, { range: "unit", flip });
  const flips = Random.fromSeed(7, "flips");
  reader.fillBytes(levels, indices, flips);
  expect(Array.from(levels, (level) => Math.fround(level / 255))).toEqual([
    ...read(images, [...indices], "unit", flip),
  ]);
  expect(flips.state).toEqual(stateAfter(flip ? 40 : 0));
});

function stateAfter(draws: number) {
  const flips = Random.fromSeed(7, "flips");
  for (let i = 0; i < draws; i++) flips.uint32();
  return flips.state;
}

test("chance is only used where flipping is on", () => {
  const flips = Random.fromSeed(7, "flips");
  const before = flips.state;
  createBatchReader(imageSet(1, 1, 4), { range: "unit", flip: false }).fill(
    new Float32Array(16),
    Uint32Array.of(0),
    flips,
  );
  expect(flips.state).toEqual(before);
});
