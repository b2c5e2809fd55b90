/** What became of a sweep, from its manifest and what its runs' folders say: nothing else is kept of it. */
import type { QueriedRun } from "../query/columns";
import type { RunRecord, RunState } from "../run";
import { entryName } from "./manifest";
import type { SweepManifest } from "./manifest";

/**
 * `missing`: nobody has started it, or its run was deleted; `waiting`: it is in the queue; `stopped early`: the sweep
 * stopped it, because others did better.
 */
export type EntryState =
  | RunState
  | "missing"
  | "waiting"
  | "damaged"
  | "stopped early";

/** Where an entry was given to a cluster: its task there. */
export interface EntryTask {
  /** `123_4`: the array's number and the task's in it. */
  id: string;
  /** In the cluster's words, such as `PENDING`; null where it knows nothing of it any more. */
  state: string | null;
  /** Why it is in that state; null where there is nothing to say. */
  reason: string | null;
}

export interface EntryStatus {
  index: number;
  run: string;
  name: string;
  /** The index of its configuration. */
  configuration: number;
  seed: number;
  state: EntryState;
  step: number;
  /** 0 where it is not known yet. */
  totalSteps: number;
  /** Seconds of training. */
  seconds: number;
  /** Why it is in that state, or null. */
  reason: string | null;
  task: EntryTask | null;
}

export interface SweepStatus {
  id: string;
  name: string;
  createdAt: string;
  cancelled: boolean;
  /** How many entries are in each state. */
  counts: Partial<Record<EntryState, number>>;
  /** Whether every entry has come to its end: nothing is under way, waits, or is to be made up. */
  done: boolean;
  /** Indices that `rerun` would make up. */
  unfinished: number[];
  /** The file of its report; null where there is none. */
  report: string | null;
  entries: EntryStatus[];
}

/** Of a sweep in a list. */
export type SweepSummary = Omit<SweepStatus, "entries">;

export function summaryOf({ entries, ...summary }: SweepStatus): SweepSummary {
  return summary;
}

/** `5 finished, 1 training, 3 missing`. */
export function describeCounts(counts: SweepStatus["counts"]): string {
  return Object.entries(counts)
    .map(([state, count]) => `${count} ${state}`)
    .join(", ");
}

/** What is known beside the manifest. */
export interface Known {
  runs: ReadonlyMap<string, QueriedRun>;
  /** Runs in the queue: why one could not start, null for those that wait or are under way. */
  queue: ReadonlyMap<string, string | null>;
  report?: string | null;
  /** By index; null where no cluster has any of it, or it cannot be asked. */
  tasks: ReadonlyMap<number, EntryTask> | null;
}

export function statusOf(manifest: SweepManifest, known: Known): SweepStatus {
  const entries = manifest.entries.map((_, index) =>
    withTask(
      entryStatus(manifest, index, known),
      known.tasks?.get(index) ?? null,
    ),
  );
  const counts: SweepStatus["counts"] = {};
  for (const { state } of entries) counts[state] = (counts[state] ?? 0) + 1;
  return {
    id: manifest.id,
    name: manifest.name,
    createdAt: manifest.createdAt,
    cancelled: manifest.cancelledAt !== null,
    report: known.report ?? null,
    counts,
    done: entries.every(({ state }) => hasEnded(state)),
    unfinished: entries
      .filter(({ state }) => isUnfinished(state))
      .map(({ index }) => index),
    entries,
  };
}

/** Whether it has given its result: a run that diverged would diverge again. */
export function hasEnded(state: EntryState): boolean {
  return (
    state === "finished" || state === "diverged" || state === "stopped early"
  );
}

/** As an entry of its sweep, where it is one. */
export function stateOf({ state, sweep }: RunRecord): EntryState {
  return state === "stopped" && typeof sweep?.stoppedEarly === "string"
    ? "stopped early"
    : state;
}

/** Whether it is to be made up: it has no result, and nobody is about to give it one. */
function isUnfinished(state: EntryState): boolean {
  switch (state) {
    case "missing":
    case "damaged":
    case "stopped":
    case "interrupted":
    case "failed":
    case "imported":
      return true;
    case "waiting":
    case "preparing":
    case "training":
    case "paused":
    case "finished":
    case "diverged":
    case "stopped early":
      return false;
    default:
      return state satisfies never;
  }
}

/** States of Slurm's in which a task is still going to train, or trains: https://slurm.schedmd.com/squeue.html. */
const stillToCome: Readonly<Record<string, string>> = {
  PENDING: "waits in Slurm's queue",
  REQUEUED: "waits in Slurm's queue again",
  REQUEUE_HOLD: "is held in Slurm's queue",
  SPECIAL_EXIT: "is held in Slurm's queue",
  CONFIGURING: "waits for its node",
  RUNNING: "is on its node",
  COMPLETING: "is on its node",
  STAGE_OUT: "is on its node",
  STOPPED: "is stopped on its node",
  SUSPENDED: "is suspended on its node",
};

/** What the run's folder says is true; the cluster's word tells what has no result and nobody trains apart. */
function withTask(entry: EntryStatus, task: EntryTask | null): EntryStatus {
  if (!task || !isUnfinished(entry.state)) return { ...entry, task };
  const words = stillToCome[task.state ?? ""];
  if (words !== undefined) {
    const why = task.reason === null ? "" : ` (${task.reason})`;
    const reason = `Task ${task.id} ${words}${why}.`;
    return { ...entry, state: "waiting", reason, task };
  }
  if (entry.state !== "missing") return { ...entry, task };
  const ended = task.state === null ? "has ended" : `ended as ${task.state}`;
  const reason = `Task ${task.id} ${ended} and started no training; slurm-${task.id}.log beside the manifest says why.`;
  return { ...entry, reason, task };
}

function entryStatus(
  manifest: SweepManifest,
  index: number,
  known: Known,
): EntryStatus {
  const { run, configuration, seed } = manifest.entries[index];
  const name = entryName(manifest, index);
  const entry = { index, run, name, configuration, seed, task: null };
  const listing = known.runs.get(run);
  const problem = known.queue.get(run);
  const isWaiting = problem === null;
  if (listing?.kind === "run") {
    const { reason, progress } = listing.record;
    const state = stateOf(listing.record);
    const { step, totalSteps, seconds } = progress;
    const stands = { step, totalSteps, seconds };
    return isWaiting && isUnfinished(state)
      ? { ...entry, ...stands, state: "waiting", reason: null }
      : { ...entry, ...stands, state, reason };
  }
  return {
    ...entry,
    state: isWaiting ? "waiting" : listing ? "damaged" : "missing",
    step: 0,
    totalSteps: 0,
    seconds: 0,
    reason: problem ?? listing?.reason ?? null,
  };
}
