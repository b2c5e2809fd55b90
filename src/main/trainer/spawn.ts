/**
 * The host's side of the training thread. A run is a stream of events; whoever reads it sets the pace. A crashed
 * thread ends its run with a TrainerError and is replaced at the next start.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { errorMessage, isOutOfFiles } from "../../shared/errors";
import type { NetworkRole } from "../../shared/settings/settings";
import type { ControlRequest } from "./control";
import { EventQueue } from "./event-queue";
import type {
  FromWorker,
  ToWorker,
  TrainerEvent,
  TrainingOrder,
} from "./messages";
import { createThread, onGone } from "../thread";

/** A run that could not start or go on, in one sentence. */
export class TrainerError extends Error {
  override name = "TrainerError";
  constructor(
    message: string,
    /** Whether the thread itself broke down. */
    readonly crashed: boolean,
    /** Whether the engine's device failed, so that another engine can go on. */
    readonly lostDevice = false,
  ) {
    super(message);
  }
}

export interface Trainer {
  /** Whether a run is being prepared, trained or paused. */
  readonly busy: boolean;
  /**
   * Starts a run. Its events come in order and end after `finished`, `stopped` or `diverged`; reading throws a
   * TrainerError where the run fails. The thread is a few events ahead of the reader and then waits. Leaving the loop
   * early stops the run and waits for its end. Throws a TrainerError at once where another run is under way.
   */
  start(order: TrainingOrder): AsyncIterableIterator<TrainerEvent>;
  pause(): void;
  unpause(): void;
  /** Also ends a preparation. */
  stop(): void;
  checkpoint(): void;
  setLearningRates(learningRates: Record<NetworkRole, number>): void;
  /** Stops what runs, waits for its end, and ends the thread. */
  close(): Promise<void>;
}

/** How long it waits for files to open before it makes another thread, in milliseconds. */
const lookAgainAfter = 1000;

/** What a thread is to train, until it has told of a first step: then it has all that it needs of the disk. */
interface NotBegun {
  order: TrainingOrder;
  requests: ControlRequest[];
}

/** The thread starts at the first need. */
export class TrainerThread implements Trainer {
  private worker: Promise<Worker> | null = null;
  private run: EventQueue<TrainerEvent> | null = null;
  private notBegun: NotBegun | null = null;
  private readonly closing = new AbortController();

  /** `thread` is another way to make one, for tests. */
  constructor(
    private readonly thread: () => Promise<Worker> = () =>
      createThread("trainer"),
  ) {}

  get busy(): boolean {
    return this.run !== null;
  }

  start(order: TrainingOrder): AsyncIterableIterator<TrainerEvent> {
    if (this.run)
      throw new TrainerError(
        "Another run is training; wait until it ends, or stop it first.",
        false,
      );
    this.run = new EventQueue<TrainerEvent>({
      onHandled: () => this.send({ type: "handled" }),
      onAbandoned: () => this.stop(),
    });
    this.notBegun = { order, requests: [] };
    this.send({ type: "train", order });
    return this.run;
  }

  pause(): void {
    this.control({ type: "pause" });
  }

  unpause(): void {
    this.control({ type: "unpause" });
  }

  stop(): void {
    this.control({ type: "stop" });
  }

  checkpoint(): void {
    this.control({ type: "checkpoint" });
  }

  setLearningRates(learningRates: Record<NetworkRole, number>): void {
    this.control({ type: "learning-rates", learningRates });
  }

  async close(): Promise<void> {
    this.closing.abort(new Error("the application was closed"));
    const current = await this.worker?.catch(() => null);
    if (!current) return;
    const ended = new Promise((resolve) => current.once("exit", resolve));
    const active = this.run;
    if (active) {
      this.stop();
      await active.drained;
    }
    // Never `terminate`: during an engine call it takes the whole process with it.
    current.postMessage({ type: "exit" } satisfies ToWorker);
    await ended;
  }

  private control(request: ControlRequest): void {
    if (!this.run) return;
    this.notBegun?.requests.push(request);
    this.send({ type: "control", request });
  }

  private send(message: ToWorker): void {
    const current = (this.worker ??= this.begin());
    current.then(
      (thread) => thread.postMessage(message),
      (error: unknown) => this.leave(current, error),
    );
  }

  private begin(afterMs = 0): Promise<Worker> {
    const begun = delay(afterMs, undefined, { signal: this.closing.signal })
      .then(this.thread)
      .then((created) => {
        created.on("message", (message: FromWorker) => {
          if (this.worker === begun) this.receive(message);
        });
        onGone(created, (cause) => this.leave(begun, cause));
        return created;
      });
    return begun;
  }

  /** A thread is gone, or never came. */
  private leave(gone: Promise<Worker>, cause: unknown): void {
    if (this.worker !== gone) return;
    if (!isOutOfFiles(cause) || !this.beginAgain()) this.crash(cause);
  }

  /**
   * In another thread: what Node could not load once it does not look for again in the same one. Gives whether it does:
   * once a run has begun, or the application closes, it does not.
   */
  private beginAgain(): boolean {
    if (!this.notBegun || this.closing.signal.aborted) return false;
    const { order, requests } = this.notBegun;
    this.run?.push(waitingForFiles, false);
    this.worker
      ?.then((old) => old.postMessage({ type: "exit" } satisfies ToWorker))
      .catch(() => undefined);
    this.worker = this.begin(lookAgainAfter);
    this.send({ type: "train", order });
    for (const request of requests) this.send({ type: "control", request });
    return true;
  }

  private receive(message: FromWorker): void {
    switch (message.type) {
      case "progress":
        this.run?.push(message.event, false);
        break;
      case "event":
        if (message.event.type === "started") this.notBegun = null;
        this.run?.push(message.event, true);
        break;
      case "done":
        if (!message.failure?.outOfFiles || !this.beginAgain())
          this.end(message.failure);
        break;
      default:
        message satisfies never;
    }
  }

  private end(failure: Extract<FromWorker, { type: "done" }>["failure"]): void {
    const ended = this.run;
    this.run = null;
    ended?.end(
      failure && new TrainerError(failure.sentence, false, failure.lostDevice),
    );
  }

  /** Ends the run; the next start makes a new thread. */
  private crash(cause: unknown): void {
    this.worker = null;
    const reason = errorMessage(cause);
    const error = new TrainerError(
      `Training crashed: ${reason}. What was saved is kept; resume the run from its last checkpoint.`,
      true,
    );
    this.run?.end(error);
    this.run = null;
  }
}

const waitingForFiles: TrainerEvent = {
  type: "preparing",
  title: "Waiting until the system lets more files be opened",
  done: 0,
  total: null,
  unit: "files",
};
