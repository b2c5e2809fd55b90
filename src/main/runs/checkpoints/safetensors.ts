/**
 * The safetensors format: the length of a JSON header in 8 bytes, the header, the tensors one after another.
 * Reads and writes F32 and I64, little-endian and row-major; other types are refused by name.
 * Source: huggingface.co/docs/safetensors.
 */
import { z } from "zod";
import { volume } from "../../../shared/layers";
import type { ModelState } from "../../engine/engine";
import { CheckpointError } from "./checkpoint-error";

export type SafeTensor =
  | { type: "F32"; shape: readonly number[]; data: Float32Array }
  | { type: "I64"; shape: readonly number[]; data: BigInt64Array };

export interface SafeTensors {
  tensors: Map<string, SafeTensor>;
  metadata: Record<string, string>;
}

/** The whole file in one piece; tensors keep the order of the map. */
export function encodeSafetensors(file: SafeTensors): Uint8Array<ArrayBuffer> {
  return joined(partsOf(file));
}

/** The same in pieces for one write after another, without a copy of large tensors. */
export function safetensorsPieces(file: SafeTensors): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  for (const part of partsOf(file)) {
    if (part.length < smallPart) small.push(part);
    else {
      pieces.push(joined(small), part);
      small = [];
    }
  }
  return [...pieces, joined(small)].filter(({ length }) => length > 0);
}

/** In bytes: what is written together with its neighbours. */
const smallPart = 2 ** 20;

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function partsOf({ tensors, metadata }: SafeTensors): Uint8Array[] {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let size = 0;
  for (const [name, { type, shape, data }] of tensors) {
    const offsets = [size, size + data.byteLength];
    header[name] = { dtype: type, shape, data_offsets: offsets };
    size += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Blanks up to a multiple of 8, so that readers may map the tensors in place.
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const head = new Uint8Array(start).fill(0x20, 8);
  new DataView(head.buffer).setBigUint64(0, BigInt(start - 8), true);
  head.set(text, 8);
  const bodies = [...tensors.values()].map(
    ({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  );
  return [head, ...bodies];
}

/** Throws a CheckpointError where it is no safetensors file, is truncated, or holds other types. */
export function decodeSafetensors(
  bytes: Uint8Array,
  file: string,
): SafeTensors {
  const { entries, metadata, start } = readHeader(bytes, file);
  const tensors = new Map<string, SafeTensor>();
  for (const [name, entry] of entries) {
    refuseCutOff(name, entry, bytes.length - start, file);
    const [from, to] = entry.data_offsets;
    // A copy, because the data need not begin at a multiple of its width.
    const { buffer } = new Uint8Array(bytes.subarray(start + from, start + to));
    tensors.set(
      name,
      entry.dtype === "F32"
        ? { type: "F32", shape: entry.shape, data: new Float32Array(buffer) }
        : { type: "I64", shape: entry.shape, data: new BigInt64Array(buffer) },
    );
  }
  return { tensors, metadata };
}

/** The state of a model: what a file holds as F32. */
export function stateOf(tensors: SafeTensors["tensors"]): ModelState {
  const state: ModelState = new Map();
  for (const [name, tensor] of tensors)
    if (tensor.type === "F32")
      state.set(name, { shape: tensor.shape, data: tensor.data });
  return state;
}

/** What a file says of itself: all but the numbers. */
export interface SafeTensorsHeader {
  tensors: Map<string, { type: SafeTensor["type"]; shape: readonly number[] }>;
  metadata: Record<string, string>;
}

/**
 * The header of a file of `size` bytes, of which at least the header is given. Throws a CheckpointError as
 * `decodeSafetensors` does for the whole file.
 */
export function decodeSafetensorsHeader(
  bytes: Uint8Array,
  size: number,
  file: string,
): SafeTensorsHeader {
  const { entries, metadata, start } = readHeader(bytes, file);
  for (const [name, entry] of entries)
    refuseCutOff(name, entry, size - start, file);
  const tensors = new Map(
    entries.map(([name, { dtype, shape }]) => [name, { type: dtype, shape }]),
  );
  return { tensors, metadata };
}

/** How many bytes of a file `decodeSafetensorsHeader` needs, from its first 8. */
export function safetensorsHeaderBytes(first8: Uint8Array): number {
  const view = new DataView(first8.buffer, first8.byteOffset, 8);
  return 8 + Number(view.getBigUint64(0, true));
}

function refuseCutOff(
  name: string,
  { dtype, shape, data_offsets: [from, to] }: Entry,
  bytes: number,
  file: string,
): void {
  const width = dtype === "F32" ? 4 : 8;
  if (to > bytes || to - from !== width * volume(shape))
    throw damaged(file, `the tensor ${name} is cut off`);
}

const entrySchema = z.object({
  dtype: z.enum(["F32", "I64"]),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});

type Entry = z.infer<typeof entrySchema>;

interface Header {
  entries: [string, Entry][];
  metadata: Record<string, string>;
  /** Where the tensors begin. */
  start: number;
}

function readHeader(bytes: Uint8Array, file: string): Header {
  if (bytes.length === 0) throw damaged(file, "it is empty");
  const start = bytes.length < 8 ? Infinity : safetensorsHeaderBytes(bytes);
  if (start > bytes.length) throw damaged(file, "its header is cut off");
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(
      bytes.subarray(8, start),
    );
    const { __metadata__, ...entries } = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(text));
    return {
      entries: Object.entries(z.record(z.string(), entrySchema).parse(entries)),
      metadata: z.record(z.string(), z.string()).parse(__metadata__ ?? {}),
      start,
    };
  } catch {
    throw damaged(file, "its header is not that of F32 and I64 tensors");
  }
}

function damaged(file: string, what: string): CheckpointError {
  return new CheckpointError(`${file} cannot be read as safetensors: ${what}`);
}
