/** What the host and the training worker say to each other. One run at a time; see `worker.ts` and `spawn.ts`. */
import type { EngineStatus } from "../engine/engine";
import type {
  EngineId,
  TrainingSettings,
} from "../../shared/settings/settings";
import type { ControlRequest } from "./control";
import type { Checkpoint, TrainingEvent } from "./events";

/** What the worker needs to train one run. Plain data. */
export interface TrainingOrder {
  settings: TrainingSettings;
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
export interface DataWarningsEvent {
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
  /** Loads every engine to see what it can do here; answered by `engines`. */
  | { type: "engines" }
  | { type: "train"; order: TrainingOrder }
  | { type: "control"; request: ControlRequest }
  /** The host has dealt with one event. */
  | { type: "handled" }
  /** Ends the thread, which must be idle. */
  | { type: "exit" };

export type FromWorker =
  | { type: "engines"; statuses: EngineStatus[] }
  /** Needs no `handled`. */
  | { type: "progress"; event: PreparationEvent }
  | { type: "event"; event: TrainerEvent }
  /** The run is over; `failure` is one sentence, or null where it ended as its last event says. */
  | { type: "done"; failure: string | null };

/** How many events may be under way before the worker waits for the host. */
export const eventsUnderWay = 16;
