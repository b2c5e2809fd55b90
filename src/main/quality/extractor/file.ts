/** An extractor as a safetensors file: its tensors, and in the metadata what it was trained on and how well. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { stateMismatch } from "../../graph/parameters";
import {
  decodeSafetensors,
  encodeSafetensors,
  stateOf,
} from "../../runs/checkpoints/safetensors";
import type { SafeTensor } from "../../runs/checkpoints/safetensors";
import type { SavedExtractor } from "./extractor";
import { readingModel } from "./networks";

const noteSchema = z.object({
  kind: z.enum(["classifier", "autoencoder"]),
  dataHash: z.string(),
  data: z.string(),
  size: z.int().positive(),
  channels: z.union([z.literal(1), z.literal(3)]),
  classes: z.array(z.string()).nullable(),
  seed: z.int(),
  accuracy: z.number().nullable(),
});

const scale = { mean: "features.mean", deviation: "features.deviation" };

export function encodeExtractor(
  extractor: Omit<SavedExtractor, "hash">,
): Uint8Array<ArrayBuffer> {
  const { state, mean, deviation, ...note } = extractor;
  const tensors = new Map<string, SafeTensor>();
  for (const [name, { shape, data }] of state)
    tensors.set(name, { type: "F32", shape, data });
  for (const [name, data] of [
    [scale.mean, mean],
    [scale.deviation, deviation],
  ] as const)
    tensors.set(name, { type: "F32", shape: [data.length], data });
  return encodeSafetensors({
    tensors,
    metadata: { format: "pt", extractor: JSON.stringify(note) },
  });
}

/** Throws an Error of one sentence where it is no extractor. */
export function decodeExtractor(
  bytes: Uint8Array,
  file: string,
): SavedExtractor {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  const state = stateOf(tensors);
  const note = parseNote(metadata.extractor);
  const mean = state.get(scale.mean)?.data;
  const deviation = state.get(scale.deviation)?.data;
  state.delete(scale.mean);
  state.delete(scale.deviation);
  if (!note || !mean || !deviation)
    throw new Error(
      `${file} is not a feature extractor; delete it, and it is trained again.`,
    );
  const model = readingModel(note, note.classes?.length ?? null);
  const mismatch = stateMismatch(model, state);
  if (mismatch)
    throw new Error(
      `${file} does not fit this version: ${mismatch} Delete it, and it is trained again.`,
    );
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  return { ...note, hash, state, mean, deviation };
}

function parseNote(text: string | undefined) {
  try {
    return noteSchema.safeParse(JSON.parse(text ?? "")).data ?? null;
  } catch {
    return null;
  }
}
