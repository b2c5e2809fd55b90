/**
 * Recognises an event that differs from an earlier one only in its time, its step and its values, without decoding it:
 * the rest of the bytes is compared, and the values are read in place.
 */
import type { RowKind } from "./row-kind";

/** The bytes of a summary, and where in them the values lie. */
export class Template {
  constructor(
    private readonly bytes: Uint8Array,
    readonly places: number[],
    readonly kind: RowKind,
  ) {}

  matches(data: Uint8Array, start: number): boolean {
    let at = 0;
    for (const place of this.places) {
      for (; at < place; at++)
        if (data[start + at] !== this.bytes[at]) return false;
      at = place + 4;
    }
    return at === this.bytes.length;
  }
}

export interface Head {
  time: number;
  step: number;
  /** Where the summary begins. */
  summary: number;
}

/** An event that begins as all writers begin it: time, step, and a summary that fills the rest. */
export function readHead(data: Uint8Array): Head | null {
  if (data.length < 12 || data[0] !== 0x09) return null;
  let at = 9;
  let step = 0;
  if (data[at] === 0x10) {
    const varint = readVarint(data, at + 1);
    if (!varint) return null;
    step = varint.value;
    at = varint.end;
  }
  if (data[at] !== 0x2a) return null;
  const length = readVarint(data, at + 1);
  if (!length || length.end + length.value !== data.length) return null;
  const view = new DataView(data.buffer, data.byteOffset);
  return { time: view.getFloat64(1, true), step, summary: length.end };
}

/** Where the values lie in a summary of nothing but tags with a simple value; null for any other. */
export function valuePlaces(summary: Uint8Array): number[] | null {
  const places: number[] = [];
  let at = 0;
  while (at < summary.length) {
    if (summary[at] !== 0x0a) return null;
    const value = readVarint(summary, at + 1);
    if (!value || summary[value.end] !== 0x0a) return null;
    const tag = readVarint(summary, value.end + 1);
    if (!tag) return null;
    const place = tag.end + tag.value + 1;
    if (summary[place - 1] !== 0x15) return null;
    at = place + 4;
    if (at !== value.end + value.value) return null;
    places.push(place);
  }
  return places;
}

/** Up to 2^49; null for more, and where the bytes end. */
function readVarint(
  bytes: Uint8Array,
  start: number,
): { value: number; end: number } | null {
  let value = 0;
  let scale = 1;
  for (let at = start; at < Math.min(bytes.length, start + 7); at++) {
    value += (bytes[at] & 0x7f) * scale;
    if (bytes[at] < 0x80) return { value, end: at + 1 };
    scale *= 0x80;
  }
  return null;
}
