/**
 * What the rest of the application sees of runs on disk: the library (`createStore` in `store.ts`) and the recorder of
 * one run under way. Only types; the folder itself is described in `folder/layout.ts`.
 */
import type { WeightChoice } from "../../shared/run";
import type { MetricGroup } from "../../shared/curves/metric-group";
import type { CheckpointNote, ImportLook } from "../../shared/contract/runs";
import type { Quality } from "../../shared/quality";
import type { Pruned, PrunedSet, PruneRule } from "../../shared/contract/room";
import type { Outcome, TrialPlan } from "../../shared/doctor/trial";
import type { QueriedRun } from "../../shared/query/columns";
import type {
  RunEdit,
  RunListing,
  RunRecord,
  SweepEntry,
} from "../../shared/run";
import type { Environment } from "../../shared/run";
import type { TrainingSettings } from "../../shared/settings/settings";
import type { Checkpoint, TrainingEvent } from "../trainer/events";
import type { SavedCheckpoint } from "./checkpoints/checkpoint-file";
import type { ResumeAt } from "./folder/resume-point";

/** A library of runs in one folder. Every failure rejects with a RunError of one sentence. */
export interface RunStore {
  readonly library: string;
  /** Every run, newest first; a damaged one is an entry with its reason. Runs whose process is gone become interrupted. */
  list(): Promise<RunListing[]>;
  /** The same without grids and checkpoints, which take longer to find; runs under way first, then the newest. */
  records(): Promise<readonly QueriedRun[]>;
  /** Those of some runs by their ids, of which one that is not there is left out. */
  recordsOf(ids: readonly string[]): Promise<Map<string, QueriedRun>>;
  get(id: string): Promise<RunListing>;
  edit(id: string, edit: RunEdit): Promise<RunListing>;
  /** Makes a damaged record again from the other files of its folder. */
  repair(id: string): Promise<RunListing>;
  /** A new run folder, locked until its recorder is closed. With a parent, the parent's checkpoint is copied into it. */
  create(run: NewRun): Promise<RunRecorder>;
  /** Locks a run to go on from a checkpoint, and sets aside what was recorded after it. Null: begin at step 0 again. */
  reopen(id: string, options?: ReopenOptions): Promise<ReopenedRun>;
  /** Into the library's trash; refused for a run that is under way. */
  remove(ids: readonly string[]): Promise<void>;
  /** Back from the trash. */
  restore(ids: readonly string[]): Promise<void>;
  /** What is in the trash, newest first. */
  trashed(): Promise<RunListing[]>;
  /** Deletes what is in the trash for good; gives how many runs that were. */
  emptyTrash(): Promise<number>;
  /** Deletes runs for good, here and in the trash. */
  discard(ids: readonly string[]): Promise<void>;
  /** Takes checkpoints and grids out of runs that are not under way; `dry` only says what that would be. */
  prune(ids: readonly string[], rule: PruneRule, dry: boolean): Promise<Pruned>;
  /** Puts them back. */
  restorePruned(token: string): Promise<RunListing[]>;
  /** What can be put back, newest first. */
  pruned(): Promise<PrunedSet[]>;
  /** The scalars of a run after a step, rows not yet on disk included. */
  series(id: string, afterStep: number): Promise<readonly MetricGroup[]>;
  /** The same as `encodeMetrics` writes them. */
  metrics(id: string, afterStep: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Where a saved grid is; the file may not exist. */
  samplePath(id: string, step: number, weights?: WeightChoice): string;
  /** Where a run's folder is. */
  folder(id: string): string;
  readCheckpoint(id: string, step: number | "last"): Promise<SavedCheckpoint>;
  /** Copies a checkpoint to a file, so that it stays whatever becomes of the run. */
  keepCheckpoint(id: string, step: number, path: string): Promise<void>;
  /** Reads such a copy. */
  readKeptCheckpoint(path: string, step: number): Promise<SavedCheckpoint>;
  /** Where a run could go on, ascending, and what is wrong there. */
  checkpoints(id: string): Promise<CheckpointNote[]>;
  /** What was measured of a run's saved steps, ascending; of the average of G where it keeps one, or of the last weights. */
  qualities(id: string, weights?: WeightChoice): Promise<Quality[]>;
  /** Keeps what the doctor said of a run that is at rest; that is no change of the run. */
  noteVerdict(id: string, verdict: RunRecord["verdict"]): Promise<void>;
  /** Keeps what came of a fork that tries the doctor's advice, in its own record and in its parent's. */
  noteOutcome(id: string, outcome: Outcome): Promise<void>;
  /** Keeps a measurement with its run, in the place of an earlier one of that step. */
  noteQuality(quality: Quality): Promise<void>;
  /** A TensorBoard log (file or folder), CSV, stats.jsonl or bundle; gives the new run. */
  importFile(path: string, options?: ImportOptions): Promise<RunListing>;
  /** What a table's steps can be; null for what is no table. Nothing is imported. */
  lookAtImport(
    path: string,
    options?: ImportOptions,
  ): Promise<ImportLook | null>;
  /** Writes a run's folder as a ZIP that `importFile` takes. */
  exportBundle(
    id: string,
    target: string,
    options?: BundleOptions,
  ): Promise<void>;
  /** The library lies there from now on; nothing may be under way in it. */
  moveTo(library: string): Promise<void>;
  /** From now on changes that other processes make are told too. */
  watch(): void;
  /** Gives the function that stops listening. */
  onChange(listener: (change: RunChange) => void): () => void;
  /** Stops background work; open recorders are closed as interrupted. */
  close(): Promise<void>;
}

export type RunChange =
  | { type: "changed"; listing: RunListing }
  | { type: "removed"; ids: string[] }
  /** Another process trains this run; the rows are those since the last look. */
  | { type: "grew"; record: RunRecord; rows: readonly MetricGroup[] }
  /** Something that was skipped or repaired, in one sentence. */
  | { type: "warning"; run: string; text: string };

export interface ImportOptions {
  /** Of a table: the column that counts the steps, or `rowNumber`; null finds it. */
  stepColumn?: string | null;
}

export interface NewRun {
  /** Otherwise it is given one. */
  id?: string;
  settings: TrainingSettings;
  /** Null makes one from the preset. */
  name: string | null;
  /** Null where the engine is not loaded yet; `setEnvironment` follows. */
  environment: Environment | null;
  /** Where it goes on from: another run's checkpoint. */
  parent: RunRecord["parent"];
  /** What the run begins with under its settings; null for a parent's checkpoint as it is, or for nothing. */
  start?: Checkpoint | null;
  group?: string;
  /** The entry of a sweep that it is. */
  sweep?: SweepEntry;
  /** What the doctor advised, where it is a fork that tries that. */
  trial?: TrialPlan | null;
  onTrouble?: (trouble: RecordingTrouble) => void;
}

export interface ReopenOptions {
  /** New settings, for example a longer schedule; the saved ones otherwise. */
  settings?: TrainingSettings;
  /** Otherwise the newest, which must be whole. */
  at?: ResumeAt;
  /** Makes of the checkpoint what is gone on from; where it throws, nothing has changed. */
  fit?: (saved: SavedCheckpoint) => Checkpoint;
  onTrouble?: (trouble: RecordingTrouble) => void;
}

export interface ReopenedRun {
  recorder: RunRecorder;
  checkpoint: Checkpoint | null;
}

export interface BundleOptions {
  /** Overwrite an existing file. */
  force?: boolean;
  signal?: AbortSignal;
  onProgress?: (files: { done: number; total: number }) => void;
}

/** Turns the events of one training into its run folder. */
export interface RunRecorder {
  readonly id: string;
  /** As it stands now, ahead of what is on disk by at most a few seconds. */
  readonly record: RunRecord;
  /**
   * Takes the next event. Resolves when the recorder is ready for another: at once mostly, late where the disk is slow
   * or full. After an end (`finished`, `stopped`, `diverged`) it resolves when everything is safely on disk. Rejects with
   * the sentence of the first write that failed, and from then on always; the training must be stopped.
   */
  handle(event: TrainingEvent): Promise<void>;
  setEnvironment(environment: Environment): Promise<void>;
  /** Keeps a sentence in the record, at the step where the run stands; one that is there already is not kept twice. */
  warn(text: string): void;
  /** Ends the run as failed, with the reason. */
  fail(reason: string): Promise<void>;
  /** Ends the run such that it can be resumed, with the reason. */
  interrupt(reason: string): Promise<void>;
  /** Its sweep is about to stop it: why, for its record. */
  noteStoppedEarly(reason: string): void;
  /** Ends waiting for a folder that may never come back; the run fails. */
  giveUp(): void;
  /** Writes what is left and gives up the lock. A run still under way becomes interrupted. Safe to call twice. */
  close(): Promise<void>;
}

/** What a recorder tells besides its promises. */
export type RecordingTrouble =
  /** Nothing is lost: `handle` waits and tries again each second. */
  | { type: "disk-full"; text: string }
  | { type: "disk-has-room" }
  /** The same for a run folder that was moved or deleted, until `giveUp`. */
  | { type: "folder-gone"; text: string }
  | { type: "folder-back" }
  /** Writing failed for good; `handle` rejects from now on. */
  | { type: "failed"; text: string };
