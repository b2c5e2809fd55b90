import { z } from "zod";
import { trialPlanSchema } from "../doctor/trial";
import { call } from "../rpc";
import { chosenIdSchema, runIdSchema, stepSchema } from "../run";
import type { RunListing } from "../run";
import { settingsSchema } from "../settings/settings";

const run = z.object({ run: runIdSchema });
const name = z.string().max(200).nullable();

/** A new run. */
export const startSchema = z.object({
  /** Otherwise it is given one. */
  id: chosenIdSchema.optional(),
  settings: settingsSchema,
  name,
});

/**
 * Goes on from the newest checkpoint, and is refused where that is damaged or missing; or at the step of another (0:
 * anew), or at the newest that can be read. What comes after it is set aside. `steps` is the new total. With `settings`
 * it goes on under those, and the same rules as for a fork: whoever asks has shown what differs (`settingRows`) and
 * was told to.
 */
export const resumeSchema = z.object({
  run: runIdSchema,
  at: z.union([stepSchema, z.literal("readable")]).optional(),
  steps: z.int().positive().nullable(),
  settings: settingsSchema.optional(),
});

/** A new run that begins at another's checkpoint. */
export const forkSchema = z.object({
  run: runIdSchema,
  step: z.int().nonnegative(),
  settings: settingsSchema,
  name,
  /** What the doctor advised, where the fork tries that. */
  trial: trialPlanSchema.nullable().optional(),
});

export const trainingCalls = {
  /** Starts a run; rejects with one sentence where another trains or something does not fit. `queue.add` waits instead. */
  start: call<RunListing>()(startSchema),
  pause: call<null>()(run),
  /** Goes on after a pause. */
  unpause: call<null>()(run),
  /** Ends the run for good and keeps it. */
  stop: call<null>()(run),
  checkpoint: call<null>()(run),
  setLearningRates: call<null>()(
    z.object({
      run: runIdSchema,
      generator: z.number().positive().max(10),
      discriminator: z.number().positive().max(10),
    }),
  ),
  resume: call<RunListing>()(resumeSchema),
  fork: call<RunListing>()(forkSchema),
};
