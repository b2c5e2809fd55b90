import { z } from "zod";
import { call } from "../rpc";
import { sweepIdSchema, sweepManifestSchema } from "../sweeps/manifest";
import type { SweepManifest } from "../sweeps/manifest";
import type { SweepStatus, SweepSummary } from "../sweeps/status";

const sweep = z.object({ id: sweepIdSchema });

export const sweepCalls = {
  /** Newest first. */
  list: call<SweepSummary[]>()(z.object({})),
  get: call<SweepManifest>()(sweep),
  status: call<SweepStatus>()(sweep),
  /**
   * Keeps a manifest (see `planSweep`) and gives it with its id; nothing is started. One of the same id that trains the
   * same is the same sweep, and rejects where it does not.
   */
  create: call<SweepManifest>()(
    z.object({
      /** Otherwise it is given one. */
      id: sweepIdSchema.optional(),
      plan: z.object({
        name: sweepManifestSchema.shape.name,
        keys: sweepManifestSchema.shape.keys,
        configurations: sweepManifestSchema.shape.configurations,
        seeds: z.array(z.int().min(0).max(0xffffffff)).min(1),
        earlyStop: sweepManifestSchema.shape.earlyStop,
      }),
    }),
  ),
  /** Puts what has no result yet and is not under way in the queue, and nothing else. */
  enqueue: call<SweepStatus>()(sweep),
  /** Takes what waits out of the queue, and stops and saves what is under way; nobody starts an entry any more until then. */
  cancel: call<SweepStatus>()(sweep),
};
