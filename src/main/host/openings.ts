/** The three ways in which a training begins: anew, resumed, or forked from another run's checkpoint. */
import { availableParallelism } from "node:os";
import type { QueueOrder } from "../../shared/contract/queue";
import type { TrialPlan } from "../../shared/doctor/trial";
import { plannedSteps, untilStep } from "../../shared/settings/length";
import { checkSettings } from "../../shared/settings/check";
import { slowStep } from "../../shared/settings/check-processor";
import { hasBeginning } from "../../shared/run";
import type { Environment, RunRecord, SweepEntry } from "../../shared/run";
import { heldOutConflict } from "../../shared/settings/data";
import type { TrainingSettings } from "../../shared/settings/settings";
import type { Choice } from "../engines/engines";
import type { SavedCheckpoint } from "../runs/checkpoints/checkpoint-file";
import type {
  RecordingTrouble,
  RunRecorder,
  RunStore,
} from "../runs/run-store";
import type { Checkpoint } from "../trainer/events";
import { changedCheckpoint, forkCheckpoint } from "../trainer/fork";

/** A run whose folder is open, and what is to be trained into it. */
export interface Opened {
  recorder: RunRecorder;
  settings: TrainingSettings;
  from: Checkpoint | null;
  /** What a run that is resumed or forked was trained on, or another of its sweep. */
  before: Environment | null;
  /** Where the engine is settled already. */
  choice?: Choice;
}

export type OnTrouble = (trouble: RecordingTrouble) => void;

export interface NewOrder {
  /** Otherwise it is given one. */
  id?: string;
  settings: TrainingSettings;
  name: string | null;
  /** Of an entry of a sweep. */
  group?: string;
  sweep?: SweepEntry;
}

/** Rejects with one sentence, and then nothing was made. */
export async function openNew(
  store: RunStore,
  order: NewOrder,
  onTrouble: OnTrouble,
): Promise<Opened> {
  const { settings } = order;
  refuseProblems(settings);
  if (settings.engine.id === "onnx") refuseSlowSteps(settings);
  const recorder = await store.create({
    ...order,
    environment: null,
    parent: null,
    onTrouble,
  });
  const { sweep } = order;
  const before = sweep ? await sweepEnvironment(store, sweep.id) : null;
  // An engine that was named is taken as named.
  const isOpen = settings.engine.id === "auto";
  return { recorder, settings, from: null, before: isOpen ? before : null };
}

/** What a run of the same sweep was trained on, so that one engine trains them all. */
async function sweepEnvironment(
  store: RunStore,
  sweep: string,
): Promise<Environment | null> {
  for (const run of await store.records())
    if (
      run.kind === "run" &&
      run.record.sweep?.id === sweep &&
      run.record.environment
    )
      return run.record.environment;
  return null;
}

export interface ResumeOrder {
  run: string;
  /** Where to go on; otherwise at the newest checkpoint. */
  at?: number | "readable";
  /** The new total; null keeps the run's own. */
  steps: number | null;
  /** New ones; otherwise the run keeps its own. */
  settings?: TrainingSettings;
}

/** Rejects as `openNew` does. */
export async function openAgain(
  store: RunStore,
  { run, at, steps, settings: changed }: ResumeOrder,
  onTrouble: OnTrouble,
): Promise<Opened> {
  const record = await trained(store, run);
  const settings = resumedSettings(record, changed, steps, at);
  refuseProblems(settings);
  if (record.settings) refuseConflict(record.settings, settings);
  const { recorder, checkpoint: from } = await store.reopen(run, {
    settings,
    at,
    fit: (saved) => checkpointUnder(settings, saved, record),
    onTrouble,
  });
  return { recorder, settings, from, before: record.environment };
}

export interface ForkOrder {
  /** Of the new run; otherwise it is given one. */
  id?: string;
  run: string;
  step: number;
  settings: TrainingSettings;
  name: string | null;
  /** What the doctor advised, where it tries that. */
  trial?: TrialPlan | null;
  /** Where the checkpoint was kept while the fork waited; otherwise it is the parent's. */
  kept?: string;
}

/** Rejects as `openNew` does. */
export async function openFork(
  store: RunStore,
  order: ForkOrder,
  onTrouble: OnTrouble,
): Promise<Opened> {
  const { run, step, settings } = order;
  refuseProblems(settings);
  // A fork that waited has what it needs; its parent may be gone by now.
  const listing = await store.get(run);
  const parent = listing.kind === "run" ? listing.record : null;
  if (listing.kind === "damaged" && !order.kept)
    throw new Error(listing.reason);
  if (parent) refuseNoSteps(settings, parent, step);
  if (parent) refuseNoBeginning(parent, step);
  const saved = await beginningOf(store, order);
  const before = saved?.settings ?? parent?.settings ?? settings;
  refuseConflict(before, settings);
  const name = order.name ?? forkName(parent?.name ?? run, step);
  const from = saved && forkCheckpoint(saved, before, settings);
  const recorder = await store.create({
    id: order.id,
    settings,
    name,
    environment: null,
    parent: { run, step },
    trial: order.trial,
    start: from,
    onTrouble,
  });
  return { recorder, settings, from, before: parent?.environment ?? null };
}

/** What a fork begins with; null at step 0, where it begins as its parent did, with the same first weights. */
async function beginningOf(
  store: RunStore,
  { run, step, kept }: ForkOrder,
): Promise<SavedCheckpoint | null> {
  if (step === 0) return null;
  return kept
    ? store.readKeptCheckpoint(kept, step)
    : store.readCheckpoint(run, step);
}

/** Rejects with one sentence where a training that is to begin later could not begin now. */
export async function checkOrder(
  store: RunStore,
  order: QueueOrder,
): Promise<void> {
  switch (order.type) {
    case "new":
      refuseProblems(order.settings);
      break;
    case "resume": {
      const { at, settings: changed, steps, run } = order;
      const record = await trained(store, run);
      const settings = resumedSettings(record, changed, steps, at);
      refuseProblems(settings);
      if (record.settings) refuseConflict(record.settings, settings);
      break;
    }
    case "fork": {
      const { run, settings, step } = order;
      refuseProblems(settings);
      const parent = await trained(store, run);
      refuseNoSteps(settings, parent, step);
      refuseNoBeginning(parent, step);
      if (parent.settings) refuseConflict(parent.settings, settings);
      await beginningOf(store, order);
      break;
    }
    default:
      order satisfies never;
  }
}

/** "parent · fork @1,264". */
export function forkName(parent: string, step: number): string {
  const tail = ` · fork @${step.toLocaleString("en")}`;
  return parent.slice(0, 200 - tail.length) + tail;
}

/** Nothing starts that would end at once. */
function refuseNoSteps(
  settings: TrainingSettings,
  { progress }: RunRecord,
  step: number,
): void {
  const total = plannedSteps(settings, progress.stepsPerEpoch);
  if (total > 0 && total <= step)
    throw new Error(
      `It would end at once: it begins at step ${step} and is to end at step ${total}; give more steps.`,
    );
}

function refuseNoBeginning(record: RunRecord, step: number): void {
  if (step === 0 && !hasBeginning(record))
    throw new Error(
      `${record.name} is a fork and begins at step ${record.parent?.step}; fork it there.`,
    );
}

async function trained(store: RunStore, run: string): Promise<RunRecord> {
  const listing = await store.get(run);
  if (listing.kind === "damaged") throw new Error(listing.reason);
  return listing.record;
}

/**
 * A run may have been interrupted before its first checkpoint under changed settings, so what counts is what the
 * checkpoint was made under; only one of an older version does not say, and has the record's.
 */
function checkpointUnder(
  settings: TrainingSettings,
  saved: SavedCheckpoint,
  record: RunRecord,
): Checkpoint {
  const before = saved.settings ?? record.settings;
  return before && !trainsAlike(before, settings)
    ? changedCheckpoint(saved, before, settings)
    : saved;
}

/** Whether they differ at most in how long they train. */
function trainsAlike(a: TrainingSettings, b: TrainingSettings): boolean {
  const endless = (settings: TrainingSettings) =>
    JSON.stringify({
      ...settings,
      schedule: { ...settings.schedule, length: null },
    });
  return endless(a) === endless(b);
}

/** The window has shown them beside their fields; this is for whoever did not look. */
function refuseProblems(settings: TrainingSettings): void {
  const problem = checkSettings(settings).at(0);
  if (problem) throw new Error(`${problem.path}: ${problem.message}`);
}

/** Of a run that begins anew on the processor; one that exists may go on. */
export function refuseSlowSteps(settings: TrainingSettings): void {
  const cores = settings.engine.threads ?? availableParallelism();
  const problem = slowStep(settings, cores);
  if (problem) throw new Error(problem);
}

function refuseConflict(before: TrainingSettings, now: TrainingSettings): void {
  const conflict = heldOutConflict(before.data, now.data);
  if (conflict) throw new Error(conflict);
}

/** Refuses a total that is not beyond where the run stands, or beyond where it is to go on. */
function resumedSettings(
  { settings: saved, progress, name, state }: RunRecord,
  changed: TrainingSettings | undefined,
  steps: number | null,
  at: ResumeOrder["at"],
): TrainingSettings {
  const settings = changed ?? saved;
  if (saved === null || settings === null)
    throw new Error(
      `${name} was imported without its settings, so it cannot be resumed.`,
    );
  const planned = changed
    ? plannedSteps(changed, progress.stepsPerEpoch)
    : progress.totalSteps;
  const total = steps ?? planned;
  const from = typeof at === "number" ? at : progress.step;
  // What was interrupted after its last step has yet to save it and to say that it has finished.
  const isToBeEnded = state === "interrupted" && at === "readable";
  if (total > 0 && total <= from && !isToBeEnded)
    throw new Error(
      `${name} has already taken ${from} steps; give a larger total to continue.`,
    );
  if (steps === null) return settings;
  return untilStep(settings, steps);
}
