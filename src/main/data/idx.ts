/**
 * IDX files, plain or gzip: the format of MNIST (http://yann.lecun.com/exdb/mnist/) and of those named after it. A part
 * is `<part>-images-idx3-ubyte[.gz]` and, where there are labels, `<part>-labels-idx1-ubyte[.gz]`. What is in the files
 * is told here; where they lie in `idx-parts.ts`.
 */
import { errorMessage } from "../../shared/errors";
import { volume } from "../../shared/layers";
import { isLfsNote, lfsNote } from "../disk/lfs-note";
import type { BytesAt } from "./bytes-at";
import { gunzip, gunzipStart, refuseBomb } from "./gzip";
import type { NamedBytes } from "./gzip";
import { DataError } from "./image-set";
import type { LoadOptions } from "./image-set";
import { labelsOfNumbers } from "./labels";
import type { Labelling } from "./labels";
import { createArraySource } from "./numpy-images";
import type { ImageSource } from "./source";
import { unpackedBytes } from "./unpacked";

/** `0x08` is unsigned byte, `0x0c` is a number of four bytes; the last byte is the number of dimensions. */
const imagesMagic = 0x00000803;
const labelsMagic = 0x00000801;
/** QMNIST's labels: rows of numbers, the first of which is the class. */
const wideLabelsMagic = 0x00000c02;
/** Of images: magic number, count, height, width. */
const mostHeader = 16;
const byteElement = { kind: "unsigned", bytes: 1, littleEndian: true } as const;

/** A file wherever it lies. */
export interface IdxFile {
  /** For messages. */
  name: string;
  /** Changes with the content. */
  signature(): Promise<string>;
  open(options: LoadOptions): Promise<BytesAt>;
}

/** One pair of files. */
export interface IdxPart {
  name: string;
  images: IdxFile;
  labels: IdxFile | null;
}

/**
 * Opens both files of a part; images are read when they are wanted. Rejects with a DataError that names the images;
 * labels that cannot be used are left out.
 */
export async function openIdx(
  part: IdxPart,
  facts: Pick<ImageSource, "title" | "testPart" | "isTestPart"> & {
    classes?: string[];
  },
  options: LoadOptions,
): Promise<ImageSource> {
  const { bytes, extents, dataAt } = await openArray(
    part.images,
    imageKind,
    options,
  );
  const [count, height, width] = extents;
  const labelling =
    part.labels && (await readLabels(part.labels, count, options));
  const isLabelled = labelling !== null && typeof labelling !== "string";
  const array = {
    title: facts.title,
    images: { name: part.images.name, bytes },
    shape: extents,
    dataAt,
    element: byteElement,
    layout: { height, width, channels: 1 as const, planar: false },
  };
  return createArraySource(array, {
    testPart: facts.testPart,
    isTestPart: facts.isTestPart,
    labels: isLabelled ? labelling.labels : null,
    classes: isLabelled ? (facts.classes ?? labelling.classes) : null,
    warnings:
      typeof labelling === "string"
        ? [`${part.labels?.name ?? ""} ${labelling}: left out.`]
        : [],
  });
}

/** How many images a file declares. Rejects with a DataError. */
export async function countIdxImages(
  images: IdxFile,
  options: LoadOptions,
): Promise<number> {
  const file = { name: images.name, bytes: await openFile(images, options) };
  const start = (await isPacked(file))
    ? await gunzipStart(file, mostHeader)
    : await file.bytes.read(0, mostHeader);
  return readHeader(start, file.name, imageKind).extents[0];
}

async function readLabels(
  file: IdxFile,
  count: number,
  options: LoadOptions,
): Promise<Labelling> {
  try {
    const labels = await openArray(file, labelKind, options);
    const { bytes, extents, dataAt, magic } = labels;
    if (extents[0] !== count)
      return `has ${extents[0]} labels for ${count} images`;
    const values = await bytes.read(dataAt, lengthOf(labels));
    return labelsOfNumbers(
      magic === labelsMagic ? values : firstOfEach(values, extents),
    );
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return errorMessage(error).replace(`${file.name} `, "").replace(/\.$/, "");
  }
}

/** Of each row of big-endian numbers. */
function firstOfEach(values: Buffer, [rows, columns]: readonly number[]) {
  return Array.from({ length: rows }, (_, row) =>
    values.readInt32BE(4 * columns * row),
  );
}

/** What a file is expected to be. */
interface Kind {
  what: string;
  magics: readonly number[];
}

const imageKind: Kind = { what: "images", magics: [imagesMagic] };
const labelKind: Kind = {
  what: "labels",
  magics: [labelsMagic, wideLabelsMagic],
};

interface IdxHeader {
  magic: number;
  extents: number[];
  dataAt: number;
}

interface IdxArray extends IdxHeader {
  bytes: BytesAt;
}

/** Rejects where there are more or fewer values than the header says. */
async function openArray(
  idx: IdxFile,
  kind: Kind,
  options: LoadOptions,
): Promise<IdxArray> {
  const { name } = idx;
  const file = { name, bytes: await openFile(idx, options) };
  const bytes = (await isPacked(file))
    ? await unpackIdx(file, await idx.signature(), kind, options)
    : file.bytes;
  const header = readHeader(await bytes.read(0, mostHeader), name, kind);
  checkLength(header, bytes.size, name);
  return { ...header, bytes };
}

async function openFile(file: IdxFile, options: LoadOptions): Promise<BytesAt> {
  try {
    return await file.open(options);
  } catch (error) {
    if (error instanceof DataError || options.signal.aborted) throw error;
    throw new DataError(
      `${file.name} cannot be read (${errorMessage(error)}); check that it is a file that may be read.`,
      { cause: error },
    );
  }
}

async function isPacked({ name, bytes }: NamedBytes): Promise<boolean> {
  const start = await bytes.read(0, 64);
  if (isLfsNote(start)) throw new DataError(`${name} ${lfsNote}.`);
  const packed = start[0] === 0x1f && start[1] === 0x8b;
  if (bytes.size > 0 && !packed && name.endsWith(".gz"))
    throw new DataError(
      `${name} is not a gzip file although its name ends in .gz; get it again.`,
    );
  return packed;
}

/** Magic number, one big-endian extent a dimension, then the values. */
function readHeader(
  bytes: Buffer,
  name: string,
  { what, magics }: Kind,
): IdxHeader {
  if (bytes.length === 0)
    throw new DataError(`${name} is empty; get it again.`);
  const magic = bytes.length < 4 ? 0 : bytes.readUInt32BE(0);
  if (!magics.includes(magic))
    throw new DataError(
      `${name} is not an IDX file of ${what}: it begins with ${bytes.toString("hex", 0, 4)} where ${magics[0].toString(16).padStart(8, "0")} is expected.`,
    );
  const dimensions = magic & 0xff;
  const dataAt = 4 + 4 * dimensions;
  if (bytes.length < dataAt)
    throw new DataError(
      `${name} is cut off: it ends within its header; get it again.`,
    );
  const extents = Array.from({ length: dimensions }, (_, dimension) =>
    bytes.readUInt32BE(4 + 4 * dimension),
  );
  if (volume(extents) === 0)
    throw new DataError(
      `${name} declares ${extents.join(" x ")} values, so there is nothing in it; get another file.`,
    );
  return { magic, extents, dataAt };
}

/** Of all values, in bytes. */
function lengthOf({ magic, extents }: IdxHeader): number {
  return volume(extents) * (magic === wideLabelsMagic ? 4 : 1);
}

function checkLength(header: IdxHeader, length: number, name: string): void {
  const expected = lengthOf(header);
  const found = length - header.dataAt;
  if (found === expected) return;
  const is = found < expected ? "is cut off" : "does not match its header";
  throw new DataError(
    `${name} ${is}: ${header.extents.join(" x ")} needs ${expected} bytes but ${found} are there; get it again.`,
  );
}

/** Unpacks no more than the header says, and nothing where a file of its size cannot hold so much. */
async function unpackIdx(
  file: NamedBytes,
  signature: string,
  kind: Kind,
  options: LoadOptions,
): Promise<BytesAt> {
  const { name } = file;
  const header = readHeader(await gunzipStart(file, mostHeader), name, kind);
  const expected = header.dataAt + lengthOf(header);
  refuseBomb(file, expected);
  const unpack = async (take: (bytes: Buffer) => Promise<void>) => {
    let total = 0;
    for await (const bytes of gunzip(file)) {
      total += bytes.length;
      if (total > expected)
        throw new DataError(
          `${name} does not match its header: ${header.extents.join(" x ")} needs ${expected - header.dataAt} bytes but more are there; get it again.`,
        );
      await take(bytes);
    }
  };
  return unpackedBytes({ signature, unpack }, options);
}
