/**
 * The training thread. Lives as long as the application: loads data, keeps the engines, and turns `train`'s events
 * into messages. Waits when the host cannot keep up.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { errorMessage, isOutOfFiles } from "../../shared/errors";
import { goToTheBackground } from "../background";
import { DeviceError } from "../engine/device-error";
import { keepTensorFlowIn } from "../engine/tensorflow/place";
import { Engines } from "./engines";
import { Control } from "./control";
import { createImageLoader } from "./images";
import { eventsUnderWay } from "./messages";
import type {
  FromWorker,
  ToWorker,
  TrainerEvent,
  TrainingFailure,
  TrainingOrder,
} from "./messages";
import { train } from "./train";
import type { ThreadData } from "../thread";
import { ownedBuffers } from "./transfer";

/** The run of the moment. */
interface Run {
  control: Control;
  /** Ends the preparation, which knows no control. */
  abort: AbortController;
  /** Events that the host has not dealt with yet. */
  underWay: number;
  wake: () => void;
}

class TrainingWorker {
  private readonly engines = new Engines();
  private readonly loadImages = createImageLoader();
  private run: Run | null = null;

  constructor(private readonly port: MessagePort) {}

  listen(): void {
    this.port.on("message", (message: ToWorker) => this.take(message));
  }

  private take(message: ToWorker): void {
    const { port, run } = this;
    switch (message.type) {
      case "train":
        void this.perform(message.order);
        break;
      case "control":
        run?.control.post(message.request);
        if (message.request.type === "stop") run?.abort.abort();
        break;
      case "handled":
        if (run) run.underWay--;
        run?.wake();
        break;
      case "exit":
        port.close();
        break;
      default:
        message satisfies never;
    }
  }

  private async perform(order: TrainingOrder): Promise<void> {
    const current: Run = {
      control: new Control(),
      abort: new AbortController(),
      underWay: 0,
      wake: () => undefined,
    };
    this.run = current;
    let failure: TrainingFailure | null = null;
    try {
      for await (const event of this.eventsOf(order, current))
        await this.tell(current, event);
    } catch (error) {
      failure = {
        sentence: errorMessage(error),
        lostDevice: error instanceof DeviceError,
        outOfFiles: isOutOfFiles(error),
      };
    }
    this.run = null;
    this.post({ type: "done", failure });
  }

  private async *eventsOf(
    order: TrainingOrder,
    { control, abort: { signal } }: Run,
  ): AsyncGenerator<TrainerEvent> {
    const { settings, from, dataFolder } = order;
    const chosen = order.engine ?? settings.engine;
    const { engine, version } = await this.engines.open(chosen);
    const device = engine.deviceFor(settings.engine);
    yield { type: "engine", id: engine.id, device, version };
    const images = await this.loadImages(settings, {
      dataFolder,
      signal,
      // Not waited for: progress is small, and loading cannot wait in the middle.
      onProgress: (progress) =>
        this.post({
          type: "progress",
          event: { type: "preparing", ...progress },
        }),
    });
    if (signal.aborted || !images) {
      yield { type: "stopped", step: from?.position.step ?? 0 };
      return;
    }
    const [first] = images.skipped;
    if (first)
      yield { type: "images-skipped", count: images.skipped.length, first };
    if (images.warnings.length > 0)
      yield { type: "data-warnings", texts: images.warnings };
    yield* train({ settings, images, engine, control, from });
  }

  private async tell(current: Run, event: TrainerEvent): Promise<void> {
    while (current.underWay >= eventsUnderWay)
      await new Promise<void>((resolve) => (current.wake = resolve));
    current.underWay++;
    this.post({ type: "event", event }, ownedBuffers(event));
  }

  private post(message: FromWorker, transfer: ArrayBuffer[] = []): void {
    this.port.postMessage(message, transfer);
  }
}

if (parentPort) {
  const { background, tensorFlow } = workerData as ThreadData;
  if (background) goToTheBackground();
  if (tensorFlow) keepTensorFlowIn(tensorFlow);
  new TrainingWorker(parentPort).listen();
}
