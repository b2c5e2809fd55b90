import { z } from "zod";
import { call } from "../rpc";
import { runIdSchema } from "../run";
import type { RunListing } from "../run";
import { settingsSchema } from "../settings";

const run = z.object({ run: runIdSchema });

/** What resuming would change, asked before it does. */
export interface ResumeQuestion {
  differences: { setting: string; saved: string; now: string }[];
}

export const trainingCalls = {
  /** Starts a run; rejects with one sentence where another trains or something does not fit. */
  start: call<RunListing>()(
    z.object({
      settings: settingsSchema,
      name: z.string().max(200).nullable(),
    }),
  ),
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
  /** Goes on from the last checkpoint; `steps` is the new total. */
  resume: call<RunListing>()(
    z.object({ run: runIdSchema, steps: z.int().positive().nullable() }),
  ),
  /** A new run that begins at another's checkpoint. */
  fork: call<RunListing>()(
    z.object({
      run: runIdSchema,
      step: z.int().nonnegative(),
      settings: settingsSchema,
      name: z.string().max(200).nullable(),
    }),
  ),
};
