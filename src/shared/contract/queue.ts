import { z } from "zod";
import { mostAtOnce } from "../queue";
import type { Queue } from "../queue";
import { call } from "../rpc";
import { runIdSchema } from "../run";
import type { RunListing } from "../run";
import { forkSchema, resumeSchema, startSchema } from "./training";

/** What is to be started when it is its turn. */
export const queueOrderSchema = z.discriminatedUnion("type", [
  startSchema.extend({ type: z.literal("new") }),
  resumeSchema.extend({ type: z.literal("resume") }),
  forkSchema.extend({ type: z.literal("fork") }),
]);
export type QueueOrder = z.infer<typeof queueOrderSchema>;

export interface QueueState extends Queue {
  /** Who starts what waits: this program, another one on this library, or nobody. */
  worker: "here" | "elsewhere" | "nobody";
}

/** What became of an order: a run that has begun, or the id of one that waits. */
export type Queued =
  | { type: "started"; listing: RunListing }
  | { type: "waits"; run: string };

export const queueCalls = {
  state: call<QueueState>()(z.object({})),
  /** Starts it where there is room and nothing waits; otherwise it waits for its turn. Rejects where it could never start. */
  add: call<Queued>()(z.object({ order: queueOrderSchema })),
  /** To another place among those that wait; 0 is the next. */
  move: call<QueueState>()(
    z.object({ run: runIdSchema, to: z.int().nonnegative() }),
  ),
  /** Out of the queue; one that is under way is stopped and saved. */
  remove: call<QueueState>()(z.object({ runs: z.array(runIdSchema).min(1) })),
  /** Back among those that wait, after what kept it from starting was mended. */
  retry: call<QueueState>()(z.object({ run: runIdSchema })),
  change: call<QueueState>()(
    z
      .object({
        atOnce: z.int().min(1).max(mostAtOnce),
        /** Whether nothing more is started. */
        held: z.boolean(),
      })
      .partial(),
  ),
};
