/**
 * Decoded images on disk, so that the second start on a folder of pictures is instant. An entry's name is the hash of
 * what decides its content; anything here may be deleted at any time.
 */
import { createHash, randomUUID } from "node:crypto";
import {
  access,
  constants,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  stat,
  utimes,
} from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import { z } from "zod";
import { disk } from "../disk/file-layer";
import { withLock } from "../disk/lock";
import { lookSchema } from "./look";
import { Pace } from "./pace";
import type { ImageForm, ReadImages, WorkOptions } from "./source";

/** Raised whenever decoding changes its results, or the entry its form. */
const version = 4;
/** The oldest entries go when all together are larger. */
const mostBytes = 8 * 2 ** 30;
const chunkBytes = 2 ** 24;

const headerSchema = z.object({
  version: z.literal(version),
  pixels: z.int().nonnegative(),
  /** CRC-32 of the pixels: a disk that changed one would change what is trained on. */
  checksum: z.int().nonnegative(),
  kept: z.array(z.int().nonnegative()).nullable(),
  skipped: z.array(z.object({ file: z.string(), reason: z.string() })),
  look: lookSchema,
  notes: z.array(z.string()),
});

/** The entry's file for images that `signature` identifies, in one form. */
export function cachePath(
  dataFolder: string,
  signature: string,
  { size, channels, fit }: ImageForm,
): string {
  const key = createHash("sha256")
    .update(`${version} ${size} ${channels} ${fit}\n${signature}`)
    .digest("hex");
  return join(dataFolder, "cache", `${key}.images`);
}

/** The entry's file for the unpacked content that `signature` identifies. */
export function unpackedPath(dataFolder: string, signature: string): string {
  const key = createHash("sha256").update(signature).digest("hex");
  return join(dataFolder, "cache", `${key}.unpacked`);
}

/**
 * The entry's images, made and kept where there is none yet. Where two threads want the same, one makes them and the
 * other waits: a preview decodes what the training will ask for next.
 */
export async function throughCache(
  path: string,
  options: WorkOptions,
  make: () => Promise<ReadImages>,
): Promise<ReadImages> {
  const cached = await readCache(path, options);
  if (cached) return cached;
  if (!(await prepareFolder(dirname(path)))) return make();
  return withLock(disk, `${path}.lock`, options.signal, async () => {
    const cachedMeanwhile = await readCache(path, options);
    if (cachedMeanwhile) return cachedMeanwhile;
    const made = await make();
    await writeCache(path, made);
    return made;
  });
}

async function prepareFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Null where there is no such entry, or a damaged one, which is removed. */
async function readCache(
  path: string,
  options: WorkOptions,
): Promise<ReadImages | null> {
  // Whatever the reason, what cannot be opened is decoded again.
  const file = await open(path, "r").catch(() => null);
  if (file === null) return null;
  try {
    const entry = await readEntry(file, options);
    const now = new Date();
    if (entry) await utimes(path, now, now);
    else await rm(path, { force: true });
    return entry;
  } finally {
    await file.close();
  }
}

/** Gives up silently where the disk is full: the cache only saves time. */
async function writeCache(path: string, images: ReadImages): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, "w");
    try {
      await writeEntry(file, images);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await makeRoomInCache(path);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** A length of four bytes, a header of JSON, the pixels. */
async function writeEntry(file: FileHandle, images: ReadImages): Promise<void> {
  const { pixels, kept, ...facts } = images;
  const header = Buffer.from(
    JSON.stringify({
      version,
      pixels: pixels.length,
      checksum: crc32(pixels),
      kept: kept && [...kept],
      skipped: facts.skipped,
      look: facts.look,
      notes: facts.notes,
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  await file.writev([length, header]);
  for (let at = 0; at < pixels.length; at += chunkBytes)
    await file.write(pixels.subarray(at, at + chunkBytes));
}

async function readEntry(
  file: FileHandle,
  options: WorkOptions,
): Promise<ReadImages | null> {
  const { size } = await file.stat();
  const length = Buffer.alloc(4);
  await file.read(length, 0, 4, 0);
  const headerBytes = length.readUInt32LE();
  if (4 + headerBytes > size) return null;
  const text = Buffer.alloc(headerBytes);
  await file.read(text, 0, headerBytes, 4);
  const header = headerSchema.safeParse(parseJson(text.toString()));
  if (!header.success) return null;
  const { kept, skipped, look, notes } = header.data;
  const start = 4 + headerBytes;
  if (start + header.data.pixels !== size) return null;
  const pixels = new Uint8Array(header.data.pixels);
  const pace = new Pace("Reading decoded images", size, "bytes", options);
  let checksum = 0;
  for (let at = 0; at < pixels.length;) {
    const { bytesRead } = await file.read(
      pixels,
      at,
      Math.min(chunkBytes, pixels.length - at),
      start + at,
    );
    if (bytesRead === 0) return null;
    checksum = crc32(pixels.subarray(at, at + bytesRead), checksum);
    at += bytesRead;
    if (pace.due()) await pace.breathe(at);
  }
  if (checksum !== header.data.checksum) return null;
  return {
    pixels,
    kept: kept && Uint32Array.from(kept),
    skipped,
    look,
    notes,
  };
}

/** Removes the oldest entries beside one that was just made, where all together take too much. */
export async function makeRoomInCache(made: string): Promise<void> {
  const folder = dirname(made);
  const names = (await readdir(folder)).filter(
    (name) => !name.includes(".lock"),
  );
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      // Another process may have removed it just now.
      const facts = await stat(path).catch(() => null);
      return facts && { path, size: facts.size, mtimeMs: facts.mtimeMs };
    }),
  );
  const entries = found.filter((entry) => entry !== null);
  entries.sort((a, b) => b.mtimeMs - a.mtimeMs);
  let total = 0;
  for (const { path, size } of entries) {
    total += size;
    if (total > mostBytes) await rm(path, { force: true });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
