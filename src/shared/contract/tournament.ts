/** Every D against every G, of runs or of checkpoints. */
import { z } from "zod";
import { call } from "../rpc";
import { runIdSchema, stepSchema } from "../run";
import type { Tournament } from "../tournament/tournament";

/** More would take long, and nobody could read the table. */
export const mostEntrants = 40;

export const tournamentCalls = {
  /** The task's id, for progress and `cancel`, is `tournament`. */
  play: call<Tournament>()(
    z.object({
      entrants: z
        .array(z.object({ run: runIdSchema, step: stepSchema }))
        .min(2)
        .max(mostEntrants),
      /** Of each side of a game, at most. */
      images: z.int().min(16).max(5000).default(500),
    }),
  ),
  cancel: call<null>()(z.object({})),
};
