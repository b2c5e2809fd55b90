/**
 * NumPy's .npy format, versions 1 to 3 (numpy.lib.format): the header, and the numbers as bytes or floats.
 * Knows nothing of images.
 */
import { volume } from "../../shared/layers";
import { isLfsNote, lfsNote } from "../disk/lfs-note";
import { DataError } from "./image-set";

/** Numbers that are read; `bytes` an element. */
export interface ElementType {
  kind: "unsigned" | "signed" | "float" | "boolean";
  bytes: 1 | 2 | 4 | 8;
  littleEndian: boolean;
}

/** Text of a fixed length; `wide` is UTF-32 (`<U3`), else bytes (`|S3`). */
interface TextType {
  kind: "text";
  /** Of an element. */
  bytes: number;
  wide: boolean;
  littleEndian: boolean;
}

/** Records, complex numbers, times, and objects that Python pickled. */
interface OtherType {
  kind: "other";
  text: string;
}

export interface NpyHeader {
  shape: number[];
  type: ElementType | TextType | OtherType;
  /** Columns first. */
  fortranOrder: boolean;
  /** Where the data begins. */
  dataAt: number;
}

/** Enough of a file for any header that numpy writes. */
export const headerBytes = 65_536 + 12;

/** Reads a header out of a file's first bytes. `name` is for messages. Throws a DataError. */
export function readNpyHeader(
  bytes: Buffer,
  name: string,
  fileBytes: number,
): NpyHeader {
  if (fileBytes === 0) throw new DataError(`${name} is empty; save it again.`);
  if (isLfsNote(bytes)) throw new DataError(`${name} ${lfsNote}.`);
  if (bytes.toString("latin1", 0, 6) !== "\x93NUMPY")
    throw new DataError(
      `${name} is not a NumPy array: it does not begin as .npy files do.`,
    );
  const long = bytes[6] > 1;
  const textAt = long ? 12 : 10;
  const cutOff = new DataError(`${name} is cut off; save it again.`);
  if (bytes.length < textAt) throw cutOff;
  const textBytes = long ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8);
  const dataAt = textAt + textBytes;
  if (bytes.length < dataAt) throw cutOff;
  const header = parseHeader(bytes.toString("utf8", textAt, dataAt), name);
  const { shape, type } = header;
  if (volume(shape) === 0)
    throw new DataError(
      `${name} has the shape ${describe(shape)}, so there is nothing in it.`,
    );
  const expected = type.kind === "other" ? null : volume(shape) * type.bytes;
  if (expected !== null && fileBytes - dataAt !== expected)
    throw new DataError(
      `${name} does not match its header: ${describe(shape)} needs ${expected} bytes but ${fileBytes - dataAt} are there; save it again.`,
    );
  return { ...header, dataAt };
}

/** What kind of numbers an array holds. Throws a DataError where it holds none, or in another order. */
export function numbersIn(
  { shape, type, fortranOrder }: NpyHeader,
  name: string,
): ElementType {
  if (type.kind === "text" || type.kind === "other")
    throw new DataError(
      `${name} holds ${type.kind === "text" ? "text" : type.text}, which is not read; save it as uint8 or float32.`,
    );
  if (fortranOrder && shape.length > 1)
    throw new DataError(
      `${name} is in Fortran order; save numpy.ascontiguousarray(array) instead.`,
    );
  return type;
}

/** The text of each element, without the zeros that fill it up. */
export function readTexts(
  bytes: Buffer,
  { bytes: size, wide, littleEndian }: TextType,
): string[] {
  return Array.from({ length: bytes.length / size }, (_, index) => {
    const element = bytes.subarray(index * size, (index + 1) * size);
    const text = wide
      ? String.fromCodePoint(...codePoints(element, littleEndian))
      : element.toString("utf8");
    return text.replace(/\0+$/, "");
  });
}

function codePoints(element: Buffer, littleEndian: boolean): number[] {
  return Array.from({ length: element.length / 4 }, (_, index) => {
    const code = littleEndian
      ? element.readUInt32LE(4 * index)
      : element.readUInt32BE(4 * index);
    // What is no character at all becomes the sign for that.
    return code > 0x10ffff ? 0xfffd : code;
  });
}

/** The numbers of `count` elements. */
export function readElements(
  bytes: Buffer,
  { kind, bytes: size, littleEndian }: ElementType,
): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = elementReader(view, kind, size, littleEndian);
  const values = new Float64Array(bytes.length / size);
  for (let i = 0; i < values.length; i++) values[i] = read(i * size);
  return values;
}

export function describe(shape: readonly number[]): string {
  return `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
}

/** A Python dictionary with three known keys; Python 2 writes `u'...'` and long numbers as `28L`. */
function parseHeader(text: string, name: string): Omit<NpyHeader, "dataAt"> {
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([\dL,\s]*)\)/.exec(text)?.[1];
  if (order === undefined || shape === undefined)
    throw new DataError(`${name} has a header that is not NumPy's.`);
  const descr = /'descr'\s*:\s*[ub]?'([^']*)'/.exec(text)?.[1];
  const extents = shape.split(",").map((extent) => extent.trim());
  return {
    shape: extents
      .filter((extent) => extent !== "")
      .map((extent) => Number(extent.replace(/L$/, ""))),
    type: typeOf(descr),
    fortranOrder: order === "True",
  };
}

function typeOf(descr: string | undefined): NpyHeader["type"] {
  if (descr === undefined) return { kind: "other", text: "records" };
  const [, order, letter, size] =
    /^([<>|=]?)([a-zA-Z])(\d*)$/.exec(descr) ?? [];
  const littleEndian = order !== ">";
  const bytes = Number(size);
  if (letter === "U" || letter === "S" || letter === "a")
    if (bytes > 0)
      return letter === "U"
        ? { kind: "text", bytes: 4 * bytes, wide: true, littleEndian }
        : { kind: "text", bytes, wide: false, littleEndian };
  const kind = kinds[letter];
  if (kind && isElementSize(bytes)) return { kind, bytes, littleEndian };
  return {
    kind: "other",
    text: letter === "O" ? "pickled Python objects" : descr,
  };
}

function isElementSize(bytes: number): bytes is ElementType["bytes"] {
  return [1, 2, 4, 8].includes(bytes);
}

const kinds: Record<string, ElementType["kind"] | undefined> = {
  b: "boolean",
  u: "unsigned",
  i: "signed",
  f: "float",
};

function elementReader(
  view: DataView,
  kind: ElementType["kind"],
  size: ElementType["bytes"],
  little: boolean,
): (at: number) => number {
  if (kind === "float") {
    if (size === 8) return (at) => view.getFloat64(at, little);
    if (size === 4) return (at) => view.getFloat32(at, little);
    return (at) => halfToNumber(view.getUint16(at, little));
  }
  const signed = kind === "signed";
  switch (size) {
    case 1:
      return signed ? (at) => view.getInt8(at) : (at) => view.getUint8(at);
    case 2:
      return signed
        ? (at) => view.getInt16(at, little)
        : (at) => view.getUint16(at, little);
    case 4:
      return signed
        ? (at) => view.getInt32(at, little)
        : (at) => view.getUint32(at, little);
    case 8:
      return signed
        ? (at) => Number(view.getBigInt64(at, little))
        : (at) => Number(view.getBigUint64(at, little));
    default:
      return size satisfies never;
  }
}

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
