/** How much of the disk the library takes, and taking back some of it. */
import { z } from "zod";
import { call } from "../rpc";
import { runIdSchema } from "../run";
import type { RunListing } from "../run";

/** Bytes. */
export interface Room {
  runs: number;
  /** Of the runs. */
  checkpoints: number;
  grids: number;
  /** Deleted runs and pruned files, until the trash is emptied. */
  trash: number;
  /** Free on that disk. */
  free: number;
}

const kept = z.int().min(1).max(1_000_000).nullable();

/** What stays of each run; null leaves all. The first and the last always stay. */
const pruneRuleSchema = z.object({
  /** So many of the newest checkpoints. */
  checkpoints: kept,
  /** So many grids, spread evenly over the training. */
  grids: kept,
});
export type PruneRule = z.infer<typeof pruneRuleSchema>;

export interface Pruned {
  files: number;
  bytes: number;
  /** Names what was taken, so that it can be put back; null where it was only asked what that would be. */
  token: string | null;
  /** Of runs that were left as they are, a sentence each. */
  remarks: string[];
}

export const roomCalls = {
  used: call<Room>()(z.object({})),
  /** Moves checkpoints and grids out of finished runs; `restore` puts them back until the trash is emptied. */
  prune: call<Pruned>()(
    z.object({
      ids: z.array(runIdSchema).min(1).max(10_000),
      rule: pruneRuleSchema,
      /** Only says what would be moved. */
      dry: z.boolean(),
    }),
  ),
  restore: call<RunListing[]>()(
    z.object({ token: z.string().regex(/^[0-9a-f]{16}$/) }),
  ),
};
