import { z } from "zod";
import { call } from "../rpc";
import { sweepIdSchema, sweepManifestSchema } from "../sweeps/manifest";
import type { SweepManifest } from "../sweeps/manifest";
import type { SweepCost } from "../sweeps/cost";
import { sweepOrderSchema } from "../sweeps/plan";
import type { SweepStatus, SweepSummary } from "../sweeps/status";

const sweep = z.object({ id: sweepIdSchema });
const { name, earlyStop, report } = sweepManifestSchema.shape;

/** What an order would train. */
export interface SweepPreview {
  /** Of the configurations, at most a hundred. */
  labels: string[];
  configurations: number;
  /** The settings that vary. */
  keys: string[];
  seeds: number[];
  cost: SweepCost;
  /** Titles of data sets that are downloaded first. */
  downloads: string[];
}

/** Runs of a sweep to stand side by side: at most eight configurations with all of their seeds. */
export interface SweepComparison {
  name: string;
  runs: string[];
  /** Configurations that are left out, and whether by quality; otherwise the first ones are taken. */
  left: number;
  byQuality: boolean;
}

export const sweepCalls = {
  /** Newest first. */
  list: call<SweepSummary[]>()(z.object({})),
  get: call<SweepManifest>()(sweep),
  status: call<SweepStatus>()(sweep),
  /** Rejects with a sentence that names the variant where one cannot be trained. */
  plan: call<SweepPreview>()(z.object({ order: sweepOrderSchema })),
  /** Plans it, keeps its manifest, and puts all of it in the queue. Rejects as `plan` does, and then nothing was made. */
  start: call<SweepStatus>()(
    z.object({ order: sweepOrderSchema, name, earlyStop, report }),
  ),
  /**
   * Keeps a manifest (see `planSweep`) and gives it with its id; nothing is started. One of the same id that trains the
   * same is the same sweep, and rejects where it does not.
   */
  create: call<SweepManifest>()(
    z.object({
      /** Otherwise it is given one. */
      id: sweepIdSchema.optional(),
      plan: z.object({
        name,
        keys: sweepManifestSchema.shape.keys,
        configurations: sweepManifestSchema.shape.configurations,
        seeds: z.array(z.int().min(0).max(0xffffffff)).min(1),
        earlyStop,
        report,
      }),
    }),
  ),
  /** What of it can be compared. */
  comparison: call<SweepComparison>()(sweep),
  /** Puts what has no result yet and is not under way in the queue, and nothing else. */
  enqueue: call<SweepStatus>()(sweep),
  /** Takes what waits out of the queue, and stops and saves what is under way; nobody starts an entry any more until then. */
  cancel: call<SweepStatus>()(sweep),
};
