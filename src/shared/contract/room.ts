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

const folderSchema = z.string().min(1).max(4000);

/** Files that one pruning took, and that can be put back. */
export interface PrunedSet {
  token: string;
  /** ISO 8601. */
  at: string;
  runs: string[];
  files: number;
  bytes: number;
}

/** The library on its way to another disk. */
export interface LibraryMove {
  from: string;
  to: string;
  /** `interrupted`: by a failure or the end of the program; it can be continued or given up. */
  state: "copying" | "removing" | "interrupted";
  /** Why it was interrupted, in a sentence; null where the program ended. */
  problem: string | null;
}

export interface MovedLibrary {
  library: string;
  /** Files that stay in the old place: links, and what came or changed there meanwhile. */
  left: number;
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
  /** What was pruned and can still be put back, newest first. */
  pruned: call<PrunedSet[]>()(z.object({})),
  /**
   * Moves the library to another folder, on any disk: copied and compared, then used from there, then removed where it
   * was. Told as the task `library-move`; resolves when it has ended. Rejects with one sentence, also while a run trains.
   */
  moveLibrary: call<MovedLibrary>()(z.object({ to: folderSchema })),
  /** The move that is under way or was interrupted; null where there is none. */
  libraryMove: call<LibraryMove | null>()(z.object({})),
  /** Continues one that was interrupted. */
  continueMove: call<MovedLibrary>()(z.object({})),
  /** Ends one, under way or interrupted, and removes what was copied. Rejects once the library is used from its new place. */
  cancelMove: call<null>()(z.object({})),
};
