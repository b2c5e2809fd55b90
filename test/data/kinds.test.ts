/** Inputs as other programs write them that went wrong once, one of each kind, made here. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import sharp from "sharp";
import { loadImages } from "../../src/main/data/load";
import { reportOn } from "../../src/main/data/report";
import { idxImages, idxLabels } from "./idx-bytes";
import * as array from "./npy-bytes";
import { dataSettings, loadOptions, temporaryFolder } from "./options";
import { tiff } from "./tiff-bytes";

/** Writes files below a new folder, and gives its path. */
function folderOf(files: Readonly<Record<string, Buffer | string>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return folder;
}

const fileOf = (name: string, content: Buffer) =>
  join(folderOf({ [name]: content }), name);

async function zipAt(name: string, files: Readonly<Record<string, Buffer>>) {
  const path = join(temporaryFolder(), name);
  await array.zipOf(path, files);
  return path;
}

const load = (path: string) =>
  loadImages(dataSettings(path, { size: 4 }), loadOptions());
const report = (path: string) => reportOn(path, loadOptions());

/** `count` images of 4 x 4 of the given values, over and over. */
const repeated = (count: number, values: readonly number[]) =>
  Array.from({ length: 16 * count }, (_, i) => values[i % values.length]);
const shape = (count: number) => [count, 4, 4];

const grey = repeated(
  6,
  [0, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200, 255],
);
const images = array.bytes(shape(6), grey);

function flat(level: number): Promise<Buffer> {
  const background = { r: level, g: level, b: level };
  return sharp({ create: { width: 4, height: 4, channels: 3, background } })
    .png()
    .toBuffer();
}

test("floats a rounding outside of 0 ... 1 keep black and white, and are counted", async () => {
  const path = fileOf(
    "a.npy",
    array.floats(shape(6), [-1e-7, 1, ...repeated(6, [0, 0.5, 1]).slice(2)]),
  );
  expect(await report(path)).toMatchObject({ min: 0, max: 255 });
  const { pixels, warnings } = await load(path);
  expect([...pixels.subarray(0, 6)]).toEqual([0, 255, 255, 0, 128, 255]);
  expect(warnings[0]).toMatch(
    /^1 of 96 values in .*a\.npy lies outside 0 \.\.\. 1 \(they go from -1e-7 to 1\) and is clamped to it\.$/,
  );
});

test.each([
  ["a rounding above 1", [0, 0.25, 1.0000001], "0 ... 1", [0, 64, 255]],
  [
    "a rounding beyond -1 and 1",
    [-1.000001, 0, 1.001],
    "-1 ... 1",
    [0, 128, 255],
  ],
  ["a rounding above 255", [0, 64, 255.0001], "0 ... 255", [0, 64, 255]],
])("floats %s lie in their range", async (_, values, range, levels) => {
  const path = fileOf("a.npy", array.floats(shape(3), repeated(3, values)));
  const { pixels, warnings } = await load(path);
  expect([...pixels.subarray(0, 3)]).toEqual(levels);
  expect(warnings[0]).toContain(`outside ${range} `);
});

test("what resampling overshoots by is clamped where it is rare", async () => {
  const values = repeated(8, [0.1, 0.5, 0.9]);
  values[5] = 1.06;
  const { pixels } = await load(
    fileOf("a.npy", array.floats(shape(8), values)),
  );
  expect([...pixels.subarray(3, 6)]).toEqual([26, 128, 255]);
});

test("dark floats on both sides of 0 are not black", async () => {
  const values = repeated(8, [-0.09, 0, 0.09]);
  const { pixels } = await load(
    fileOf("a.npy", array.floats(shape(8), values)),
  );
  expect([...pixels.subarray(0, 3)]).toEqual([116, 128, 139]);
});

test.each([
  ["normalised by their deviation", [-0.4242, 0, 2.8215]],
  ["infinite", [0, 0.5, Infinity]],
  ["in the thousands", [0, 100, 2350]],
])("floats that are %s are refused with their range", async (_, values) => {
  const path = fileOf("a.npy", array.floats(shape(3), repeated(3, values)));
  await expect(load(path)).rejects.toThrow(
    /a\.npy holds values from .*; scale/,
  );
});

test("whole numbers 0 and 1 are black and white, and said", async () => {
  const values = repeated(6, [0, 1, 1]);
  for (const content of [
    array.bytes(shape(6), values),
    array.integers(shape(6), values),
  ]) {
    const { pixels, warnings } = await load(fileOf("a.npy", content));
    expect([...pixels.subarray(0, 3)]).toEqual([0, 255, 255]);
    expect(warnings[0]).toMatch(
      /only whole numbers from 0 to 1: 0 .* black and 1/,
    );
    expect(warnings[1]).toMatch(/use only two of 256 grey levels, 0 and 255/);
  }
});

test("black images are black, and only that is said", async () => {
  const path = fileOf("a.npy", array.bytes(shape(6), repeated(6, [0])));
  expect((await load(path)).warnings).toEqual([
    "Every pixel has the grey level 0, so there is nothing to learn.",
  ]);
});

test("IDX files of 0 and 1 are black and white too", async () => {
  const folder = folderOf({
    "train-images-idx3-ubyte": idxImages(3, 4, 4, (index) => index % 2),
  });
  expect([...(await load(folder)).pixels.subarray(0, 2)]).toEqual([0, 255]);
});

test("16-bit arrays reach from black to white", async () => {
  const data = Buffer.from(
    Uint16Array.from(repeated(3, [0, 257 * 99, 65535])).buffer,
  );
  const path = fileOf(
    "a.npy",
    array.npy({ descr: "<u2", shape: shape(3), data }),
  );
  const { pixels, warnings } = await load(path);
  expect([...pixels.subarray(0, 3)]).toEqual([0, 99, 255]);
  expect(warnings[0]).toMatch(/16-bit numbers up to 65535/);
});

test("a sliver of the grey levels is warned of, single strays or not", async () => {
  const values = repeated(800, [2, 3, 4]);
  values[77] = 255;
  const { warnings } = await load(
    fileOf("a.npy", array.bytes(shape(800), values)),
  );
  expect(warnings).toEqual([
    "Nearly all pixels lie between the grey levels 2 and 4 of 0 ... 255, so the images have hardly any contrast; if that is not meant, scale them before saving.",
  ]);
  expect((await load(fileOf("a.npy", images))).warnings).toEqual([]);
});

test.each([
  ["in colour", [32, 32, 3]],
  ["with transparency", [20, 30, 4]],
  ["in grey", [28, 28]],
])("one picture %s given as an array of images is refused", async (_, one) => {
  const length = one.reduce((product, extent) => product * extent, 1);
  const path = fileOf(
    "a.npy",
    array.bytes(one, new Array<number>(length).fill(9)),
  );
  await expect(load(path)).rejects.toThrow(
    `a.npy has the shape (${one.join(", ")}), which is one picture, not a set of them`,
  );
});

test("one picture in planes is told from a set", async () => {
  const path = fileOf(
    "a.npy",
    array.bytes([3, 8, 8], repeated(12, [0, 99, 255])),
  );
  expect((await load(path)).warnings[0]).toMatch(
    /\(3, 8, 8\) and is read as 3 grey images; a single picture is not a set/,
  );
});

test("float TIFFs are read as arrays are, one decision for all of them", async () => {
  const folder = folderOf({
    "bright.tif": tiff(4, 4, 3, 32, repeated(1, [0, 0.5, 1])),
    "dark.tiff": tiff(4, 4, 3, 32, repeated(1, [0, 0.1, 0.2])),
    "whole.png": await flat(77),
  });
  const { pixels, skipped, warnings } = await load(folder);
  expect([...pixels.subarray(0, 3)]).toEqual([0, 128, 255]);
  expect([...pixels.subarray(16, 19)]).toEqual([0, 26, 51]);
  expect(pixels[32]).toBe(77);
  expect([skipped, warnings]).toEqual([[], []]);
});

test.each([
  ["floats from -1 to 1", 3, 32, [-1, 0, 1], [0, 128, 255]],
  ["floats up to 255", 3, 32, [0, 99.6, 255], [0, 100, 255]],
  ["32-bit numbers", 1, 32, [0, 99, 255], [0, 99, 255]],
  ["32-bit numbers 0 and 1", 2, 32, [0, 1, 1], [0, 255, 255]],
  ["16-bit numbers", 1, 16, [0, 257 * 99, 65535], [0, 99, 255]],
] as const)("TIFFs of %s", async (_, format, bits, values, levels) => {
  const folder = folderOf({
    "a.tif": tiff(4, 4, format, bits, repeated(1, values)),
  });
  expect([...(await load(folder)).pixels.subarray(0, 3)]).toEqual(levels);
});

test.each([
  ["floats in the thousands", 3, 32, [0, 100, 2350], /values from 0 to 2350/],
  ["NaN", 3, 32, [0, NaN, 1], /it holds NaN/],
  ["64-bit floats", 3, 64, [0, 0.5, 1], /64-bit floats/],
  ["16-bit floats", 3, 16, [0, 0.5, 1], /16-bit floats/],
] as const)(
  "a TIFF of %s is listed, not black",
  async (_, format, bits, values, reason) => {
    const content =
      bits === 16
        ? tiff16(repeated(1, [0, 0x3800, 0x3c00]))
        : tiff(4, 4, format, bits, repeated(1, values));
    const folder = folderOf({ "a.tif": content, "b.png": await flat(5) });
    const { count, skipped } = await load(folder);
    expect(count).toBe(1);
    expect(skipped).toMatchObject([{ file: "a.tif" }]);
    expect(skipped[0].reason).toMatch(reason);
  },
);

/** Half floats as their bits. */
function tiff16(bits: readonly number[]): Buffer {
  const content = tiff(4, 4, 1, 16, bits);
  content.writeUInt16LE(3, content.length - 8);
  return content;
}

test("labels in a file beside that of the images are found, as KMNIST's", async () => {
  const folder = temporaryFolder();
  const at = (name: string) => join(folder, name);
  await array.zipOf(at("k-train-imgs.npz"), { "arr_0.npy": images });
  await array.zipOf(at("k-train-labels.npz"), {
    "arr_0.npy": array.bytes([6], [3, 1, 3, 1, 0, 2]),
  });
  const { labels, identity } = await load(at("k-train-imgs.npz"));
  expect(labels && [...labels]).toEqual([3, 1, 3, 1, 0, 2]);
  expect(identity.classes).toEqual(["0", "1", "2", "3"]);
});

test("an array that may count its images last is warned of", async () => {
  const path = fileOf("a.npy", array.bytes([4, 4, 9], repeated(9, grey)));
  expect((await load(path)).warnings).toContain(
    "a.npy is read as 4 images of 4 x 9; if it holds 9 images of 4 x 4, save it as (N, H, W).",
  );
});

test("a pickled array beside the images is left out and said", async () => {
  const path = await zipAt("a.npz", {
    "imgs.npy": images,
    "metadata.npy": array.pickled(1),
    "latents_values.npy": array.floats([6, 2], repeated(1, [1]).slice(4)),
  });
  const { count, labels, warnings } = await load(path);
  expect([count, labels]).toEqual([6, null]);
  expect(warnings).toEqual([
    `metadata (pickled Python objects), latents_values (6, 2) in ${path} are left out.`,
  ]);
});

const labelKinds: [string, Buffer, string[], number[]][] = [
  [
    "text",
    array.texts(["cat", "dog", "cat", "dog", "ox", "cat"]),
    ["cat", "dog", "ox"],
    [0, 1, 0, 1, 2, 0],
  ],
  [
    "one-hot rows",
    array.floats(
      [6, 3],
      [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 1],
    ),
    ["0", "1", "2"],
    [0, 1, 2, 0, 0, 2],
  ],
  [
    "a column",
    array.integers([6, 1], [0, 2, 1, 0, 0, 0]),
    ["0", "1", "2"],
    [0, 2, 1, 0, 0, 0],
  ],
  [
    "floats without fractions",
    array.floats([6], [0, 2, 1, 0, 0, 0]),
    ["0", "1", "2"],
    [0, 2, 1, 0, 0, 0],
  ],
  [
    "-1 for none",
    array.integers([6], [-1, 0, 1, -1, 7, 0]),
    ["-1", "0", "1", "7"],
    [0, 1, 2, 0, 3, 1],
  ],
];

test.each(labelKinds)("labels as %s", async (_, content, classes, labels) => {
  const path = await zipAt("a.npz", {
    "images.npy": images,
    "labels.npy": content,
  });
  const set = await load(path);
  expect(set.identity.classes).toEqual(classes);
  expect([...(set.labels ?? [])]).toEqual(labels);
  expect(set.warnings).toEqual([]);
});

test.each([
  ["objects", array.pickled(6), "holds pickled Python objects"],
  [
    "fractions",
    array.floats([6], [0.5, 0, 0, 0, 0, 0]),
    "holds no whole numbers",
  ],
  [
    "rows of several",
    array.integers([6, 2], repeated(1, [1]).slice(4)),
    "has 2 numbers an image that are not one-hot",
  ],
  [
    "another number of them",
    array.integers([5], [0, 0, 0, 0, 0]),
    "has the shape (5,) for 6 images",
  ],
  [
    "-1 throughout",
    array.integers([6], [-1, -1, -1, -1, -1, -1]),
    "says -1 for every image",
  ],
  ["a damaged array", images.subarray(0, 40), "is cut off; save it again"],
])("labels that are %s leave the images usable", async (_, content, why) => {
  const path = await zipAt("a.npz", {
    "images.npy": images,
    "labels.npy": content,
  });
  const { count, labels, identity, warnings } = await load(path);
  expect([count, labels, identity.classes]).toEqual([6, null, null]);
  expect(warnings).toEqual([`${path} (labels) ${why}: left out.`]);
});

test("an array that Python 2 wrote is read", async () => {
  const header =
    "{'descr': '|u1', 'fortran_order': False, 'shape': (6L, 4L, 4L), }";
  const data = Buffer.from(grey);
  const path = fileOf(
    "a.npy",
    array.npy({ descr: "", shape: [], data }, header),
  );
  expect([...(await load(path)).pixels]).toEqual(grey);
});

test("folders with the names of files are no files", async () => {
  const digits = idxImages(12, 4, 4, (index) => index % 250);
  const labels = idxLabels([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
  const folder = folderOf({
    "train-images-idx3-ubyte/train-images-idx3-ubyte": digits,
    "train-labels-idx1-ubyte/train-labels-idx1-ubyte": labels,
    "train-images.idx3-ubyte": digits,
    "train-labels.idx1-ubyte": labels,
    "a-labels.npy/read.me": "",
    "a.npy": images,
  });
  for (const path of [folder, join(folder, "train-images.idx3-ubyte")]) {
    const set = await load(path);
    expect(set.count).toBe(12);
    expect(set.identity.classes).toEqual(["0", "1"]);
  }
  expect((await load(join(folder, "a.npy"))).count).toBe(6);
});

test("IDX files in folders of their own names find each other", async () => {
  const folder = folderOf({
    "train-images-idx3-ubyte/train-images-idx3-ubyte": idxImages(
      2,
      4,
      4,
      () => 9,
    ),
    "train-labels-idx1-ubyte/train-labels-idx1-ubyte": idxLabels([4, 2]),
  });
  expect([...((await load(folder)).labels ?? [])]).toEqual([4, 2]);
});

const mnist = {
  "train-images-idx3-ubyte": idxImages(5, 4, 4, (index) => index),
  "train-images-idx3-ubyte.gz": Buffer.from("not looked at"),
  "train-labels-idx1-ubyte": idxLabels([1, 2, 3, 4, 0]),
  "t10k-images-idx3-ubyte": idxImages(2, 4, 4, () => 9),
  "t10k-labels-idx1-ubyte": idxLabels([1, 1]),
};

test("torchvision's MNIST/raw is found from above, with its test part", async () => {
  const raw = Object.fromEntries(
    Object.entries(mnist).map(([name, content]) => [
      `MNIST/raw/${name}`,
      content,
    ]),
  );
  const folder = folderOf(raw);
  for (const path of [
    folder,
    join(folder, "MNIST"),
    join(folder, "MNIST/raw"),
  ]) {
    const { count, labels, identity } = await load(path);
    expect([count, labels?.length]).toEqual([5, 5]);
    expect(identity.heldOut).toEqual({ count: 2, from: "test part" });
  }
});

test("two data sets of torchvision in one folder are told apart", async () => {
  const one = mnist["train-images-idx3-ubyte"];
  const folder = folderOf({
    "MNIST/raw/train-images-idx3-ubyte": one,
    "FashionMNIST/raw/train-images-idx3-ubyte": one,
  });
  await expect(load(folder)).rejects.toThrow(
    /several data sets \(in FashionMNIST\/raw and MNIST\/raw\); give the path/,
  );
});

test("EMNIST's -train and -test in a ZIP of gzip files", async () => {
  const path = await zipAt("gzip.zip", {
    "gzip/emnist-letters-train-images-idx3-ubyte.gz": gzipSync(
      idxImages(3, 4, 4, (i) => i),
    ),
    "gzip/emnist-letters-train-labels-idx1-ubyte.gz": gzipSync(
      idxLabels([1, 26, 5]),
    ),
    "gzip/emnist-letters-test-images-idx3-ubyte.gz": gzipSync(
      idxImages(2, 4, 4, () => 1),
    ),
    "gzip/emnist-letters-mapping.txt": Buffer.from("1 65 97\n"),
  });
  const { count, labels, identity } = await load(path);
  expect(count).toBe(3);
  expect([...(labels ?? [])]).toEqual([1, 26, 5]);
  expect(identity.title).toBe("gzip.zip (emnist-letters-train)");
  expect(identity.heldOut).toEqual({ count: 2, from: "test part" });
});

test("QMNIST's labels are the first of eight numbers", async () => {
  const rows = Buffer.alloc(12 + 2 * 32);
  [0x00000c02, 2, 8].forEach((value, at) => rows.writeUInt32BE(value, 4 * at));
  rows.writeInt32BE(7, 12);
  rows.writeInt32BE(3, 12 + 32);
  const folder = folderOf({
    "qmnist-train-images-idx3-ubyte": idxImages(2, 4, 4, (i) => i),
    "qmnist-train-labels-idx2-int": rows,
  });
  expect([...((await load(folder)).labels ?? [])]).toEqual([7, 3]);
});

/** Four images in two shards, as StyleGAN's dataset_tool.py writes them. */
async function shards() {
  return {
    "00000/img00000000.png": await flat(10),
    "00000/img00000001.png": await flat(150),
    "00001/img00000002.png": await flat(10),
    "00001/img00000003.png": await flat(200),
  };
}

test("StyleGAN's dataset.json gives the labels, not its shards", async () => {
  const labels = Object.keys(await shards()).map((name, i) => [
    name,
    i % 2 ? 5 : 3,
  ]);
  const list = Buffer.from(JSON.stringify({ labels }));
  const path = await zipAt("a.zip", {
    ...(await shards()),
    "dataset.json": list,
  });
  const set = await load(path);
  expect([...(set.labels ?? [])]).toEqual([3, 5, 3, 5]);
  expect(set.warnings).toEqual([]);
  const folder = folderOf({ ...(await shards()), "dataset.json": list });
  expect([...((await load(folder)).labels ?? [])]).toEqual([3, 5, 3, 5]);
});

test.each([
  ["missing", null, null],
  [
    "broken",
    "{ labels: ",
    /^.*: dataset\.json cannot be read \(.*\): left out\.$/,
  ],
  [
    "without labels",
    '{"labels": null}',
    /dataset\.json has no labels: left out/,
  ],
  ["of other files", '{"labels": [["x.png", 1]]}', /names none of the images/],
  [
    "of another form",
    '{"labels": {"x.png": 1}}',
    /does not hold a list of files/,
  ],
])(
  "where dataset.json is %s shards are no classes",
  async (_, list, warning) => {
    const files = await shards();
    const folder = folderOf(
      list === null ? files : { ...files, "dataset.json": list },
    );
    const { count, identity, warnings } = await load(folder);
    expect([count, identity.classes]).toEqual([4, null]);
    expect(warnings.length).toBe(warning ? 1 : 0);
    if (warning) expect(warnings[0]).toMatch(warning);
  },
);

test("a dataset.json of another program or a folder of that name leaves folders classes", async () => {
  const animals = { "cats/a.png": await flat(9), "dogs/b.png": await flat(99) };
  const others: Record<string, string>[] = [
    { "dataset.json": '{"name": "animals"}' },
    { "dataset.json/read.me": "" },
  ];
  for (const other of others) {
    const set = await load(folderOf({ ...animals, ...other }));
    expect(set.identity.classes).toEqual(["cats", "dogs"]);
    expect(set.warnings).toEqual([
      "The images use only two of 256 grey levels, 9 and 99: black and white without any grey.",
    ]);
  }
});

test("file names that are not UTF-8 are read and told apart", async () => {
  const folder = temporaryFolder();
  const place = (bytes: string) =>
    Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(bytes, "latin1")]);
  mkdirSync(place("caf\xe9"));
  writeFileSync(place("caf\xe9/1.png"), await flat(40));
  mkdirSync(place("bar"));
  writeFileSync(place("bar/\xff\xfe.png"), await flat(80));
  const set = await load(folder);
  expect(set.identity.classes).toEqual(["bar", "café"]);
  expect([set.pixels[0], set.pixels[16]]).toEqual([80, 40]);
});

test("the reason why an image is unreadable is its own, each time", async () => {
  const whole = await flat(50);
  const noise = await sharp(
    Buffer.from(
      Array.from({ length: 3 * 64 * 64 }, (_, i) => (i * 7919) % 256),
    ),
    { raw: { width: 64, height: 64, channels: 3 } },
  )
    .jpeg()
    .toBuffer();
  const broken = Buffer.from(whole);
  broken[broken.indexOf("IDAT") + 8] ^= 0xff;
  const files: Record<string, Buffer> = {};
  const expected: Record<string, string> = {};
  for (let i = 10; i < 40; i++) {
    files[`${i}-whole.png`] = whole;
    files[`${i}-cut.png`] = whole.subarray(0, 60);
    files[`${i}-cut.jpg`] = noise.subarray(0, 900);
    files[`${i}-changed.png`] = broken;
    expected[`${i}-cut.png`] = "it is cut off";
    expected[`${i}-cut.jpg`] = "it is cut off";
    expected[`${i}-changed.png`] =
      "it is damaged (the checksum of its IDAT is wrong)";
  }
  for (let round = 0; round < 5; round++) {
    const { skipped } = await load(folderOf(files));
    const reasons = skipped.map(({ file, reason }) => [file, reason]);
    expect(Object.fromEntries(reasons)).toEqual(expected);
  }
});

const note = Buffer.from(
  `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 1234567\n`,
);
const isNote = `is Git LFS's note of where the file is, not the file; get it with "git lfs pull"`;

test.each([
  "digits.npy",
  "digits.npz",
  "digits.zip",
  "train-images-idx3-ubyte",
  "train-images-idx3-ubyte.gz",
])("a note of Git LFS called %s is refused as that", async (name) => {
  const path = fileOf(name, note);
  await expect(load(path)).rejects.toThrow(`${path} ${isNote}.`);
});

test("notes of Git LFS among pictures are left out as that, and alone are refused as that", async () => {
  const mixed = { "a.png": await flat(9), "b.png": await flat(99) };
  const { skipped } = await load(folderOf({ ...mixed, "c.jpg": note }));
  expect(skipped).toEqual([{ file: "c.jpg", reason: `it ${isNote}` }]);
  await expect(load(folderOf({ "a.png": note }))).rejects.toThrow(
    `the first is a.png: it ${isNote}.`,
  );
});

test("labels that are notes of Git LFS are left out as that", async () => {
  const arrays = { "a.npy": images, "a-labels.npy": note };
  const idx = {
    "train-images-idx3-ubyte": idxImages(2, 4, 4, (index) => 9 * (index % 16)),
    "train-labels-idx1-ubyte.gz": note,
  };
  const listed = { "a.png": await flat(9), "dataset.json": note };
  for (const [files, name] of [
    [arrays, "a.npy"],
    [idx, ""],
    [listed, ""],
  ] as const) {
    const set = await load(join(folderOf(files), name));
    expect(set.identity.classes).toBeNull();
    expect(set.warnings.join("\n")).toContain(`${isNote}: left out.`);
  }
});

test.each([
  [
    "-0.5 ... 0.5",
    [-0.5, 0, 0.5],
    /values from -0\.5 to 0\.5, which are read as -1 \.\.\. 1/,
  ],
  [
    "per cent",
    [0, 50, 100],
    /values from 0 to 100, which are read as 0 \.\.\. 255/,
  ],
])(
  "floats of %s are warned of: half of the levels are unused",
  async (_, values, expected) => {
    const path = fileOf("a.npy", array.floats(shape(6), repeated(6, values)));
    expect((await report(path)).warnings.join()).toMatch(expected);
  },
);

test("a value just outside of the range is told with its last digits", async () => {
  const values = repeated(8, [-1, 0, 1]);
  values[5] = 1 + 2 ** -20;
  const path = fileOf("a.npy", array.floats(shape(8), values));
  expect((await report(path)).warnings[0]).toContain(
    "(they go from -1 to 1.00000095)",
  );
});

test("an array without a dimension is no picture", async () => {
  const path = fileOf("a.npy", array.bytes([], [7]));
  await expect(load(path)).rejects.toThrow(
    "has the shape (), which is not a set of images",
  );
});

test("pictures are in colours where a pixel is, not where a file has three channels", async () => {
  const channels = { channels: 3 as const, width: 4, height: 4 };
  const red = await sharp({
    create: { ...channels, background: { r: 90, g: 0, b: 0 } },
  })
    .png()
    .toBuffer();
  const grey = { "a.png": await flat(9), "b.png": await flat(99) };
  expect((await report(folderOf(grey))).channels).toBe(1);
  expect((await report(folderOf({ ...grey, "c.png": red }))).channels).toBe(3);
});

test("pictures of kinds that are not read are told, and so is what lies there instead of any", async () => {
  const others = {
    "b.heic": "x",
    "c.SVG": "<svg/>",
    "d.heic": "y",
    "e.txt": "",
  };
  const some = folderOf({ "a.png": await flat(9), ...others });
  expect((await report(some)).warnings).toContain(
    `${some} holds pictures of kinds that are not read (2 .heic, 1 .svg): left out.`,
  );
  const none = folderOf({ "s1/1.pgm": "P5", "s1/2.pgm": "P5", README: "" });
  await expect(report(none)).rejects.toThrow(
    `${none} holds no images that can be read (but 2 .pgm, 1 other); give a folder`,
  );
});

test("parts that become classes because of what lies beside them are told", async () => {
  const png = await flat(9);
  const files = { "train/a/1.png": png, "test/1.png": png, "extra/1.png": png };
  expect((await report(folderOf(files))).warnings).toContain(
    "The folders test and train are taken as classes, because extra lies beside them; give the path of the one to train on.",
  );
});

test("a reason that is a sentence of its own ends once", async () => {
  const values = repeated(1, [0, 70_000, 90_000]);
  const path = folderOf({ "a.tif": tiff(4, 4, 1, 32, values) });
  await expect(load(path)).rejects.toThrow(/before saving\.$/);
});
