/**
 * The doctor on a library: reads what is recorded of a run, holds a fork that tries its advice to what was expected, and
 * keeps what it found of runs at rest in their records.
 */
import type { AppContract } from "../../shared/contract/index";
import { diagnoseRecorded } from "../../shared/doctor/diagnose";
import { verdictOf } from "../../shared/doctor/finding";
import type { Diagnosis } from "../../shared/doctor/finding";
import { Recorded } from "../../shared/doctor/recorded";
import { outcomeOf } from "../../shared/doctor/trial";
import type {
  Outcome,
  Reference,
  Trial,
  Watched,
} from "../../shared/doctor/trial";
import { isActive } from "../../shared/run";
import type { RunRecord } from "../../shared/run";
import type { Handlers } from "../../shared/rpc";
import type { RunStore } from "../runs/run-store";

type Records = Pick<
  RunStore,
  "get" | "series" | "qualities" | "records" | "noteVerdict" | "noteOutcome"
>;

export function createDoctorCalls(
  store: Records,
): Handlers<AppContract>["doctor"] {
  return { diagnose: ({ run }) => diagnoseRun(store, run) };
}

/** Rejects where the run is damaged, with the reason. */
export async function diagnoseRun(
  store: Records,
  id: string,
): Promise<Diagnosis> {
  const { run, record } = await read(store, id);
  const diagnosis = diagnoseRecorded(run);
  await keepVerdict(store, record, diagnosis);
  const { trial, parent } = record;
  if (!trial || !parent) return diagnosis;
  const outcome = await judgeTrial(store, { record, run, trial, parent });
  await keepOutcome(store, record, outcome);
  return { ...diagnosis, trial: { ...trial, outcome } };
}

interface Read {
  record: RunRecord;
  run: Recorded;
}

async function read(store: Records, id: string): Promise<Read> {
  const listing = await store.get(id);
  if (listing.kind === "damaged") throw new Error(listing.reason);
  const { record, checkpoints } = listing;
  const [groups, qualities] = await Promise.all([
    store.series(id, 0),
    store.qualities(id),
  ]);
  const run = new Recorded({ record, groups, qualities, checkpoints });
  return { record, run };
}

type Tries = Read & {
  trial: Trial;
  parent: NonNullable<RunRecord["parent"]>;
};

/** Against an unchanged control where one was trained far enough, otherwise against the parent's own next steps. */
async function judgeTrial(
  store: Records,
  { trial, parent, ...fork }: Tries,
): Promise<Outcome> {
  const { expects } = trial;
  const watched = watch(fork, expects?.metric);
  if (!expects) return outcomeOf(trial, parent.step, watched, null);
  const control = await controlOf(store, fork.record);
  const others: [Reference["role"], string | null][] = [
    ["control", control],
    ["parent", parent.run],
  ];
  let reference: Reference | null = null;
  for (const [role, id] of others) {
    // A parent that was deleted, or is damaged, is no reference.
    const other = id && (await read(store, id).catch(() => null));
    if (!other || reference) continue;
    const seen = watch(other, expects.metric);
    if (seen.diverged || seen.last >= parent.step + expects.within)
      reference = { ...seen, role };
  }
  return outcomeOf(trial, parent.step, watched, reference);
}

function watch({ record, run }: Read, metric?: string): Watched {
  const points = metric ? run.points(metric) : null;
  return {
    points: points ?? { steps: [], values: [] },
    last: record.progress.step,
    isActive: isActive(record.state),
    diverged: record.state === "diverged",
  };
}

/** The newest fork of the same step that changes nothing. */
async function controlOf(
  store: Records,
  { parent, trial }: RunRecord,
): Promise<string | null> {
  const all = await store.records();
  const found = all.find(
    (one) =>
      one.kind === "run" &&
      one.record.trial?.role === "control" &&
      one.record.trial.finding === trial?.finding &&
      one.record.parent?.run === parent?.run &&
      one.record.parent?.step === parent?.step,
  );
  return found?.kind === "run" ? found.record.id : null;
}

/** Not of a run under way, which is another one at its next step. */
async function keepVerdict(
  store: Records,
  { id, state, verdict: known }: RunRecord,
  diagnosis: Diagnosis,
): Promise<void> {
  const verdict = verdictOf(diagnosis);
  if (isActive(state)) return;
  if (known?.id === verdict.id && known.line === verdict.line) return;
  // It can be found again at any time, also on a disk that cannot be written.
  await store.noteVerdict(id, verdict).catch(() => undefined);
}

async function keepOutcome(
  store: Records,
  { id, state, trial }: RunRecord,
  outcome: Outcome,
): Promise<void> {
  const known = trial?.outcome;
  if (isActive(state)) return;
  if (known?.state === outcome.state && known.line === outcome.line) return;
  await store.noteOutcome(id, outcome).catch(() => undefined);
}
