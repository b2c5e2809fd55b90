/**
 * A checkpoint as a safetensors file: the tensors under PyTorch's names behind `generator.` and `discriminator.`, the
 * optimiser's state beside them, and in the metadata where the run stands and the settings it stands under.
 */
import { z } from "zod";
import { stepSchema, trainedSecondsSchema } from "../../../shared/run";
import { stateMismatch } from "../../graph/parameters";
import { settingsSchema } from "../../../shared/settings/settings";
import type { TrainingSettings } from "../../../shared/settings/settings";
import type { Checkpoint } from "../../trainer/events";
import { errorMessage } from "../../../shared/errors";
import { decodeSafetensors, safetensorsPieces, stateOf } from "./safetensors";
import type { SafeTensor, SafeTensorsHeader } from "./safetensors";
import { CheckpointError } from "./checkpoint-error";

/** Why a checkpoint was written: `start` is a copy of a parent's. Only scheduled and safety ones are ever pruned. */
const checkpointReasons = [
  "start",
  "scheduled",
  "safety",
  "asked",
  "final",
] as const;
type CheckpointReason = (typeof checkpointReasons)[number];

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
const rate = z.number().positive();
const positionSchema = z
  .object({
    step: stepSchema,
    seconds: trainedSecondsSchema,
    stepInEpoch: stepSchema,
    random: z.record(z.string(), randomState),
    epochOrder: randomState,
    learningRates: z.object({ generator: rate, discriminator: rate }),
    adaptive: z
      .object({
        probability: z.number().min(0).max(1),
        signs: z.number(),
        steps: z.int().nonnegative(),
      })
      .optional(),
  })
  .refine(({ step, stepInEpoch }) => stepInEpoch <= step);
const markSchema = z.object({
  step: stepSchema,
  reason: z.enum(checkpointReasons),
  imbalance: z.number().nullable(),
});

/** The bytes of the file, end to end; its large tensors are not copied. */
export function checkpointPieces(
  { state, position, settings }: SavedCheckpoint,
  mark: CheckpointMark,
): Uint8Array[] {
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
  return safetensorsPieces({ tensors, metadata });
}

/** `step` is the one in its name. Throws a CheckpointError that names the file. */
export function decodeCheckpoint(
  bytes: Uint8Array,
  file: string,
  step: number,
): SavedCheckpoint {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  const state = stateOf(tensors);
  const place = checkedPlace(metadata, file, step);
  refuseMisfit(place.settings, state, file);
  return { state, ...place };
}

/**
 * Refuses what `decodeCheckpoint` refuses, without the numbers. A file that does not say its settings is held against
 * `settings`. Throws a CheckpointError that names the file.
 */
export function checkCheckpointHeader(
  { tensors, metadata }: SafeTensorsHeader,
  file: string,
  { step, settings }: { step: number; settings: TrainingSettings | null },
): void {
  const place = checkedPlace(metadata, file, step);
  const state = [...tensors].filter(([, { type }]) => type === "F32");
  refuseMisfit(place.settings ?? settings, new Map(state), file);
}

/** The settings in a file's metadata; null where it has none. */
export function readSettings(
  metadata: Record<string, string>,
): TrainingSettings | null {
  return settingsSchema.safeParse(parsed(metadata.settings)).data ?? null;
}

/** Throws a CheckpointError where a state is not that of the networks and optimisers. */
export function refuseMisfit(
  settings: TrainingSettings | null,
  state: ReadonlyMap<string, { shape: readonly number[] }>,
  file: string,
): void {
  const mismatch = settings && mismatchOf(settings, state);
  if (mismatch)
    throw new CheckpointError(
      `${file} does not fit its run: ${mismatch.replace(/\.$/, "")}`,
    );
}

function mismatchOf(
  settings: TrainingSettings,
  state: ReadonlyMap<string, { shape: readonly number[] }>,
): string | null {
  try {
    return stateMismatch(settings, state);
  } catch (error) {
    // Networks that make no sense have no tensors.
    return errorMessage(error);
  }
}

function checkedPlace(
  metadata: Record<string, string>,
  file: string,
  step: number,
): Pick<SavedCheckpoint, "position" | "settings"> {
  const position = positionSchema.safeParse(parsed(metadata.position)).data;
  if (!position)
    throw new CheckpointError(
      `${file} does not say where its run stood, so training cannot resume from it`,
    );
  if (position.step !== step)
    throw new CheckpointError(`${file} is that of step ${position.step}`);
  return { position, settings: readSettings(metadata) };
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
