import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { DataError } from "../../src/main/data/image-set";
import { loadImages } from "../../src/main/data/load";
import { dataSettings, loadOptions, temporaryFolder } from "./options";
import { idxImages, idxLabels } from "./idx-bytes";

/** Writes files, loads the folder at 4 pixels a side. */
function load(files: Record<string, Buffer>, path?: string) {
  const folder = temporaryFolder();
  for (const [name, bytes] of Object.entries(files))
    writeFileSync(join(folder, name), bytes);
  return loadImages(
    dataSettings(path ? join(folder, path) : folder, { size: 4 }),
    loadOptions(),
  );
}

const images = idxImages(3, 4, 4, (index) => index);
const labels = idxLabels([2, 0, 1]);

test("plain IDX images and labels are read in order", async () => {
  const set = await load({
    "train-images-idx3-ubyte": images,
    "train-labels-idx1-ubyte": labels,
  });
  expect(set.count).toBe(3);
  expect([...set.pixels]).toEqual(Array.from({ length: 48 }, (_, i) => i));
  expect([...(set.labels ?? [])]).toEqual([2, 0, 1]);
  expect(set.identity.classes).toEqual(["0", "1", "2"]);
});

test("gzip files and files without labels are read", async () => {
  const set = await load({ "x-images-idx3-ubyte.gz": gzipSync(images) });
  expect(set.count).toBe(3);
  expect(set.labels).toBeNull();
  expect(set.identity.classes).toBeNull();
});

test("the dotted names of other mirrors are read too", async () => {
  const set = await load({
    "train-images.idx3-ubyte": images,
    "train-labels.idx1-ubyte": labels,
  });
  expect(set.labels).not.toBeNull();
});

test("train is preferred over t10k where both are there", async () => {
  const set = await load({
    "t10k-images-idx3-ubyte": idxImages(2, 4, 4, () => 9),
    "train-images-idx3-ubyte": images,
  });
  expect(set.count).toBe(3);
  expect(set.identity.title).toMatch(/\(train\)$/);
});

test("the path of one images file chooses it and its labels", async () => {
  const set = await load(
    {
      "t10k-images-idx3-ubyte": idxImages(2, 4, 4, () => 9),
      "t10k-labels-idx1-ubyte": idxLabels([1, 1]),
      "train-images-idx3-ubyte": images,
    },
    "t10k-images-idx3-ubyte",
  );
  expect(set.count).toBe(2);
  expect([...(set.labels ?? [])]).toEqual([1, 1]);
});

test("a part that is neither trained on nor kept for judging is left out and said", async () => {
  const others = idxImages(2, 4, 4, () => 9);
  const set = await load({
    "train-images-idx3-ubyte": images,
    "t10k-images-idx3-ubyte": others,
    "more-images-idx3-ubyte": others,
  });
  expect(set.count).toBe(3);
  expect(set.warnings.join("\n")).toMatch(
    /^more in \S+ is left out: train is trained on and t10k kept for judging\.$/m,
  );
});

const bad: [string, Record<string, Buffer>, RegExp][] = [
  [
    "an empty file",
    { "train-images-idx3-ubyte": Buffer.alloc(0) },
    /train-images-idx3-ubyte is empty/,
  ],
  [
    "a wrong magic number",
    { "train-images-idx3-ubyte": labels },
    /train-images-idx3-ubyte is not an IDX file of images: it begins with 00000801/,
  ],
  [
    "a file that ends in its header",
    { "train-images-idx3-ubyte": images.subarray(0, 9) },
    /train-images-idx3-ubyte is cut off: it ends within its header/,
  ],
  [
    "missing pixels",
    { "train-images-idx3-ubyte": images.subarray(0, -1) },
    /train-images-idx3-ubyte is cut off: 3 x 4 x 4 needs 48 bytes but 47/,
  ],
  [
    "extra bytes",
    { "train-images-idx3-ubyte": Buffer.concat([images, Buffer.alloc(1)]) },
    /train-images-idx3-ubyte does not match its header/,
  ],
  [
    "no images",
    { "train-images-idx3-ubyte": idxImages(0, 4, 4, () => 0) },
    /train-images-idx3-ubyte declares 0 x 4 x 4 values/,
  ],
  [
    "a name in .gz that is not gzip",
    { "train-images-idx3-ubyte.gz": images },
    /train-images-idx3-ubyte.gz is not a gzip file although/,
  ],
  [
    "a gzip file that ends too early",
    { "train-images-idx3-ubyte.gz": gzipSync(images).subarray(0, -12) },
    /train-images-idx3-ubyte.gz is cut off/,
  ],
  [
    "a gzip file with a wrong checksum",
    { "train-images-idx3-ubyte.gz": withChangedByte(gzipSync(images), -6) },
    /train-images-idx3-ubyte.gz is damaged/,
  ],
  [
    "a gzip file that says it would grow to gigabytes",
    {
      "train-images-idx3-ubyte.gz": gzipSync(
        Buffer.concat([headerOf(3000, 1000, 1000), Buffer.alloc(3e6)]),
      ),
    },
    /train-images-idx3-ubyte.gz is refused: it would grow to 3000 MB, .* times its size/,
  ],
  [
    "a gzip file that would grow without saying so",
    {
      "train-images-idx3-ubyte.gz": gzipSync(
        Buffer.concat([images, Buffer.alloc(3e6)]),
      ),
    },
    /does not match its header: 3 x 4 x 4 needs 48 bytes but more are there/,
  ],
  [
    "several sets none of which is called train",
    { "a-images-idx3-ubyte": images, "b-images-idx3-ubyte": images },
    /holds several sets of images \(a, b\)/,
  ],
];

test.each(bad)(
  "%s gives one sentence with the name",
  async (_, files, text) => {
    const failure = load(files);
    await expect(failure).rejects.toBeInstanceOf(DataError);
    await expect(failure).rejects.toThrow(text);
  },
);

test("a gzip file of much data is unpacked into the cache, once", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "train-images-idx3-ubyte.gz");
  const many = Buffer.concat([headerOf(70, 1000, 1000), Buffer.alloc(70e6, 5)]);
  writeFileSync(path, gzipSync(many, { level: 1 }));
  const options = loadOptions();
  const set = await loadImages(dataSettings(path, { size: 4 }), options);
  expect(set.count).toBe(70);
  expect(new Set(set.pixels)).toEqual(new Set([5]));
  const cache = join(options.dataFolder, "cache");
  const [kept, ...others] = readdirSync(cache);
  expect(others).toEqual([]);
  const before = statSync(join(cache, kept));
  expect(before.size).toBe(many.length);
  await loadImages(dataSettings(path, { size: 4 }), options);
  expect(statSync(join(cache, kept)).ino).toBe(before.ino);
});

test.each([
  [
    "of another number",
    idxLabels([1]),
    /train-labels-idx1-ubyte has 1 labels for 3 images: left out\.$/,
  ],
  [
    "that are images",
    images,
    /train-labels-idx1-ubyte is not an IDX file of labels: .*: left out\.$/,
  ],
])("labels %s leave the images usable", async (_, content, warning) => {
  const set = await load({
    "train-images-idx3-ubyte": images,
    "train-labels-idx1-ubyte": content,
  });
  expect([set.count, set.labels]).toEqual([3, null]);
  expect(set.warnings.at(-1)).toMatch(warning);
});

test("a path that does not exist is named", async () => {
  const folder = join(temporaryFolder(), "nothing");
  await expect(loadImages(dataSettings(folder), loadOptions())).rejects.toThrow(
    `${folder} cannot be opened`,
  );
});

function headerOf(...extents: [number, number, number]): Buffer {
  const header = Buffer.alloc(16);
  [0x00000803, ...extents].forEach((value, index) =>
    header.writeUInt32BE(value, 4 * index),
  );
  return header;
}

function withChangedByte(bytes: Buffer, at: number): Buffer {
  const index = bytes.length + at;
  bytes[index] ^= 0xff;
  return bytes;
}
