import type { RunListing } from "../run";
import type { CommandId } from "./commands";
import type { SweepSummary } from "../sweeps/status";
import type { QueueState } from "./queue";

/** What the window is told without asking. */
export type AppEvent =
  /** A run is new, or anything in its listing changed. */
  | { type: "run-changed"; listing: RunListing }
  | { type: "runs-removed"; ids: string[] }
  /** A few times a second while a run trains; the new metric rows are fetched as a file. */
  | { type: "training-progress"; progress: TrainingProgress }
  /** A long preparation: making strokes, downloading, decoding, exporting. */
  | { type: "task-progress"; task: TaskProgress }
  | { type: "queue-changed"; queue: QueueState }
  /** A sweep is new, was cancelled or taken up again; what became of its runs is told by them. */
  | { type: "sweep-changed"; id: string }
  /** It was moved to another disk. */
  | { type: "library-moved"; library: string }
  /** Nothing of a sweep waits in the queue or trains any more. */
  | { type: "sweep-ended"; sweep: SweepSummary }
  | { type: "log-line"; run: string; step: number; line: string }
  /** At launch: runs whose process is gone, which `training.resume` can take up again. */
  | { type: "interrupted-runs"; ids: string[] }
  /** Files that were imported, the latest first. */
  | { type: "recent-files"; paths: string[] }
  /** The desktop's menu was used; the window acts as on its own buttons. */
  | { type: "command"; command: CommandId }
  /** A notification of the desktop was clicked. */
  | { type: "show-run"; run: string }
  | { type: "show-sweep"; sweep: string }
  | { type: "notice"; notice: Notice };

export interface TrainingProgress {
  run: string;
  step: number;
  totalSteps: number;
  stepsPerSecond: number;
  /** Null until it can be told. */
  secondsLeft: number | null;
}

export interface TaskProgress {
  /** The run, download or export it belongs to. */
  id: string;
  /** "Drawing strokes", "Downloading train-images-idx3-ubyte.gz". */
  title: string;
  done: number;
  /** Null where the end is not known. */
  total: number | null;
  unit: "images" | "bytes" | "files" | "frames" | "steps";
  /** Null while it goes on. */
  ended: "done" | "cancelled" | "failed" | null;
}

/** One sentence: what happened, to what; `advice` is what to do. */
export interface Notice {
  level: "info" | "warning" | "error";
  text: string;
  advice: string | null;
  run: string | null;
}
