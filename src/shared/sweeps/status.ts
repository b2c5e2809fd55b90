/** What became of a sweep, from its manifest and what its runs' folders say: nothing else is kept of it. */
import type { RunListing, RunState } from "../run";
import { isActive } from "../run";
import { entryName } from "./manifest";
import type { SweepManifest } from "./manifest";

/** `missing`: nobody has started it, or its run was deleted; `waiting`: it is in the queue. */
export type EntryState = RunState | "missing" | "waiting" | "damaged";

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
  entries: EntryStatus[];
}

/** Of a sweep in a list. */
export type SweepSummary = Omit<SweepStatus, "entries">;

/** `waiting` are the ids of runs in the queue. */
export function statusOf(
  manifest: SweepManifest,
  runs: ReadonlyMap<string, RunListing>,
  waiting: ReadonlySet<string>,
): SweepStatus {
  const entries = manifest.entries.map((_, index) =>
    entryStatus(manifest, index, { runs, waiting }),
  );
  const counts: SweepStatus["counts"] = {};
  for (const { state } of entries) counts[state] = (counts[state] ?? 0) + 1;
  return {
    id: manifest.id,
    name: manifest.name,
    createdAt: manifest.createdAt,
    cancelled: manifest.cancelledAt !== null,
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
  return state === "finished" || state === "diverged";
}

/** Whether it is to be made up: it has no result, and nobody is about to give it one. */
export function isUnfinished(state: EntryState): boolean {
  if (state === "missing" || state === "damaged") return true;
  return state !== "waiting" && !isActive(state) && !hasEnded(state);
}

function entryStatus(
  manifest: SweepManifest,
  index: number,
  known: {
    runs: ReadonlyMap<string, RunListing>;
    waiting: ReadonlySet<string>;
  },
): EntryStatus {
  const { run, configuration, seed } = manifest.entries[index];
  const name = entryName(manifest, index);
  const entry = { index, run, name, configuration, seed };
  const listing = known.runs.get(run);
  const isWaiting = known.waiting.has(run);
  if (listing?.kind === "run") {
    const { state, reason, progress } = listing.record;
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
    reason: listing?.reason ?? null,
  };
}
