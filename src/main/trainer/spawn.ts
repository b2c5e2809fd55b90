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

/** The thread starts at the first need. `thread` is another way to make one, for tests. */
export function createTrainer(
  thread: () => Promise<Worker> = () => createThread("trainer"),
): Trainer {
  let worker: Promise<Worker> | null = null;
  let run: EventQueue<TrainerEvent> | null = null;
  /** What the thread is to train, until it has told of a first step: then it has all that it needs of the disk. */
  let notBegun: { order: TrainingOrder; requests: ControlRequest[] } | null =
    null;
  const closing = new AbortController();

  return {
    get busy() {
      return run !== null;
    },
    start(order) {
      if (run)
        throw new TrainerError(
          "Another run is training; wait until it ends, or stop it first.",
          false,
        );
      run = new EventQueue<TrainerEvent>({
        onHandled: () => send({ type: "handled" }),
        onAbandoned: () => control({ type: "stop" }),
      });
      notBegun = { order, requests: [] };
      send({ type: "train", order });
      return run;
    },
    pause: () => control({ type: "pause" }),
    unpause: () => control({ type: "unpause" }),
    stop: () => control({ type: "stop" }),
    checkpoint: () => control({ type: "checkpoint" }),
    setLearningRates: (learningRates) =>
      control({ type: "learning-rates", learningRates }),
    async close() {
      closing.abort(new Error("the application was closed"));
      const current = await worker?.catch(() => null);
      if (!current) return;
      const ended = new Promise((resolve) => current.once("exit", resolve));
      const active = run;
      if (active) {
        control({ type: "stop" });
        await active.drained;
      }
      // Never `terminate`: during an engine call it takes the whole process with it.
      current.postMessage({ type: "exit" } satisfies ToWorker);
      await ended;
    },
  };

  function control(request: ControlRequest): void {
    if (!run) return;
    notBegun?.requests.push(request);
    send({ type: "control", request });
  }

  function send(message: ToWorker): void {
    const current = (worker ??= begin());
    current.then(
      (thread) => thread.postMessage(message),
      (error: unknown) => leave(current, error),
    );
  }

  function begin(afterMs = 0): Promise<Worker> {
    const begun = delay(afterMs, undefined, { signal: closing.signal })
      .then(thread)
      .then((created) => {
        created.on("message", (message: FromWorker) => {
          if (worker === begun) receive(message);
        });
        onGone(created, (cause) => leave(begun, cause));
        return created;
      });
    return begun;
  }

  /** A thread is gone, or never came. */
  function leave(gone: Promise<Worker>, cause: unknown): void {
    if (worker !== gone) return;
    if (isOutOfFiles(cause) && notBegun && !closing.signal.aborted)
      beginAgain(notBegun);
    else crash(cause);
  }

  /** In another thread: what Node could not load once it does not look for again in the same one. */
  function beginAgain({ order, requests }: NonNullable<typeof notBegun>): void {
    run?.push(waitingForFiles, false);
    worker
      ?.then((old) => old.postMessage({ type: "exit" } satisfies ToWorker))
      .catch(() => undefined);
    worker = begin(lookAgainAfter);
    send({ type: "train", order });
    for (const request of requests) send({ type: "control", request });
  }

  function receive(message: FromWorker): void {
    switch (message.type) {
      case "progress":
        run?.push(message.event, false);
        break;
      case "event":
        if (message.event.type === "started") notBegun = null;
        run?.push(message.event, true);
        break;
      case "done": {
        if (
          message.failure?.outOfFiles &&
          notBegun &&
          !closing.signal.aborted
        ) {
          beginAgain(notBegun);
          break;
        }
        const ended = run;
        run = null;
        ended?.end(
          message.failure === null
            ? null
            : new TrainerError(
                message.failure.sentence,
                false,
                message.failure.lostDevice,
              ),
        );
        break;
      }
      default:
        message satisfies never;
    }
  }

  /** Ends the run; the next start makes a new thread. */
  function crash(cause: unknown): void {
    worker = null;
    const reason = errorMessage(cause);
    const error = new TrainerError(
      `Training broke down: ${reason}. What was saved is kept; resume the run from its last checkpoint.`,
      true,
    );
    run?.end(error);
    run = null;
  }
}

const waitingForFiles: TrainerEvent = {
  type: "preparing",
  title: "Waiting until the system lets more files be opened",
  done: 0,
  total: null,
  unit: "files",
};
