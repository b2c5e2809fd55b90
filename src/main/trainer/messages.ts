/** What the host and the training worker say to each other. One run at a time; see `worker.ts` and `spawn.ts`. */
import type {
  EngineId,
  EngineSettings,
  TrainingSettings,
} from "../../shared/settings/settings";
import type { ControlRequest } from "./control";
import type { Checkpoint, TrainingEvent } from "./events";

/** Which engine trains a run, as it was chosen for it; `auto` is the processor. */
export interface ChosenEngine {
  id: EngineSettings["id"];
  /** The GPU that its self-test found. */
  device?: string;
}

/** What the worker needs to train one run. Plain data. */
export interface TrainingOrder {
  settings: TrainingSettings;
  /** Where it is left out, the settings say. */
  engine?: ChosenEngine;
  /** Where downloads and decoded caches are kept. */
  dataFolder: string;
  /** Where to go on; null begins at step 0. */
  from: Checkpoint | null;
}

/** Data are being read, drawn or downloaded. */
interface PreparationEvent {
  type: "preparing";
  title: string;
  done: number;
  total: number | null;
  unit: "images" | "bytes" | "files";
}

/** Some images cannot be read and are left out of the run. */
export interface SkippedImagesEvent {
  type: "images-skipped";
  count: number;
  first: { file: string; reason: string };
}

/** What a user should know of the images, a sentence each; there is no such event where there is nothing. */
interface DataWarningsEvent {
  type: "data-warnings";
  texts: string[];
}

/** What happens before the first `TrainingEvent`, and then those events. */
export type TrainerEvent =
  | PreparationEvent
  | { type: "engine"; id: EngineId; device: string; version: string }
  | SkippedImagesEvent
  | DataWarningsEvent
  | TrainingEvent;

export type ToWorker =
  | { type: "train"; order: TrainingOrder }
  | { type: "control"; request: ControlRequest }
  /** The host has dealt with one event. */
  | { type: "handled" }
  /** Ends the thread, which must be idle. */
  | { type: "exit" };

export type FromWorker =
  /** Needs no `handled`. */
  | { type: "progress"; event: PreparationEvent }
  | { type: "event"; event: TrainerEvent }
  /** The run is over; `failure` says why, or is null where it ended as its last event says. */
  | { type: "done"; failure: TrainingFailure | null };

export interface TrainingFailure {
  sentence: string;
  /** Whether the engine's device failed, so that another engine can go on. */
  lostDevice: boolean;
  /** Whether the system let no more files be opened. */
  outOfFiles: boolean;
}

/** How many events may be under way before the worker waits for the host. */
export const eventsUnderWay = 16;
