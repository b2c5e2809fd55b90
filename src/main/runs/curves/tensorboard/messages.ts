/**
 * The few messages of TensorBoard's event.proto, summary.proto and tensor.proto that a log of scalars and images needs.
 * Field numbers are theirs; what is not listed here is skipped.
 */
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

export interface LogEvent {
  /** Seconds since 1970. */
  wallTime: number;
  step: number;
  values: LogValue[];
}

export type LogValue =
  | { kind: "scalar"; tag: string; value: number }
  /** Encoded pictures (PNG, JPEG or GIF), one or a batch. */
  | { kind: "images"; tag: string; images: Uint8Array[] }
  /** A histogram, a text, a graph: nothing that is shown here. */
  | { kind: "other"; tag: string };

/** The first event of every file. */
export function encodeFileVersion(wallTime: number): Uint8Array<ArrayBuffer> {
  return new BinaryWriter()
    .tag(1, WireType.Bit64)
    .double(wallTime)
    .tag(3, WireType.LengthDelimited)
    .string("brain.Event:2")
    .finish();
}

/** An event whose summary is still open: values follow, then `join`. */
function summaryEvent(wallTime: number, step: number): BinaryWriter {
  return new BinaryWriter()
    .tag(1, WireType.Bit64)
    .double(wallTime)
    .tag(2, WireType.Varint)
    .int64(step)
    .tag(5, WireType.LengthDelimited)
    .fork();
}

/** An event of scalars, with the times and the values of its fields in the order of TensorFlow's own writer. */
export function encodeScalars(
  wallTime: number,
  step: number,
  scalars: readonly { tag: string; value: number }[],
): Uint8Array<ArrayBuffer> {
  const writer = summaryEvent(wallTime, step);
  for (const { tag, value } of scalars)
    writer
      .tag(1, WireType.LengthDelimited)
      .fork()
      .tag(1, WireType.LengthDelimited)
      .string(tag)
      .tag(2, WireType.Bit32)
      .float(value)
      .join();
  return writer.join().finish();
}

/** The same in double precision, as TensorFlow 2 writes numbers: a tensor, with what the scalars dashboard looks for. */
export function encodeDoubles(
  wallTime: number,
  step: number,
  scalars: readonly { tag: string; value: number }[],
): Uint8Array<ArrayBuffer> {
  const writer = summaryEvent(wallTime, step);
  for (const { tag, value } of scalars)
    writer
      .tag(1, WireType.LengthDelimited)
      .fork()
      .tag(1, WireType.LengthDelimited)
      .string(tag)
      // SummaryMetadata: plugin_data.plugin_name, data_class.
      .tag(9, WireType.LengthDelimited)
      .fork()
      .tag(1, WireType.LengthDelimited)
      .fork()
      .tag(1, WireType.LengthDelimited)
      .string("scalars")
      .join()
      .tag(4, WireType.Varint)
      .int32(1)
      .join()
      // TensorProto: dtype DT_DOUBLE, an empty shape, double_val.
      .tag(8, WireType.LengthDelimited)
      .fork()
      .tag(1, WireType.Varint)
      .int32(2)
      .tag(2, WireType.LengthDelimited)
      .fork()
      .join()
      .tag(6, WireType.LengthDelimited)
      .fork()
      .double(value)
      .join()
      .join()
      .join();
  return writer.join().finish();
}

export interface EventImage {
  tag: string;
  step: number;
  /** Seconds since 1970. */
  time: number;
  width: number;
  height: number;
  channels: number;
  png: Uint8Array;
}

/** An event of one picture, as torch's `add_image` writes it: Summary.Image with its size, channels and encoded bytes. */
export function encodeImage(image: EventImage): Uint8Array<ArrayBuffer> {
  return summaryEvent(image.time, image.step)
    .tag(1, WireType.LengthDelimited)
    .fork()
    .tag(1, WireType.LengthDelimited)
    .string(image.tag)
    .tag(4, WireType.LengthDelimited)
    .fork()
    .tag(1, WireType.Varint)
    .int32(image.height)
    .tag(2, WireType.Varint)
    .int32(image.width)
    .tag(3, WireType.Varint)
    .int32(image.channels)
    .tag(4, WireType.LengthDelimited)
    .bytes(image.png)
    .join()
    .join()
    .join()
    .finish();
}

/** Throws where the bytes are no event, or where its step is past 2^53; `BinaryReader` never reads past them. */
export function decodeEvent(bytes: Uint8Array): LogEvent {
  const event: LogEvent = { wallTime: 0, step: 0, values: [] };
  eachField(bytes, (reader, field, wire) => {
    if (field === 1 && wire === WireType.Bit64)
      event.wallTime = reader.double();
    else if (field === 2 && wire === WireType.Varint)
      event.step = Number(reader.int64());
    else if (field === 5 && wire === WireType.LengthDelimited)
      event.values.push(...decodeSummary(reader.bytes()));
    else return false;
    return true;
  });
  if (!Number.isSafeInteger(event.step))
    throw new RangeError("The step is past 2^53.");
  return event;
}

function decodeSummary(bytes: Uint8Array): LogValue[] {
  const values: LogValue[] = [];
  eachField(bytes, (reader, field, wire) => {
    if (field !== 1 || wire !== WireType.LengthDelimited) return false;
    values.push(decodeValue(reader.bytes()));
    return true;
  });
  return values;
}

function decodeValue(bytes: Uint8Array): LogValue {
  let tag = "";
  let content: Content = { kind: "other" };
  eachField(bytes, (reader, field, wire) => {
    if (field === 1 && wire === WireType.LengthDelimited) tag = reader.string();
    else if (field === 2 && wire === WireType.Bit32)
      content = { kind: "scalar", value: reader.float() };
    else if (field === 4 && wire === WireType.LengthDelimited)
      content = decodeImage(reader.bytes());
    else if (field === 8 && wire === WireType.LengthDelimited)
      content = decodeTensor(reader.bytes());
    else return false;
    return true;
  });
  return { ...content, tag };
}

type Content =
  | { kind: "scalar"; value: number }
  | { kind: "images"; images: Uint8Array[] }
  | { kind: "other" };

/** Summary.Image: height 1, width 2, colour space 3, the encoded picture 4. */
function decodeImage(bytes: Uint8Array): Content {
  const images: Uint8Array[] = [];
  eachField(bytes, (reader, field, wire) => {
    if (field !== 4 || wire !== WireType.LengthDelimited) return false;
    images.push(reader.bytes());
    return true;
  });
  return { kind: "images", images };
}

/** How TensorFlow 2 writes: one number, or the strings width, height, picture, picture ... */
function decodeTensor(bytes: Uint8Array): Content {
  let type = 0;
  const numbers: number[] = [];
  const strings: Uint8Array[] = [];
  let raw = new Uint8Array();
  eachField(bytes, (reader, field, wire) => {
    const packed = wire === WireType.LengthDelimited;
    if (field === 1 && wire === WireType.Varint) type = reader.int32();
    else if (field === 4 && packed) raw = Uint8Array.from(reader.bytes());
    else if (field === 8 && packed) strings.push(reader.bytes());
    else if (field === 5 && packed) numbers.push(...packedFloats(reader));
    else if (field === 6 && packed) numbers.push(...packedDoubles(reader));
    else if (field === 5 && wire === WireType.Bit32)
      numbers.push(reader.float());
    else if (field === 6 && wire === WireType.Bit64)
      numbers.push(reader.double());
    else if (isIntegerField(field) && packed)
      numbers.push(...packedIntegers(reader));
    else if (isIntegerField(field) && wire === WireType.Varint)
      numbers.push(Number(reader.int64()));
    else return false;
    return true;
  });
  if (raw.length > 0) numbers.push(...rawNumber(type, raw));
  if (numbers.length === 1) return { kind: "scalar", value: numbers[0] };
  if (strings.length > 2 && isPicture(strings[2]))
    return { kind: "images", images: strings.slice(2) };
  return { kind: "other" };
}

/** int_val, int64_val, uint32_val and uint64_val. */
function isIntegerField(field: number): boolean {
  return field === 7 || field === 10 || field === 16 || field === 17;
}

/** `tensor_content` where it holds exactly one number of a type that losses come in. */
function rawNumber(type: number, raw: Uint8Array): number[] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  if (type === 1 && raw.length === 4) return [view.getFloat32(0, true)];
  if (type === 2 && raw.length === 8) return [view.getFloat64(0, true)];
  if (type === 3 && raw.length === 4) return [view.getInt32(0, true)];
  if (type === 9 && raw.length === 8)
    return [Number(view.getBigInt64(0, true))];
  return [];
}

function packedFloats(reader: BinaryReader): number[] {
  const bytes = reader.bytes();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 2 }, (_, index) =>
    view.getFloat32(4 * index, true),
  );
}

function packedDoubles(reader: BinaryReader): number[] {
  const bytes = reader.bytes();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 3 }, (_, index) =>
    view.getFloat64(8 * index, true),
  );
}

function packedIntegers(reader: BinaryReader): number[] {
  const packed = new BinaryReader(reader.bytes());
  const numbers: number[] = [];
  while (packed.pos < packed.len) numbers.push(Number(packed.int64()));
  return numbers;
}

/** PNG, JPEG or GIF by their first bytes. */
function isPicture(bytes: Uint8Array): boolean {
  const [a, b, c] = bytes;
  return (
    (a === 0x89 && b === 0x50 && c === 0x4e) ||
    (a === 0xff && b === 0xd8 && c === 0xff) ||
    (a === 0x47 && b === 0x49 && c === 0x46)
  );
}

/** Gives each field to `take`, which reads it or returns false to have it skipped. */
function eachField(
  bytes: Uint8Array,
  take: (reader: BinaryReader, field: number, wire: WireType) => boolean,
): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (!take(reader, field, wire)) reader.skip(wire, field);
  }
}
