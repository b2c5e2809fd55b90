/**
 * The framing of TensorBoard's event files (TFRecord): the length in 8 bytes, its masked CRC-32C, the data, theirs.
 * Finds every record that is whole and says what is not; knows nothing of what a record holds.
 */
import { maskedCrc32c } from "./crc32c";

const headerBytes = 12;
const footerBytes = 4;
/** What one record takes beside its data. */
export const frameBytes = headerBytes + footerBytes;

export type ScannedRecord =
  | { kind: "record"; start: number; end: number; data: Uint8Array }
  /** Bytes that are no record, for certain; the next one begins at `end`. */
  | { kind: "damaged"; start: number; end: number };

/** Frames the data that lies in `target[start + 12, start + 12 + length)`, in place; gives the end of the record. */
export function frameInPlace(
  target: Uint8Array,
  start: number,
  length: number,
): number {
  const view = new DataView(target.buffer, target.byteOffset);
  view.setUint32(start, length, true);
  view.setUint32(start + 4, 0, true);
  view.setUint32(start + 8, maskedCrc32c(target, start, start + 8), true);
  const data = start + headerBytes;
  const end = data + length;
  view.setUint32(end, maskedCrc32c(target, data, end), true);
  return end + footerBytes;
}

/** One record with its frame. */
export function frameRecord(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const framed = new Uint8Array(data.length + frameBytes);
  framed.set(data, headerBytes);
  frameInPlace(framed, 0, data.length);
  return framed;
}

/**
 * The records of a piece of a file, in order; returns where it stopped because the rest is not there yet.
 * `limit` is how many bytes the file has from the start of the piece: a record that would pass it is not awaited.
 */
export function* scanRecords(
  bytes: Uint8Array,
  limit: number,
): Generator<ScannedRecord, number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = 0;
  while (start + headerBytes <= bytes.length) {
    const length = headerAt(bytes, view, start);
    if (length === null) {
      const next = nextHeader(bytes, view, start + 1, limit);
      yield { kind: "damaged", start, end: next };
      start = next;
      continue;
    }
    const end = start + frameBytes + length;
    if (end > bytes.length) return start;
    const data = bytes.subarray(start + headerBytes, end - footerBytes);
    const whole =
      maskedCrc32c(data) === view.getUint32(end - footerBytes, true);
    yield whole
      ? { kind: "record", start, end, data }
      : { kind: "damaged", start, end };
    start = end;
  }
  return start;
}

/** The length that a header gives; null where its checksum is wrong. */
function headerAt(
  bytes: Uint8Array,
  view: DataView,
  start: number,
): number | null {
  // More than 4 GiB in one record is nothing that a log holds.
  if (view.getUint32(start + 4, true) !== 0) return null;
  const crc = view.getUint32(start + 8, true);
  if (maskedCrc32c(bytes, start, start + 8) !== crc) return null;
  return view.getUint32(start, true);
}

/** After a damaged header its length means nothing, so the next good one that fits is looked for. */
function nextHeader(
  bytes: Uint8Array,
  view: DataView,
  from: number,
  limit: number,
): number {
  for (let start = from; start + headerBytes <= bytes.length; start++) {
    const length = headerAt(bytes, view, start);
    if (length !== null && start + frameBytes + length <= limit) return start;
  }
  return Math.max(from, bytes.length - headerBytes + 1);
}
