import { z } from "zod";
import { call } from "../rpc";
import { runEditSchema, runIdSchema } from "../run";
import type { RunListing } from "../run";

const ids = z.object({ ids: z.array(runIdSchema).min(1) });

export const runCalls = {
  list: call<RunListing[]>()(z.object({})),
  get: call<RunListing>()(z.object({ id: runIdSchema })),
  edit: call<RunListing>()(z.object({ id: runIdSchema, edit: runEditSchema })),
  /** Moves to the library's trash; `restore` brings back. */
  remove: call<null>()(ids),
  restore: call<null>()(ids),
  /** A TensorBoard log, CSV, stats.jsonl or bundle on disk; gives the new run. */
  importFile: call<RunListing>()(z.object({ path: z.string().min(1) })),
};
