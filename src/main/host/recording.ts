/** One training from its first event to its last: into the run folder, and to whoever watches. */
import { errorMessage } from "../../shared/errors";
import type { Choice } from "../engines/engines";
import type { RecordingTrouble, RunRecorder } from "../runs/run-store";
import type {
  SkippedImagesEvent,
  TrainerEvent,
  TrainingOrder,
} from "../trainer/messages";
import { TrainerError } from "../trainer/spawn";
import { createSchedule, logCadence } from "../trainer/schedule";
import { diagnoseRun } from "./doctor";
import { describeEnvironment } from "./environment";
import type { Host } from "./host";
import { refuseSlowSteps } from "./openings";
import type { Opened } from "./openings";
import { createPace } from "./pace";
import { QualityWatch } from "./quality-watch";
import type { Pace } from "./pace";

export interface Watch {
  /** Ends what comes before the training thread knows of the run. */
  signal: AbortSignal;
  /** The thread takes requests from now on. */
  onStart(): void;
}

/** How a recording ended: `lost-device` where another engine can go on from the last checkpoint. */
export type Outcome = "ended" | "lost-device";

/** Resolves when the run has ended and its folder is closed; a failure is in the record and was told, not thrown. */
export async function recordTraining(
  host: Host,
  opened: Opened,
  { signal, onStart }: Watch,
): Promise<Outcome> {
  const { emit, trainer } = host;
  const { recorder, settings, from } = opened;
  const run = recorder.id;
  let outcome: Outcome = "ended";
  let unmark = () => Promise.resolve();
  const pace = createPace(run, (progress) =>
    emit({ type: "training-progress", progress }),
  );
  const preparation = createPreparation(host, run);
  const quality = new QualityWatch(host, run, settings);
  try {
    const choice = opened.choice ?? (await chooseEngine(host, opened, signal));
    signal.throwIfAborted();
    const begins = from === null && opened.before === null;
    if (begins && choice.id === "onnx") refuseSlowSteps(settings);
    const { dataFolder } = host;
    const order = { settings, from, dataFolder, engine: choice };
    const events = trainer.start(order);
    onStart();
    for await (const event of events) {
      if (event.type === "preparing") preparation.goOn(event);
      else if (event.type === "engine") {
        const { id: engine, device } = event;
        await recorder.setEnvironment(
          describeEnvironment(host.version, event, choice.why),
        );
        unmark = await host.engines.marks.set({ run, engine, device });
      } else if (event.type === "images-skipped")
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
        quality.handle(event);
      }
    }
  } catch (error) {
    preparation.end("failed");
    if (error === signal.reason) await stopBefore(recorder, from);
    else if (error instanceof TrainerError && error.lostDevice) {
      outcome = "lost-device";
      await recorder.interrupt(`${error.message}.`);
    } else await fail(host, recorder, error);
  }
  quality.close();
  await recorder
    .close()
    .catch((error: unknown) => tellFailure(host, run, error));
  await unmark();
  // The doctor looks once more when someone does.
  await diagnoseRun(host.store, run).catch(() => undefined);
  return outcome;
}

/** Tells of tests and measurements, which take seconds the first time. */
async function chooseEngine(
  { emit, engines }: Host,
  { recorder, settings, before }: Opened,
  signal: AbortSignal,
): Promise<Choice> {
  let title: string | null = null;
  const tell = (ended: "done" | null) => {
    if (title === null) return;
    const progress = { title, done: 0, total: null, unit: "steps" } as const;
    const task = { id: recorder.id, ...progress, ended };
    emit({ type: "task-progress", task });
  };
  const onTrial = (next: string) => {
    title = next;
    tell(null);
  };
  try {
    return await engines.choose(settings, { before, signal, onTrial });
  } finally {
    tell("done");
  }
}

/** Before the training thread knew of it. */
function stopBefore(
  recorder: RunRecorder,
  from: Opened["from"],
): Promise<void> {
  const step = from?.position.step ?? 0;
  return recorder.handle({ type: "stopped", step }).catch(() => undefined);
}

/** Gives why the processor trains the run now, in a sentence. */
export function tellLostDevice(
  { emit }: Pick<Host, "emit">,
  { record }: RunRecorder,
  again: Opened,
): string {
  const text = record.reason ?? "The GPU failed.";
  const step = (again.from?.position.step ?? 0).toLocaleString("en");
  const advice = `The run continues on the CPU from its checkpoint at step ${step}.`;
  const notice = { level: "warning", text, advice, run: record.id } as const;
  emit({ type: "notice", notice });
  return `${text} The run continued on the CPU at step ${step}.`;
}

/** What the recorder tells while it waits for room on the disk, or for its folder: no longer than `wait` milliseconds where that is given. */
export function tellTrouble(
  { emit }: Pick<Host, "emit">,
  run: string,
  trouble: RecordingTrouble,
  wait: number | null,
): void {
  switch (trouble.type) {
    case "disk-full":
      emit({
        type: "notice",
        notice: {
          level: "warning",
          text: trouble.text,
          advice: "Training waits and resumes by itself when there is room.",
          run,
        },
      });
      break;
    case "disk-has-room":
      emit({
        type: "notice",
        notice: {
          level: "info",
          text: "There is room again, and training continues.",
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
          advice:
            wait === null
              ? "Put it back, or stop the run."
              : `Put it back within ${wait / 1000} s, or the sweep continues without this run.`,
          run,
        },
      });
      break;
    case "folder-back":
      emit({
        type: "notice",
        notice: {
          level: "info",
          text: "The run's folder is back, and training continues.",
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
function tellSkipped(
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
  { settings }: Pick<TrainingOrder, "settings">,
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
  tellFailure(host, recorder.id, error);
  // Where the disk is what failed, the record cannot say so either; the notice has.
  await recorder.fail(errorMessage(error)).catch(() => undefined);
}

export function tellFailure(
  { emit }: Pick<Host, "emit">,
  run: string,
  error: unknown,
): void {
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
