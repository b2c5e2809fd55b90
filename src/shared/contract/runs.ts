import { z } from "zod";
import { call } from "../rpc";
import { runQuerySchema } from "../query/page";
import type { ColumnOffer } from "../query/offers";
import type { RunPage } from "../query/page";
import { runEditSchema, runIdSchema } from "../run";
import { settingsSchema } from "../settings/settings";
import type { RunListing } from "../run";

export interface LogLine {
  step: number;
  line: string;
}

export interface LogPage {
  lines: LogLine[];
  /** Whether there are lines before these. */
  more: boolean;
}

/** A checkpoint that is there or should be. */
export interface CheckpointNote {
  step: number;
  /** Why nothing can go on from it, without a full stop; null where all is well. */
  problem: string | null;
}

/** Asks for the number of each row as its step. */
export const rowNumber = "row number";

/** A table before it is imported. */
export interface ImportLook {
  name: string;
  rows: number;
  /** Columns that steps can be counted by. */
  columns: string[];
  /** The one that they are counted by; `rowNumber` where it is none. */
  stepColumn: string;
  /** What is decided and left out, a sentence each. */
  remarks: string[];
}

const ids = z.object({ ids: z.array(runIdSchema).min(1) });

export const runCalls = {
  /**
   * One page of a table: columns that the asker chooses, a filter as people type it (`rate < 1e-3 tag:good`), an order,
   * groups. What a page holds does not grow with the library.
   */
  query: call<RunPage>()(runQuerySchema),
  /** The columns that the runs of a filter can have, and which of them differ. */
  columns: call<ColumnOffer[]>()(z.object({ filter: z.string().max(2000) })),
  /** Everything of some runs; those that are not there are left out. */
  list: call<RunListing[]>()(z.object({ ids: z.array(runIdSchema).max(200) })),
  /** Steps a second of the newest run with the same networks and batch size; null where there was none. */
  speed: call<number | null>()(z.object({ settings: settingsSchema })),
  get: call<RunListing>()(z.object({ id: runIdSchema })),
  /** Makes a damaged record again from the run's checkpoints and event file. */
  repair: call<RunListing>()(z.object({ id: runIdSchema })),
  /** Where a run could go on, ascending. */
  checkpoints: call<CheckpointNote[]>()(z.object({ id: runIdSchema })),
  edit: call<RunListing>()(z.object({ id: runIdSchema, edit: runEditSchema })),
  /**
   * The run's log lines before a step, or its newest; ascending. They are made again from its curves and settings, so
   * that they are there after a restart, on another machine, and for a run that was imported from a bundle.
   */
  log: call<LogPage>()(
    z.object({
      id: runIdSchema,
      before: z.int().positive().nullable(),
      limit: z.int().min(1).max(10_000),
    }),
  ),
  /** Moves to the library's trash; `restore` brings back. */
  remove: call<null>()(ids),
  restore: call<null>()(ids),
  /** What is in the trash, newest run first. */
  trash: call<RunListing[]>()(z.object({})),
  /** Opens the runs that come with the application; those that are open stay as they are. */
  openExamples: call<RunListing[]>()(z.object({})),
  /** Deletes those for good, also where they are in the trash; gives how many there were. */
  removeExamples: call<number>()(z.object({})),
  /** Deletes what is in the trash for good; gives how many runs that were. */
  emptyTrash: call<number>()(z.object({})),
  /** A TensorBoard log, CSV, stats.jsonl or bundle on disk; gives the new run. */
  importFile: call<RunListing>()(
    z.object({
      path: z.string().min(1),
      /** Of a table: the column that counts the steps, or `rowNumber`; null finds it. */
      stepColumn: z.string().min(1).max(1000).nullable().default(null),
    }),
  ),
  /** Before that: what a table's steps can be; null for what is no table. */
  lookAtImport: call<ImportLook | null>()(
    z.object({
      path: z.string().min(1),
      stepColumn: z.string().min(1).max(1000).nullable().default(null),
    }),
  ),
};
