/**
 * IDX files, plain or gzip: the format of MNIST (http://yann.lecun.com/exdb/mnist/). A directory holds
 * `<part>-images-idx3-ubyte[.gz]` and, where there are labels, `<part>-labels-idx1-ubyte[.gz]`.
 */
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errorMessage } from "../../shared/errors";
import { volume } from "../../shared/settings/network";
import { fileBytesAt } from "./bytes-at";
import type { BytesAt } from "./bytes-at";
import { gunzip, gunzipStart, refuseBomb } from "./gzip";
import { DataError } from "./image-set";
import type { LoadOptions } from "./image-set";
import { createArraySource, numberedClasses } from "./numpy-images";
import type { ImageSource } from "./source";
import { unpackedBytes } from "./unpacked";

const imagesName = /^(.+?)[-.]images[-.]idx3-ubyte(?:\.gz)?$/;
const labelsName = /^(.+?)[-.]labels[-.]idx1-ubyte(?:\.gz)?$/;
/** `0x08` is unsigned byte; the last byte is the number of dimensions. */
const imagesMagic = 0x00000803;
const labelsMagic = 0x00000801;
/** Of images: magic number, count, height, width. */
const mostHeader = 16;
const byteElement = { kind: "unsigned", bytes: 1, littleEndian: true } as const;

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

/** Opens both files of a part; images are read when they are wanted. Rejects with a DataError that names the file. */
export async function openIdx(
  part: IdxPart,
  { title, classes = null }: { title: string; classes?: string[] | null },
  options: LoadOptions,
): Promise<ImageSource> {
  const { bytes, extents, dataAt } = await openArray(
    part.images,
    imagesMagic,
    options,
  );
  const [count, height, width] = extents;
  const labels =
    part.labels === null
      ? null
      : await readLabels(part.labels, part, count, options);
  const array = {
    title,
    images: { name: part.images, bytes },
    header: { shape: extents, element: byteElement, dataAt },
    layout: { height, width, channels: 1 as const, planar: false },
  };
  return createArraySource(
    array,
    labels,
    labels && (classes ?? numberedClasses(labels)),
  );
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
  options: LoadOptions,
): Promise<Uint16Array> {
  const { bytes, extents, dataAt } = await openArray(
    path,
    labelsMagic,
    options,
  );
  if (extents[0] !== count)
    throw new DataError(
      `${path} has ${extents[0]} labels but ${part.images} has ${count} images; they do not belong together.`,
    );
  return Uint16Array.from(await bytes.read(dataAt, count));
}

interface IdxHeader {
  extents: number[];
  dataAt: number;
}

interface IdxArray extends IdxHeader {
  bytes: BytesAt;
}

/** Rejects where there are more or fewer values than the header says. */
async function openArray(
  path: string,
  magic: number,
  options: LoadOptions,
): Promise<IdxArray> {
  const file = await fileBytesAt(path).catch((error: unknown) => {
    throw new DataError(
      `${path} cannot be read (${errorMessage(error)}); check that it is a file that may be read.`,
      { cause: error },
    );
  });
  const start = await file.read(0, 2);
  const isPacked = start[0] === 0x1f && start[1] === 0x8b;
  if (file.size > 0 && !isPacked && path.endsWith(".gz"))
    throw new DataError(
      `${path} is not a gzip file although its name ends in .gz; get it again.`,
    );
  const bytes = isPacked ? await unpackIdx(path, magic, options) : file;
  const header = readHeader(await bytes.read(0, mostHeader), path, magic);
  checkLength(header, bytes.size, path);
  return { ...header, bytes };
}

/** Magic number, one big-endian extent a dimension, then the bytes. */
function readHeader(bytes: Buffer, path: string, magic: number): IdxHeader {
  if (bytes.length === 0)
    throw new DataError(`${path} is empty; get it again.`);
  if (bytes.length < 4 || bytes.readUInt32BE(0) !== magic)
    throw new DataError(
      `${path} is not an IDX file of ${magic === imagesMagic ? "images" : "labels"}: it begins with ${bytes.toString("hex", 0, 4)} where ${magic.toString(16).padStart(8, "0")} is expected.`,
    );
  const dimensions = magic & 0xff;
  const dataAt = 4 + 4 * dimensions;
  if (bytes.length < dataAt)
    throw new DataError(
      `${path} is cut off: it ends within its header; get it again.`,
    );
  const extents = Array.from({ length: dimensions }, (_, dimension) =>
    bytes.readUInt32BE(4 + 4 * dimension),
  );
  if (volume(extents) === 0)
    throw new DataError(
      `${path} declares ${extents.join(" x ")} values, so there is nothing in it; get another file.`,
    );
  return { extents, dataAt };
}

function checkLength(
  { extents, dataAt }: IdxHeader,
  length: number,
  path: string,
): void {
  const expected = volume(extents);
  const found = length - dataAt;
  if (found === expected) return;
  const is = found < expected ? "is cut off" : "does not match its header";
  throw new DataError(
    `${path} ${is}: ${extents.join(" x ")} needs ${expected} bytes but ${found} are there; get it again.`,
  );
}

/** Unpacks no more than the header says, and nothing where a file of its size cannot hold so much. */
async function unpackIdx(
  path: string,
  magic: number,
  options: LoadOptions,
): Promise<BytesAt> {
  const header = readHeader(await gunzipStart(path, mostHeader), path, magic);
  const expected = header.dataAt + volume(header.extents);
  const { size, mtimeMs } = await stat(path);
  refuseBomb(path, size, expected);
  const unpack = async (take: (bytes: Buffer) => Promise<void>) => {
    let total = 0;
    for await (const bytes of gunzip(path)) {
      total += bytes.length;
      if (total > expected)
        throw new DataError(
          `${path} does not match its header: ${header.extents.join(" x ")} needs ${expected - header.dataAt} bytes but more are there; get it again.`,
        );
      await take(bytes);
    }
  };
  const signature = `${path} ${size} ${mtimeMs}`;
  return unpackedBytes({ signature, unpack }, options);
}
