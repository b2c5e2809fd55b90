/**
 * IDX files, plain or gzip: the format of MNIST (http://yann.lecun.com/exdb/mnist/). A directory holds
 * `<part>-images-idx3-ubyte[.gz]` and, where there are labels, `<part>-labels-idx1-ubyte[.gz]`.
 */
import { readFile, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { errorMessage } from "../../shared/errors";
import { DataError } from "./image-set";
import { createPixelArraySource, numberedClasses } from "./pixel-array";
import type { ImageSource } from "./source";

const imagesName = /^(.+?)[-.]images[-.]idx3-ubyte(?:\.gz)?$/;
const labelsName = /^(.+?)[-.]labels[-.]idx1-ubyte(?:\.gz)?$/;
/** `0x08` is unsigned byte; the last byte is the number of dimensions. */
const imagesMagic = 0x00000803;
const labelsMagic = 0x00000801;
/** No data set of bytes that fits in memory unpacks to more. */
const mostBytes = 2 ** 31;

const unzip = promisify(gunzip);

/** One pair of files. */
export interface IdxPart {
  name: string;
  images: string;
  labels: string | null;
}

/** Whether a file is named as IDX images are. */
export function isIdxImages(path: string): boolean {
  return imagesName.test(basename(path));
}

/** The part of a directory to train on: `train` where there is one, or the only one. Null where there is none. */
export async function findIdxPart(directory: string): Promise<IdxPart | null> {
  const names = (await readdir(directory)).sort();
  const parts = [
    ...new Set(names.flatMap((name) => imagesName.exec(name)?.[1] ?? [])),
  ];
  const chosen = parts.includes("train") ? "train" : parts[0];
  if (chosen === undefined) return null;
  if (parts.length > 1 && chosen !== "train")
    throw new DataError(
      `${directory} holds several sets of images (${parts.join(", ")}) and none is called train; give the path of one images file.`,
    );
  return partOf(directory, names, chosen);
}

/** The part that an images file belongs to. */
export async function idxPartOfFile(path: string): Promise<IdxPart> {
  const directory = dirname(path);
  const name = imagesName.exec(basename(path))?.[1] ?? "";
  const part = partOf(directory, await readdir(directory), name);
  return { ...part, images: path };
}

/** Loads both files of a part. Rejects with a DataError that names the file. */
export async function openIdx(
  part: IdxPart,
  title: string,
  classes: string[] | null = null,
): Promise<ImageSource> {
  const images = await readIdx(part.images, imagesMagic);
  const [count, height, width] = images.extents;
  const labels =
    part.labels === null ? null : await readLabels(part.labels, part, count);
  return createPixelArraySource({
    title,
    pixels: images.values,
    count,
    height,
    width,
    channels: 1,
    labels,
    classes: labels && (classes ?? numberedClasses(labels)),
  });
}

function partOf(
  directory: string,
  names: readonly string[],
  name: string,
): IdxPart {
  // Sorted, so that a plain file comes before its gzip.
  const find = (pattern: RegExp) =>
    [...names].sort().find((file) => pattern.exec(file)?.[1] === name);
  const labels = find(labelsName);
  return {
    name,
    images: join(directory, find(imagesName) ?? name),
    labels: labels === undefined ? null : join(directory, labels),
  };
}

async function readLabels(
  path: string,
  part: IdxPart,
  count: number,
): Promise<Uint16Array> {
  const { values } = await readIdx(path, labelsMagic);
  if (values.length !== count)
    throw new DataError(
      `${path} has ${values.length} labels but ${part.images} has ${count} images; they do not belong together.`,
    );
  return Uint16Array.from(values);
}

/** Magic number, one big-endian extent a dimension, then the bytes. */
async function readIdx(
  path: string,
  magic: number,
): Promise<{ extents: number[]; values: Uint8Array }> {
  const bytes = await readMaybeGzip(path);
  if (bytes.length === 0)
    throw new DataError(`${path} is empty; get it again.`);
  if (bytes.length < 4 || bytes.readUInt32BE(0) !== magic)
    throw new DataError(
      `${path} is not an IDX file of ${magic === imagesMagic ? "images" : "labels"}: it begins with ${bytes.toString("hex", 0, 4)} where ${magic.toString(16).padStart(8, "0")} is expected.`,
    );
  const dimensions = magic & 0xff;
  const header = 4 + 4 * dimensions;
  if (bytes.length < header)
    throw new DataError(
      `${path} is cut off: it ends within its header; get it again.`,
    );
  const extents = Array.from({ length: dimensions }, (_, dimension) =>
    bytes.readUInt32BE(4 + 4 * dimension),
  );
  const expected = extents.reduce((product, extent) => product * extent, 1);
  if (expected === 0)
    throw new DataError(
      `${path} declares ${extents.join(" x ")} values, so there is nothing in it; get another file.`,
    );
  const found = bytes.length - header;
  if (found < expected)
    throw new DataError(
      `${path} is cut off: ${extents.join(" x ")} needs ${expected} bytes but ${found} are there; get it again.`,
    );
  if (found > expected)
    throw new DataError(
      `${path} does not match its header: ${extents.join(" x ")} needs ${expected} bytes but ${found} are there; get it again.`,
    );
  return { extents, values: bytes.subarray(header) };
}

async function readMaybeGzip(path: string): Promise<Buffer> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new DataError(
      `${path} cannot be read (${errorMessage(error)}); check that it is a file that may be read.`,
      { cause: error },
    );
  });
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (bytes.length > 0 && !zipped && path.endsWith(".gz"))
    throw new DataError(
      `${path} is not a gzip file although its name ends in .gz; get it again.`,
    );
  if (!zipped) return bytes;
  try {
    return await unzip(bytes, { maxOutputLength: mostBytes });
  } catch (error) {
    const cutOff = error instanceof Error && /end of file/.test(error.message);
    throw new DataError(
      cutOff
        ? `${path} is cut off: its gzip data ends too early; get it again.`
        : `${path} is damaged: ${errorMessage(error)}; get it again.`,
      { cause: error },
    );
  }
}
