/**
 * NumPy's .npy format, versions 1 to 3 (numpy.lib.format): the header, and the numbers as bytes or floats.
 * Knows nothing of images.
 */
import { volume } from "../../shared/settings/network";
import { DataError } from "./image-set";

/** The element types that are read; `bytes` an element. */
export interface ElementType {
  kind: "unsigned" | "signed" | "float" | "boolean";
  bytes: 1 | 2 | 4 | 8;
  littleEndian: boolean;
}

export interface NpyHeader {
  shape: number[];
  element: ElementType;
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
  const { shape, element } = header;
  const expected = volume(shape) * element.bytes;
  if (expected === 0)
    throw new DataError(
      `${name} has the shape ${describe(shape)}, so there is nothing in it.`,
    );
  if (fileBytes - dataAt !== expected)
    throw new DataError(
      `${name} does not match its header: ${describe(shape)} needs ${expected} bytes but ${fileBytes - dataAt} are there; save it again.`,
    );
  return { ...header, dataAt };
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

/** A Python dictionary with three known keys. */
function parseHeader(
  text: string,
  name: string,
): Pick<NpyHeader, "shape" | "element"> {
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  if (order === undefined || shape === undefined)
    throw new DataError(`${name} has a header that is not NumPy's.`);
  const type = /^([<>|=])([buif])([1248])$/.exec(descr ?? "");
  if (!type)
    throw new DataError(
      `${name} holds ${descr ?? "records"}, which is not read; save it as uint8 or float32.`,
    );
  const extents = shape.split(",").map((extent) => extent.trim());
  const sizes = extents.filter((extent) => extent !== "").map(Number);
  if (order === "True" && sizes.length > 1)
    throw new DataError(
      `${name} is in Fortran order; save numpy.ascontiguousarray(array) instead.`,
    );
  return { shape: sizes, element: elementOf(type) };
}

const kinds = {
  b: "boolean",
  u: "unsigned",
  i: "signed",
  f: "float",
} as const;

function elementOf([, order, kind, size]: RegExpExecArray): ElementType {
  return {
    kind: kinds[kind as keyof typeof kinds],
    bytes: Number(size) as ElementType["bytes"],
    littleEndian: order !== ">",
  };
}

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
