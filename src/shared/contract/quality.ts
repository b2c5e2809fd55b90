/** How good a saved step is: measured on demand, kept with the run. */
import { z } from "zod";
import type { Quality } from "../quality";
import type { Sheet } from "./explore";
import { call } from "../rpc";
import { runIdSchema, stepSchema, weightChoiceSchema } from "../run";

/** A measure says why it cannot be had; so does a run that cannot be judged at all. */
export type QualityAnswer =
  | { kind: "quality"; quality: Quality }
  | { kind: "none"; reason: string };

/** Distances are those of the pictures averaged down, per pixel from -1 to 1. */
export type NearestAnswer =
  | {
      kind: "row";
      url: string;
      sheet: Sheet;
      training: number;
      heldOut: number;
    }
  | { kind: "none"; reason: string };

/** Usual samples of a measurement on demand. */
export const usualSamples = 5000;
/** Below this, measures say more about which images were drawn than about the run. */
export const fewestSamples = 16;

export const qualityCalls = {
  /** Judges one step that has a checkpoint; the task's id, for progress and `cancel`, is `quality <run>`. */
  evaluate: call<QualityAnswer>()(
    z.object({
      run: runIdSchema,
      step: stepSchema,
      samples: z
        .int()
        .min(fewestSamples)
        .max(usualSamples)
        .default(usualSamples),
      /** Another seed draws other samples of the same checkpoint. */
      seed: z.int().min(0).max(0xffffffff).default(0),
      /** Of G, where the run keeps an average of them. */
      weights: weightChoiceSchema.default("average"),
    }),
  ),
  /** A tile of the grid at a step with a checkpoint, in a row with the nearest training and held-out images. */
  nearest: call<NearestAnswer>()(
    z.object({
      run: runIdSchema,
      step: stepSchema,
      tile: z.int().min(0).max(1023),
    }),
  ),
  cancel: call<null>()(z.object({ run: runIdSchema })),
  /** What was measured of a run so far, ascending by step. */
  list: call<Quality[]>()(
    z.object({
      run: runIdSchema,
      weights: weightChoiceSchema.default("average"),
    }),
  ),
};
