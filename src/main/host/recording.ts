/** One training from its first event to its last: into the run folder, and to whoever watches. */
import { errorMessage } from "../../shared/errors";
import type { Choice } from "../engines/engines";
import type { RunRecorder } from "../runs/run-store";
import type { TrainerEvent } from "../trainer/messages";
import { TrainerError } from "../trainer/spawn";
import { diagnoseRun } from "./doctor";
import { describeEnvironment } from "./environment";
import type { Host } from "./host";
import { refuseSlowSteps } from "./openings";
import type { Opened } from "./openings";
import { Pace } from "./pace";
import { QualityWatch } from "./quality-watch";
import { tellFailure, tellLogCadence, tellSkipped } from "./run-notices";
import { Task } from "./task";

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
  const pace = new Pace(run, (progress) =>
    emit({ type: "training-progress", progress }),
  );
  /** Reading, drawing or downloading the data, until the run starts. */
  const preparation = new Task(emit, run);
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
      if (event.type === "preparing") {
        const { title, done, total, unit } = event;
        preparation.show({ title, done, total, unit });
      } else if (event.type === "engine") {
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
  const task = new Task(emit, recorder.id);
  const onTrial = (title: string) =>
    task.show({ title, done: 0, total: null, unit: "steps" });
  try {
    return await engines.choose(settings, { before, signal, onTrial });
  } finally {
    task.end("done");
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
