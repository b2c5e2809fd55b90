/**
 * A checkpoint as a safetensors file: the tensors under PyTorch's names behind `generator.` and `discriminator.`, the
 * optimiser's state beside them, and in the metadata where the run stands and the settings it stands under.
 */
import { z } from "zod";
import { settingsSchema } from "../../../shared/settings/settings";
import type { TrainingSettings } from "../../../shared/settings/settings";
import type { ModelState } from "../../engine/engine";
import type { Checkpoint } from "../../trainer/events";
import { decodeSafetensors, encodeSafetensors } from "./safetensors";
import type { SafeTensor } from "./safetensors";
import { RunError } from "../run-error";

/** Why a checkpoint was written: `start` is a copy of a parent's. Only scheduled ones are ever pruned. */
const checkpointReasons = ["start", "scheduled", "asked", "final"] as const;
export type CheckpointReason = (typeof checkpointReasons)[number];

export interface CheckpointMark {
  step: number;
  reason: CheckpointReason;
  /** How far D's mean loss since the last checkpoint was from equilibrium; null where unknown. Less is better. */
  imbalance: number | null;
}

export interface SavedCheckpoint extends Checkpoint {
  /** What its optimisers' memory and its place in the data mean; null where the file does not say. */
  settings: TrainingSettings | null;
}

const word = z
  .int()
  .min(-(2 ** 31))
  .max(2 ** 31 - 1);
const randomState = z.tuple([word, word, word, word]);
const positionSchema = z.object({
  step: z.int().nonnegative(),
  seconds: z.number(),
  stepInEpoch: z.int().nonnegative(),
  random: z.record(z.string(), randomState),
  epochOrder: randomState,
  learningRates: z.object({ generator: z.number(), discriminator: z.number() }),
});
const markSchema = z.object({
  step: z.int().nonnegative(),
  reason: z.enum(checkpointReasons),
  imbalance: z.number().nullable(),
});

/** The bytes of the file. */
export function encodeCheckpoint(
  { state, position, settings }: SavedCheckpoint,
  mark: CheckpointMark,
): Uint8Array<ArrayBuffer> {
  const tensors = new Map<string, SafeTensor>();
  for (const [name, { shape, data }] of state) {
    tensors.set(name, { type: "F32", shape, data });
    const counter = batchCounter(name);
    if (counter)
      tensors.set(counter, {
        type: "I64",
        shape: [],
        data: BigInt64Array.of(BigInt(position.step)),
      });
  }
  const metadata = {
    format: "pt",
    position: JSON.stringify(position),
    checkpoint: JSON.stringify(mark),
    ...(settings && { settings: JSON.stringify(settings) }),
  };
  return encodeSafetensors({ tensors, metadata });
}

/** Throws a RunError that names the file. */
export function decodeCheckpoint(
  bytes: Uint8Array,
  file: string,
): SavedCheckpoint {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  const state: ModelState = new Map();
  for (const [name, tensor] of tensors)
    if (tensor.type === "F32")
      state.set(name, { shape: tensor.shape, data: tensor.data });
  const position = positionSchema.safeParse(parsed(metadata.position));
  if (!position.success)
    throw new RunError(
      `${file} does not say where its run stood, so training cannot go on from it.`,
    );
  const settings = settingsSchema.safeParse(parsed(metadata.settings)).data;
  return { state, position: position.data, settings: settings ?? null };
}

/** Null where the metadata is not ours. */
export function readMark(
  metadata: Record<string, string>,
): CheckpointMark | null {
  return markSchema.safeParse(parsed(metadata.checkpoint)).data ?? null;
}

/**
 * PyTorch's modules expect `num_batches_tracked` beside running statistics. It uses the number only where momentum is
 * None, which no network here has; the steps taken stand in for the passes.
 */
function batchCounter(name: string): string | null {
  const suffix = ".running_var";
  if (!/^(generator|discriminator)\./.test(name) || !name.endsWith(suffix))
    return null;
  return name.slice(0, -suffix.length) + ".num_batches_tracked";
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
