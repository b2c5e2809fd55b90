import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadImages } from "../../src/main/data/load";
import type { DataSettings } from "../../src/shared/settings/settings";
import { dataSettings, loadOptions, temporaryFolder } from "./options";

const folder = join(import.meta.dirname, "../fixtures/arrays");

const load = (name: string, changes: Partial<DataSettings> = {}) =>
  loadImages(
    dataSettings(join(folder, name), { size: 4, ...changes }),
    loadOptions(),
  );

/** As arrays.py makes them. */
const grey = Array.from({ length: 48 }, (_, at) => {
  const image = Math.floor(at / 16);
  return 80 * image + 5 * (at % 16);
});
const colour = [0, 1, 2].flatMap((image) =>
  [0, 5, 10].flatMap((more) =>
    grey.slice(16 * image, 16 * image + 16).map((level) => level + more),
  ),
);

test.each([
  "bytes.npy",
  "bytes-channel.npy",
  "flat.npy",
  "float32-unit.npy",
  "float64-symmetric.npy",
  "float32-levels.npy",
  "float32-big-endian.npy",
  "int64.npy",
  "version-2.npy",
  "named.npz",
  "keras.npz",
  "medmnist.npz",
  "positional.npz",
  "single.npz",
])("%s holds the three images", async (name) => {
  expect([...(await load(name)).pixels]).toEqual(grey);
});

test("half floats come out within a grey level", async () => {
  const { pixels } = await load("float16-unit.npy");
  pixels.forEach((level, at) => {
    expect(Math.abs(level - grey[at])).toBeLessThanOrEqual(1);
  });
});

test("truth values become black and white", async () => {
  expect([...(await load("boolean.npy")).pixels]).toEqual(
    grey.map((level) => (level > 100 ? 255 : 0)),
  );
});

test.each(["colour.npy", "colour-planar.npy"])(
  "%s gives colour planes",
  async (name) => {
    const set = await load(name, { channels: 3 });
    expect([...set.pixels]).toEqual(colour);
  },
);

test.each([
  "named.npz",
  "keras.npz",
  "medmnist.npz",
  "positional.npz",
  "bytes.npy",
])("%s brings its labels", async (name) => {
  const set = await load(name);
  expect([...(set.labels ?? [])]).toEqual([2, 0, 1]);
  expect(set.identity.classes).toEqual(["0", "1", "2"]);
});

test("chosen images are read alone", async () => {
  const set = await load("keras.npz", { classes: [0, 2] });
  expect([...set.pixels]).toEqual(grey.slice(0, 32));
  expect([...(set.labels ?? [])]).toEqual([2, 0]);
});

test.each([
  ["fortran.npy", /fortran.npy is in Fortran order; save numpy.ascontig/],
  ["wide.npy", /wide.npy holds values from 0 to 2350; scale them/],
  ["with-nan.npy", /with-nan.npy holds NaN in image 1/],
  ["complex.npy", /complex.npy holds <c8, which is not read/],
  ["four-channels.npy", /has the shape \(3, 4, 4, 4\), which is not a set of/],
  ["no-images.npy", /has the shape \(0, 4, 4\), so there is nothing in it/],
  ["unclear.npz", /which array holds the images \(cats \(3, 4, 4\), dogs/],
])("%s is refused in one sentence", async (name, text) => {
  await expect(load(name)).rejects.toMatchObject({ name: "DataError" });
  await expect(load(name)).rejects.toThrow(text);
});

test.each([
  ["nothing", Buffer.alloc(0), /a.npy is empty/],
  ["text", Buffer.from("0 1 2"), /a.npy is not a NumPy array/],
  ["a header cut off", whole().subarray(0, 60), /a.npy is cut off/],
  ["data cut off", whole().subarray(0, -1), /needs 48 bytes but 47 are there/],
])("%s under the name of an array is refused", async (_, bytes, text) => {
  const path = join(temporaryFolder(), "a.npy");
  writeFileSync(path, bytes);
  await expect(
    loadImages(dataSettings(path, { size: 4 }), loadOptions()),
  ).rejects.toThrow(text);
});

function whole(): Buffer {
  return readFileSync(join(folder, "bytes.npy"));
}
