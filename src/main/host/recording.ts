/** One training from its first event to its last: into the run folder, and to whoever watches. */
import { errorMessage } from "../../shared/errors";
import type { RecordingTrouble, RunRecorder } from "../runs/run-store";
import type {
  SkippedImagesEvent,
  TrainerEvent,
  TrainingOrder,
} from "../trainer/messages";
import { createSchedule, logCadence } from "../trainer/schedule";
import { describeEnvironment } from "./environment";
import type { Host } from "./host";
import { createPace } from "./pace";
import type { Pace } from "./pace";

/** Resolves when the run has ended and its folder is closed; a failure is in the record and was told, not thrown. */
export async function recordTraining(
  host: Host,
  recorder: RunRecorder,
  order: TrainingOrder,
): Promise<void> {
  const { emit, trainer } = host;
  const run = recorder.id;
  const pace = createPace(run, (progress) =>
    emit({ type: "training-progress", progress }),
  );
  const preparation = createPreparation(host, run);
  try {
    for await (const event of trainer.start(order)) {
      if (event.type === "preparing") preparation.goOn(event);
      else if (event.type === "engine")
        await recorder.setEnvironment(describeEnvironment(host.version, event));
      else if (event.type === "images-skipped")
        recorder.warn(tellSkipped(host, run, event));
      else if (event.type === "data-warnings")
        event.texts.forEach(recorder.warn);
      else {
        preparation.end(event.type === "stopped" ? "cancelled" : "done");
        follow(pace, event);
        if (event.type === "started") tellLogCadence(host, run, order, event);
        if (event.type === "log")
          emit({ type: "log-line", run, step: event.step, line: event.line });
        await recorder.handle(event);
      }
    }
  } catch (error) {
    preparation.end("failed");
    await fail(host, recorder, error);
  }
  await recorder.close().catch((error: unknown) => tell(host, run, error));
}

/** What the recorder tells while it waits for room on the disk. */
export function tellTrouble(
  { emit }: Pick<Host, "emit">,
  run: string,
  trouble: RecordingTrouble,
): void {
  switch (trouble.type) {
    case "disk-full":
      emit({
        type: "notice",
        notice: {
          level: "warning",
          text: trouble.text,
          advice: "Training waits and goes on by itself when there is room.",
          run,
        },
      });
      break;
    case "disk-has-room":
      emit({
        type: "notice",
        notice: {
          level: "info",
          text: "There is room again, and training goes on.",
          advice: null,
          run,
        },
      });
      break;
    case "folder-gone":
      emit({
        type: "notice",
        notice: {
          level: "warning",
          text: trouble.text,
          advice: "Put it back, or stop the run.",
          run,
        },
      });
      break;
    case "folder-back":
      emit({
        type: "notice",
        notice: {
          level: "info",
          text: "The run's folder is back, and training goes on.",
          advice: null,
          run,
        },
      });
      break;
    case "failed":
      // `handle` rejects with the same sentence.
      break;
    default:
      trouble satisfies never;
  }
}

/** The run goes on without them, but whoever started it should know; gives the sentence. */
export function tellSkipped(
  { emit }: Pick<Host, "emit">,
  run: string,
  { count, first }: SkippedImagesEvent,
): string {
  const images = count === 1 ? "1 image" : `${count} images`;
  const text = `${images} could not be read and ${count === 1 ? "is" : "are"} left out; the first is ${first.file}: ${first.reason}.`;
  emit({
    type: "notice",
    notice: {
      level: "warning",
      text,
      advice: "The preview of the data set lists them.",
      run,
    },
  });
  return text;
}

/** Where a preset's log lines would never come, because the data set is smaller than its tutorial's. */
function tellLogCadence(
  { emit }: Host,
  run: string,
  { settings }: TrainingOrder,
  { data, stepsPerEpoch }: Extract<TrainerEvent, { type: "started" }>,
): void {
  const asked = settings.log.cadence;
  const cadence = logCadence(settings, createSchedule(settings, data.count));
  if (cadence === asked) return;
  const text = `A log line every ${asked.every} steps would never come, because an epoch has ${stepsPerEpoch}; there is one at the end of each epoch instead.`;
  emit({
    type: "notice",
    notice: { level: "info", text, advice: null, run },
  });
}

function follow(pace: Pace, event: TrainerEvent): void {
  if (event.type === "started") pace.begin(event.step, event.totalSteps);
  if (event.type === "metrics") pace.take(event.block);
  if (event.type === "paused") pace.rest();
}

async function fail(
  host: Host,
  recorder: RunRecorder,
  error: unknown,
): Promise<void> {
  tell(host, recorder.id, error);
  // Where the disk is what failed, the record cannot say so either; the notice has.
  await recorder.fail(errorMessage(error)).catch(() => undefined);
}

function tell({ emit }: Host, run: string, error: unknown): void {
  emit({
    type: "notice",
    notice: { level: "error", text: errorMessage(error), advice: null, run },
  });
}

type Preparing = Extract<TrainerEvent, { type: "preparing" }>;

/** The progress of reading, drawing or downloading the data, told as a task until the run starts. */
function createPreparation({ emit }: Host, run: string) {
  let latest: Preparing | null = null;
  const tellTask = (ended: "done" | "cancelled" | "failed" | null) => {
    if (latest === null) return;
    const { title, done, total, unit } = latest;
    emit({
      type: "task-progress",
      task: { id: run, title, done, total, unit, ended },
    });
  };
  return {
    goOn(event: Preparing) {
      latest = event;
      tellTask(null);
    },
    end(how: "done" | "cancelled" | "failed") {
      tellTask(how);
      latest = null;
    },
  };
}
