/**
 * The safetensors format: the length of a JSON header in 8 bytes, the header, the tensors one after another.
 * Reads and writes F32 and I64, little-endian and row-major; other types are refused by name.
 * Source: huggingface.co/docs/safetensors.
 */
import { z } from "zod";
import { volume } from "../../../shared/settings/network";
import { RunError } from "../run-error";

export type SafeTensor =
  | { type: "F32"; shape: readonly number[]; data: Float32Array }
  | { type: "I64"; shape: readonly number[]; data: BigInt64Array };

export interface SafeTensors {
  tensors: Map<string, SafeTensor>;
  metadata: Record<string, string>;
}

/** The whole file in one piece; tensors keep the order of the map. */
export function encodeSafetensors({
  tensors,
  metadata,
}: SafeTensors): Uint8Array<ArrayBuffer> {
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
  const bytes = new Uint8Array(start + size).fill(0x20, 8, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(text, 8);
  let offset = start;
  for (const { data } of tensors.values()) {
    bytes.set(
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      offset,
    );
    offset += data.byteLength;
  }
  return bytes;
}

/** Throws a RunError that names the file where it is no safetensors file, is truncated, or holds other types. */
export function decodeSafetensors(
  bytes: Uint8Array,
  file: string,
): SafeTensors {
  const { entries, metadata, start } = readHeader(bytes, file);
  const tensors = new Map<string, SafeTensor>();
  for (const [name, entry] of entries) {
    const [from, to] = entry.data_offsets;
    const width = entry.dtype === "F32" ? 4 : 8;
    if (to > bytes.length - start || to - from !== width * volume(entry.shape))
      throw damaged(file, `the tensor ${name} is cut off`);
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

/** The metadata of a file of which at least the header is given. Throws a RunError as `decodeSafetensors` does. */
export function decodeSafetensorsMetadata(
  bytes: Uint8Array,
  file: string,
): Record<string, string> {
  return readHeader(bytes, file).metadata;
}

/** How many bytes of a file `decodeSafetensorsMetadata` needs, from its first 8. */
export function safetensorsHeaderBytes(first8: Uint8Array): number {
  const view = new DataView(first8.buffer, first8.byteOffset, 8);
  return 8 + Number(view.getBigUint64(0, true));
}

const entrySchema = z.object({
  dtype: z.enum(["F32", "I64"]),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});

interface Header {
  entries: [string, z.infer<typeof entrySchema>][];
  metadata: Record<string, string>;
  /** Where the tensors begin. */
  start: number;
}

function readHeader(bytes: Uint8Array, file: string): Header {
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

function damaged(file: string, what: string): RunError {
  return new RunError(
    `${file} cannot be read as safetensors: ${what}; use another checkpoint.`,
  );
}
