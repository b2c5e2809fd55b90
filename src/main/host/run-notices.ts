/** What is told of a run that trains, as notices. */
import type { Notice } from "../../shared/contract/events";
import { errorMessage } from "../../shared/errors";
import type { RecordingTrouble, RunRecorder } from "../runs/run-store";
import type {
  SkippedImagesEvent,
  TrainerEvent,
  TrainingOrder,
} from "../trainer/messages";
import { createSchedule, logCadence } from "../trainer/schedule";
import type { Host } from "./host";
import type { Opened } from "./openings";

type Teller = Pick<Host, "emit">;

export function tellFailure(teller: Teller, run: string, error: unknown): void {
  tell(teller, run, "error", errorMessage(error));
}

/** Gives why the processor trains the run now, in a sentence. */
export function tellLostDevice(
  teller: Teller,
  { record }: RunRecorder,
  again: Opened,
): string {
  const text = record.reason ?? "The GPU failed.";
  const step = (again.from?.position.step ?? 0).toLocaleString("en");
  const advice = `The run continues on the CPU from its checkpoint at step ${step}.`;
  tell(teller, record.id, "warning", text, advice);
  return `${text} The run continued on the CPU at step ${step}.`;
}

/** What the recorder tells while it waits for room on the disk, or for its folder: no longer than `wait` milliseconds where that is given. */
export function tellTrouble(
  teller: Teller,
  run: string,
  trouble: RecordingTrouble,
  wait: number | null,
): void {
  switch (trouble.type) {
    case "disk-full": {
      const advice = "Training waits and resumes by itself when there is room.";
      tell(teller, run, "warning", trouble.text, advice);
      break;
    }
    case "disk-has-room":
      tell(teller, run, "info", "There is room again, and training continues.");
      break;
    case "folder-gone": {
      const advice =
        wait === null
          ? "Put it back, or stop the run."
          : `Put it back within ${wait / 1000} s, or the sweep continues without this run.`;
      tell(teller, run, "warning", trouble.text, advice);
      break;
    }
    case "folder-back": {
      const text = "The run's folder is back, and training continues.";
      tell(teller, run, "info", text);
      break;
    }
    case "failed":
      // `handle` rejects with the same sentence.
      break;
    default:
      trouble satisfies never;
  }
}

/** The run goes on without them, but whoever started it should know; gives the sentence. */
export function tellSkipped(
  teller: Teller,
  run: string,
  { count, first }: SkippedImagesEvent,
): string {
  const images = count === 1 ? "1 image" : `${count} images`;
  const text = `${images} could not be read and ${count === 1 ? "is" : "are"} left out; the first is ${first.file}: ${first.reason}.`;
  const advice = "The preview of the data set lists them.";
  tell(teller, run, "warning", text, advice);
  return text;
}

/** Where a preset's log lines would never come, because the data set is smaller than its tutorial's. */
export function tellLogCadence(
  teller: Teller,
  run: string,
  { settings }: Pick<TrainingOrder, "settings">,
  { data, stepsPerEpoch }: Extract<TrainerEvent, { type: "started" }>,
): void {
  const asked = settings.log.cadence;
  const cadence = logCadence(settings, createSchedule(settings, data.count));
  if (cadence === asked) return;
  const text = `A log line every ${asked.every} steps would never come, because an epoch has ${stepsPerEpoch}; there is one at the end of each epoch instead.`;
  tell(teller, run, "info", text);
}

function tell(
  { emit }: Teller,
  run: string,
  level: Notice["level"],
  text: string,
  advice: string | null = null,
): void {
  emit({ type: "notice", notice: { level, text, advice, run } });
}
