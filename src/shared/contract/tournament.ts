/** Every D against every G, of runs or of checkpoints. */
import { z } from "zod";
import { call } from "../rpc";
import { runIdSchema, stepSchema } from "../run";
import type { Sheet } from "./explore";
import type { Tournament } from "../tournament/tournament";

/** More would take long, and nobody could read the table. */
export const mostEntrants = 40;

const entrant = z.object({ run: runIdSchema, step: stepSchema });

/** Of each side of a game, at most. */
const images = z.int().min(16).max(5000).default(500);

/** The samples of a G that a D takes for real most, the most convincing first. */
export type FooledAnswer =
  | {
      kind: "sheet";
      url: string;
      sheet: Sheet;
      /** D's, of each. */
      scores: number[];
      /** Of each: the share of held-out images that D gives less. */
      above: number[];
    }
  | { kind: "none"; reason: string };

export const tournamentCalls = {
  /** The task's id, for progress and `cancel`, is `tournament`. */
  play: call<Tournament>()(
    z.object({
      entrants: z.array(entrant).min(2).max(mostEntrants),
      images,
    }),
  ),
  /** The images behind one game of a tournament of as many images. The task is the same. */
  fooled: call<FooledAnswer>()(
    z.object({ discriminator: entrant, generator: entrant, images }),
  ),
  cancel: call<null>()(z.object({})),
};
