import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import sharp from "sharp";
import { loadImages } from "../../src/main/data/load";
import { dataSettings, loadOptions, temporaryFolder } from "./options";

/** A 6 x 6 PNG of one grey level. */
function flat(level: number): Promise<Buffer> {
  return sharp({
    create: {
      width: 6,
      height: 6,
      channels: 3,
      background: { r: level, g: level, b: level },
    },
  })
    .png()
    .toBuffer();
}

async function folderOf(files: Record<string, number | string>) {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      typeof content === "number" ? await flat(content) : content,
    );
  }
  return folder;
}

const load = (folder: string, options = loadOptions(), changes = {}) =>
  loadImages(dataSettings(folder, { size: 4, ...changes }), options);

/** The grey level of each image. */
const levels = (set: { pixels: Uint8Array }) =>
  [...set.pixels].filter((_, index) => index % 16 === 0);

test("the images of a folder come sorted by name", async () => {
  const set = await load(
    await folderOf({ "b.png": 2, "a.png": 1, "c.PNG": 3 }),
  );
  expect(levels(set)).toEqual([1, 2, 3]);
  expect(set.labels).toBeNull();
  expect(set.identity.classes).toBeNull();
});

test("sub-folders are classes, however deep their images lie", async () => {
  const set = await load(
    await folderOf({
      "dogs/x.png": 30,
      "cats/young/a.png": 10,
      "cats/b.png": 20,
    }),
  );
  expect(set.identity.classes).toEqual(["cats", "dogs"]);
  expect(levels(set)).toEqual([20, 10, 30]);
  expect([...(set.labels ?? [])]).toEqual([0, 0, 1]);
});

test("a folder that all images share is no class", async () => {
  const folder = await folderOf({ "all/cats/a.png": 1, "all/dogs/b.png": 2 });
  expect((await load(folder)).identity.classes).toEqual(["cats", "dogs"]);
});

test.each([
  ["train", "val"],
  ["Train", "valid", "test"],
  ["all/training", "all/validation"],
])(
  "of %s and the like only the part to train on is taken, and no part is a class",
  async (train, ...others) => {
    const files: Record<string, number> = {
      [`${train}/cats/a.png`]: 1,
      [`${train}/dogs/b.png`]: 2,
    };
    for (const other of others) files[`${other}/cats/c.png`] = 3;
    const set = await load(await folderOf(files));
    expect(levels(set)).toEqual([1, 2]);
    expect(set.identity.classes).toEqual(["cats", "dogs"]);
    expect(set.identity.title).toMatch(/ \(train(ing)?\)$/i);
  },
);

test("folders of which some are no part are classes, and one part alone is just a folder", async () => {
  const classes = await load(
    await folderOf({ "train/a.png": 1, "bus/b.png": 2 }),
  );
  expect(classes.identity.classes).toEqual(["bus", "train"]);
  const alone = await load(
    await folderOf({ "test/a/x.png": 1, "test/b/y.png": 2 }),
  );
  expect(alone.identity.classes).toEqual(["a", "b"]);
  expect(alone.count).toBe(2);
});

test("pages and frames behind the first are counted and said", async () => {
  const frame = Buffer.alloc(4 * 4 * 3 * 5, 90);
  for (let i = 0; i < frame.length; i++) frame[i] = (i * 7) % 256;
  const strip = sharp(frame, {
    raw: { width: 4, height: 20, channels: 3, pageHeight: 4 },
  });
  const folder = await folderOf({ "plain.png": 1 });
  writeFileSync(join(folder, "a.gif"), await strip.gif().toBuffer());
  writeFileSync(join(folder, "b.webp"), await strip.webp().toBuffer());
  const set = await load(folder);
  expect(set.count).toBe(3);
  expect(set.warnings).toContain(
    "8 pages or frames behind the first of a.gif and 1 more are left out; save each as a picture of its own to train on it.",
  );
});

test.each([
  [
    "labels.csv",
    "filename,label\nb.png,dog\na.png,cat\n",
    ["cat", "dog"],
    [0, 1],
  ],
  [
    "train.csv",
    "id;class_name;note\nb;dog;x\n a;cat;y\n",
    ["cat", "dog"],
    [0, 1],
  ],
  [
    "list.tsv",
    "file_name\tlabel\nimages\\a.png\t1\n./images/b.png\t0\n",
    ["0", "1"],
    [1, 0],
  ],
  ["some.csv", "file,label\na.png,cat\n", ["(none)", "cat"], [1, 0]],
])(
  "classes come from %s beside the pictures",
  async (name, text, classes, labels) => {
    const folder = await folderOf({ "images/a.png": 1, "images/b.png": 2 });
    writeFileSync(join(folder, name), text);
    const set = await load(folder);
    expect(set.identity.classes).toEqual(classes);
    expect([...(set.labels ?? [])]).toEqual(labels);
    expect(set.warnings.join("\n")).toContain(
      `The classes are those of ${name} in`,
    );
  },
);

test.each([
  ["labels.csv", "filename,text\na.png,one\nb.png,other\n"],
  ["labels.csv", "filename,age,size\na.png,1,2\nb.png,1,2\n"],
  ["list_attr_celeba.txt", "2\nSmiling Young\na.png 1 -1\nb.png 1 1\n"],
])("%s that holds no classes is named: %j", async (name, text) => {
  const folder = await folderOf({ "images/a.png": 1, "images/b.png": 2 });
  writeFileSync(join(folder, name), text);
  const set = await load(folder);
  expect(set.identity.classes).toBeNull();
  expect(set.warnings.join("\n")).toContain(
    `${name} in ${folder} is not read: `,
  );
});

test("there are no classes where some image lies in no folder", async () => {
  const set = await load(await folderOf({ "a.png": 1, "dogs/b.png": 2 }));
  expect(set.count).toBe(2);
  expect(set.identity.classes).toBeNull();
});

test("hidden files, other files and linked folders are left alone", async () => {
  const folder = await folderOf({
    "a.png": 1,
    ".b.png": 2,
    "__MACOSX/._a.png": "x",
    ".git/c.png": 3,
    "notes.txt": "hello",
  });
  symlinkSync(folder, join(folder, "circle"));
  const set = await load(folder);
  expect(set.count).toBe(1);
  expect(set.skipped).toEqual([]);
});

test("unreadable images are listed with the reason and skipped with their labels", async () => {
  const set = await load(
    await folderOf({
      "a/1.png": 1,
      "a/2.png": "no image at all",
      "b/3.jpg": "",
      "b/4.png": 4,
    }),
  );
  expect(levels(set)).toEqual([1, 4]);
  expect([...(set.labels ?? [])]).toEqual([0, 1]);
  expect(set.identity.count).toBe(2);
  expect(set.skipped).toEqual([
    {
      file: "a/2.png",
      reason: "it is not a PNG, JPEG, WebP, GIF, BMP or TIFF image",
    },
    { file: "b/3.jpg", reason: "it is empty" },
  ]);
});

test("a folder without images says so", async () => {
  const folder = await folderOf({ "notes.txt": "hello" });
  await expect(load(folder)).rejects.toThrow(`${folder} holds no images`);
});

test("a folder of unreadable images only says why", async () => {
  const folder = await folderOf({ "a.png": "x", "b.png": "y" });
  await expect(load(folder)).rejects.toThrow(
    /None of the 2 images in .* could be read; the first is a.png: it is not a PNG/,
  );
});

test("colour images come as planes, grey ones when asked", async () => {
  const folder = temporaryFolder();
  const background = { r: 200, g: 100, b: 50 };
  await sharp({ create: { width: 4, height: 4, channels: 3, background } })
    .png()
    .toFile(join(folder, "a.png"));
  const colour = await load(folder, loadOptions(), { channels: 3 });
  expect([...colour.pixels]).toEqual([
    ...new Array<number>(16).fill(200),
    ...new Array<number>(16).fill(100),
    ...new Array<number>(16).fill(50),
  ]);
  const grey = await load(folder);
  expect([...grey.pixels]).toEqual(new Array<number>(16).fill(124));
});

test("a large photograph is shrunk on the way in", async () => {
  const folder = temporaryFolder();
  const background = { r: 90, g: 90, b: 90 };
  await sharp({
    create: { width: 3000, height: 2000, channels: 3, background },
  })
    .jpeg()
    .toFile(join(folder, "a.jpg"));
  expect(levels(await load(folder))).toEqual([90]);
});

test("the second start reads no image file", async () => {
  const folder = await folderOf({ "a/1.png": 1, "a/2.png": "x", "b/3.png": 3 });
  const options = loadOptions();
  const first = await load(folder, options);
  for (const name of ["a/1.png", "b/3.png"]) replaceContent(join(folder, name));
  const second = await load(folder, options);
  expect(second).toEqual(first);
});

test("a copy of the folder elsewhere uses the same decoded images", async () => {
  const folder = await folderOf({ "1.png": 1, "2.png": 2 });
  const options = loadOptions();
  await load(folder, options);
  const copy = join(temporaryFolder(), "copy");
  cpSync(folder, copy, { recursive: true, preserveTimestamps: true });
  await load(copy, options);
  expect(readdirSync(join(options.dataFolder, "cache"))).toHaveLength(1);
});

test("a changed file is decoded again", async () => {
  const folder = await folderOf({ "1.png": 1, "2.png": 2 });
  const options = loadOptions();
  await load(folder, options);
  writeFileSync(join(folder, "2.png"), await flat(77));
  utimesSync(join(folder, "2.png"), 1, 1);
  expect(levels(await load(folder, options))).toEqual([1, 77]);
});

test("another size or subset has a cache entry of its own", async () => {
  const folder = await folderOf({ "1.png": 1, "2.png": 2 });
  const options = loadOptions();
  await load(folder, options);
  await load(folder, options, { size: 5 });
  await load(folder, options, { limit: { count: 1, pick: "first" } });
  expect(readdirSync(join(options.dataFolder, "cache"))).toHaveLength(3);
});

test("two that want the same images at once decode them once", async () => {
  const folder = await folderOf({ "1.png": 1, "2.png": 2 });
  const options = loadOptions();
  const [one, other] = await Promise.all([
    load(folder, options),
    load(folder, options),
  ]);
  expect(other).toEqual(one);
  const decoding = options.progress.filter(
    ({ title, done }) => title.startsWith("Decoding") && done === 0,
  );
  expect(decoding).toHaveLength(1);
});

test.each([
  ["garbage", () => Buffer.from("garbage")],
  ["half of it", (entry: Buffer) => entry.subarray(0, entry.length / 2)],
  [
    "another last pixel",
    (entry: Buffer) =>
      entry.fill(entry[entry.length - 1] ^ 1, entry.length - 1),
  ],
])("a damaged cache entry is thrown away: %s", async (_, damaged) => {
  const folder = await folderOf({ "1.png": 1 });
  const options = loadOptions();
  const first = await load(folder, options);
  const cache = join(options.dataFolder, "cache");
  const entry = join(cache, readdirSync(cache)[0]);
  writeFileSync(entry, damaged(readFileSync(entry)));
  expect(await load(folder, options)).toEqual(first);
});

test("a cache that cannot be written does no harm", async () => {
  const folder = await folderOf({ "1.png": 1 });
  const options = loadOptions();
  writeFileSync(join(options.dataFolder, "cache"), "a file in its place");
  expect((await load(folder, options)).count).toBe(1);
});

test("decoding stops where it is cancelled", async () => {
  const folder = temporaryFolder();
  const image = await sharp({
    create: { width: 800, height: 800, channels: 3, background: "red" },
  })
    .jpeg()
    .toBuffer();
  writeFileSync(join(folder, "0.jpg"), image);
  for (let i = 1; i < 200; i++)
    copyFileSync(join(folder, "0.jpg"), join(folder, `${i}.jpg`));
  const controller = new AbortController();
  const options = loadOptions({ signal: controller.signal });
  setTimeout(() => {
    controller.abort();
  }, 50);
  await expect(load(folder, options)).rejects.toMatchObject({
    name: "AbortError",
  });
  expect(options.progress.at(-1)?.done ?? 0).toBeLessThan(200);
});

test("a folder that vanished is named", async () => {
  const folder = await folderOf({ "1.png": 1 });
  rmSync(folder, { recursive: true });
  await expect(load(folder)).rejects.toThrow(`${folder} cannot be opened`);
});

/** Other bytes of the same length and time. */
function replaceContent(path: string): void {
  const bytes = Buffer.alloc(statSync(path).size);
  const { atime, mtime } = statSync(path);
  writeFileSync(path, bytes);
  utimesSync(path, atime, mtime);
}
