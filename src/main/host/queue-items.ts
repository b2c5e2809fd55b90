/** One item of the queue: made of an order, and started when it is its turn. */
import type { QueueOrder } from "../../shared/contract/queue";
import { newItem } from "../../shared/queue";
import type { QueueItem } from "../../shared/queue";
import { findPreset } from "../../shared/settings/presets";
import { newRunId } from "../runs/folder/layout";
import type { RunStore } from "../runs/run-store";
import type { QueueFile } from "../sweep/queue-file";
import { forkName } from "./openings";
import { startOrResume } from "./start-or-resume";
import type { SweepsArea } from "./sweeps";
import type { Begun, TrainingArea, TrainingOrder } from "./training";

/** Starts in a row of a run that never saves anything new: what it does ends the whole process. */
const mostAttempts = 5;

export async function itemOf(
  store: RunStore,
  order: QueueOrder,
): Promise<QueueItem> {
  const now = new Date();
  const item = { kind: order.type, sweep: null };
  if (order.type === "new") {
    const { preset } = order.settings;
    const run = order.id ?? newRunId(preset, now);
    const name = order.name ?? findPreset(preset)?.title ?? preset;
    return newItem({ ...item, run, name }, now);
  }
  const listing = await store.get(order.run);
  const parent = listing.kind === "run" ? listing.record.name : order.run;
  if (order.type === "resume")
    return newItem({ ...item, run: order.run, name: parent }, now);
  const name = order.name ?? forkName(parent, order.step);
  const run = newRunId(order.settings.preset, now);
  return newItem({ ...item, run, name }, now);
}

/** What is noted of a start. Throws where it was tried too often. */
export async function attemptAt(
  store: RunStore,
  item: QueueItem,
): Promise<Partial<QueueItem>> {
  const listing = await store.get(item.run);
  const saved =
    listing.kind === "run" ? (listing.record.progress.saved ?? 0) : 0;
  const attempts = saved > item.step ? 1 : item.attempts + 1;
  if (attempts > mostAttempts)
    throw new Error(
      `it was started ${mostAttempts} times, and each time the program ended before it could save anything.`,
    );
  const startedAt = item.startedAt ?? new Date().toISOString();
  return { attempts, step: saved, startedAt };
}

interface Parts {
  host: { store: RunStore };
  file: QueueFile;
  training: TrainingArea;
  sweeps: SweepsArea;
}

/** Null where its run has ended already. Rejects with one sentence where it cannot begin. */
export function beginItem(
  { file, host, sweeps, training }: Parts,
  { kind, run, startedAt, sweep }: QueueItem,
  atOnce: number,
): Promise<Begun | null> {
  if (sweep) return sweeps.begin(sweep.id, sweep.index, atOnce);
  const order = (): TrainingOrder => {
    const written = file.readOrder(run);
    if (written.type === "resume") return written;
    if (written.type === "new") return { ...written, id: run };
    const kept = file.hasKeptCheckpoint(run)
      ? file.keptCheckpoint(run)
      : undefined;
    return { ...written, id: run, kept };
  };
  if (kind === "resume" && startedAt === null)
    return training.begin(order(), atOnce);
  const parts = { store: host.store, training };
  return startOrResume(parts, run, order, atOnce);
}
