/** Runs that wait for their turn, as they lie in `queue/queue.json` and as the window shows them. */
import { z } from "zod";
import { runIdSchema, stepSchema } from "./run";

const queueVersion = 1;
/** So many at once are more than any machine has use for. */
export const mostAtOnce = 64;

const queueItemSchema = z.object({
  /** Of the run that it will be, or is. */
  run: runIdSchema,
  name: z.string().max(200),
  kind: z.enum(["new", "resume", "fork", "sweep"]),
  sweep: z.object({ id: runIdSchema, index: z.int().nonnegative() }).nullable(),
  /** ISO 8601. */
  addedAt: z.string().max(40),
  /** When it was first started; null while it waits. It stays in the queue until it has ended. */
  startedAt: z.string().max(40).nullable(),
  /** Starts since it last saved a new checkpoint. */
  attempts: z.int().nonnegative(),
  /** The step that was saved at the last start. */
  step: stepSchema,
  /** Why it could not start; the queue passes it over until it is put back. */
  problem: z.string().nullable(),
});
export type QueueItem = z.infer<typeof queueItemSchema>;

export const queueSchema = z.object({
  version: z.literal(queueVersion),
  /** How many train at once; one that is paused leaves its place to another. */
  atOnce: z.int().min(1).max(mostAtOnce),
  /** Nothing more is started. */
  held: z.boolean(),
  /** The next one first. */
  items: z.array(queueItemSchema).max(20_000),
});
export type Queue = z.infer<typeof queueSchema>;

export const emptyQueue: Queue = {
  version: queueVersion,
  atOnce: 1,
  held: false,
  items: [],
};

/** One that was just added. */
export function newItem(
  item: Pick<QueueItem, "run" | "name" | "kind" | "sweep">,
  now: Date,
): QueueItem {
  return {
    ...item,
    addedAt: now.toISOString(),
    startedAt: null,
    attempts: 0,
    step: 0,
    problem: null,
  };
}

/** With these in front of all that waits, or behind it; one that is in it already keeps its place and is put back. */
export function withItems(
  queue: Queue,
  added: readonly QueueItem[],
  first: boolean,
): Queue {
  const there = new Set(queue.items.map(({ run }) => run));
  const again = new Set(added.map(({ run }) => run));
  const kept = queue.items.map((item) =>
    again.has(item.run) ? { ...item, problem: null, attempts: 0 } : item,
  );
  const fresh = added.filter(({ run }) => !there.has(run));
  const place = first
    ? kept.findLastIndex(({ startedAt }) => startedAt !== null) + 1
    : kept.length;
  return { ...queue, items: kept.toSpliced(place, 0, ...fresh) };
}

/** With one at another place: 0 is the next to start. What has started stays in front. */
export function withMoved(queue: Queue, run: string, to: number): Queue {
  const item = queue.items.find((one) => one.run === run);
  if (!item || item.startedAt !== null) return queue;
  const others = queue.items.filter((one) => one !== item);
  const started = others.filter(({ startedAt }) => startedAt !== null).length;
  return { ...queue, items: others.toSpliced(started + to, 0, item) };
}

/** How many wait or train of each sweep, by its id. */
export function waitingBySweep(
  items: readonly QueueItem[],
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { problem, sweep } of items)
    if (sweep && problem === null)
      counts.set(sweep.id, (counts.get(sweep.id) ?? 0) + 1);
  return counts;
}
