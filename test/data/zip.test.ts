import { createWriteStream, readFileSync, writeFileSync } from "node:fs";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { expect, test } from "vitest";
import sharp from "sharp";
import { ZipFile } from "yazl";
import { loadImages } from "../../src/main/data/load";
import { dataSettings, loadOptions, temporaryFolder } from "./options";

type Files = Record<string, Buffer>;

async function archiveOf(files: Files, mode = 0o100644): Promise<string> {
  const path = join(temporaryFolder(), "pictures.zip");
  const zip = new ZipFile();
  for (const [name, bytes] of Object.entries(files))
    zip.addBuffer(bytes, name, { mode });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

const load = (path: string, options = loadOptions()) =>
  loadImages(dataSettings(path, { size: 4 }), options);

const flat = (level: number) =>
  sharp(Buffer.alloc(16, level), { raw: { width: 4, height: 4, channels: 1 } })
    .png()
    .toBuffer();

const levels = (set: { pixels: Uint8Array }) =>
  [...set.pixels].filter((_, index) => index % 16 === 0);

test("a ZIP reads like the folder it holds", async () => {
  const path = await archiveOf({
    "set/dogs/b.png": await flat(3),
    "set/cats/a.png": await flat(1),
    "set/cats/bad.png": Buffer.from("x"),
    "set/readme.txt": Buffer.from("hello"),
    "__MACOSX/set/cats/._a.png": Buffer.from("x"),
  });
  const set = await load(path);
  expect(levels(set)).toEqual([1, 3]);
  expect(set.identity.classes).toEqual(["cats", "dogs"]);
  expect(set.skipped.map(({ file }) => file)).toEqual(["set/cats/bad.png"]);
});

test("decoded images of a ZIP are cached by its content, wherever it lies", async () => {
  const files = { "a.png": await flat(1) };
  const options = loadOptions();
  await load(await archiveOf(files), options);
  await load(await archiveOf(files), options);
  expect(readdirSync(join(options.dataFolder, "cache"))).toHaveLength(1);
});

test("links in an archive are not followed", async () => {
  const path = await archiveOf({ "a.png": await flat(1) }, 0o120777);
  await expect(load(path)).rejects.toThrow(/holds no images/);
});

test("an archive without images says so", async () => {
  const path = await archiveOf({ "a.txt": Buffer.from("x") });
  await expect(load(path)).rejects.toThrow(/pictures.zip holds no images/);
});

test("a file that is no archive is named", async () => {
  const path = join(temporaryFolder(), "pictures.zip");
  writeFileSync(path, "not a ZIP");
  await expect(load(path)).rejects.toThrow(
    /pictures.zip is not a ZIP archive that can be read/,
  );
});

test("a name that leaves the archive refuses all of it", async () => {
  const path = await archiveOf({ "aa/bb.png": await flat(1) });
  rewrite(path, "aa/bb.png", "../bb.png");
  await expect(load(path)).rejects.toThrow(/is refused: invalid relative path/);
});

test("an absolute name refuses all of it", async () => {
  const path = await archiveOf({ "aa/bb.png": await flat(1) });
  rewrite(path, "aa/bb.png", "/a/bb.png");
  await expect(load(path)).rejects.toThrow(/is refused: absolute path/);
});

test("files that share their bytes are refused", async () => {
  const image = await flat(1);
  const path = await archiveOf({ "a.png": image, "b.png": image });
  const bytes = readFileSync(path);
  const second = bytes.lastIndexOf("PK\x01\x02", undefined, "latin1");
  // The second file's local header is said to be the first one's.
  bytes.writeUInt32LE(0, second + 42);
  writeFileSync(path, bytes);
  await expect(load(path)).rejects.toThrow(/its files share their bytes/);
});

test("an archive that would unpack to gigabytes is refused", async () => {
  const path = await archiveOf({ "a.png": await flat(1) });
  const bytes = readFileSync(path);
  const entry = bytes.lastIndexOf("PK\x01\x02", undefined, "latin1");
  bytes.writeUInt32LE(0xf0000000, entry + 24);
  writeFileSync(path, bytes);
  await expect(load(path)).rejects.toThrow(/decompression bomb/);
});

test("a file that unpacks to more than the archive declares is skipped", async () => {
  const path = await archiveOf({
    "a.png": await flat(1),
    "b.bmp": Buffer.alloc(100_000),
  });
  const bytes = readFileSync(path);
  const entry = bytes.lastIndexOf("PK\x01\x02", undefined, "latin1");
  bytes.writeUInt32LE(50, entry + 24);
  writeFileSync(path, bytes);
  const set = await load(path);
  expect(set.count).toBe(1);
  expect(set.skipped[0]).toMatchObject({
    file: "b.bmp",
    reason: expect.stringMatching(/damaged in the archive/) as string,
  });
});

test("a file whose checksum is wrong is skipped", async () => {
  const path = await archiveOf({
    "a.png": await flat(1),
    "b.png": await flat(2),
  });
  const bytes = readFileSync(path);
  const entry = bytes.lastIndexOf("PK\x01\x02", undefined, "latin1");
  bytes[entry + 16] ^= 1;
  writeFileSync(path, bytes);
  expect((await load(path)).skipped).toEqual([
    {
      file: "b.png",
      reason: "it is damaged in the archive (its checksum is wrong)",
    },
  ]);
});

/** Both where the file lies and in the archive's list; names of the same length. */
function rewrite(path: string, from: string, to: string): void {
  const text = readFileSync(path, "latin1").replaceAll(from, to);
  writeFileSync(path, text, "latin1");
}
