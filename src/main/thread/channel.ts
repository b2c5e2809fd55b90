/** Both ends of the channel between the application and one of its threads. */
import { parentPort } from "node:worker_threads";
import type { Worker } from "node:worker_threads";
import { serve } from "../../shared/rpc";
import type { Channel, Contract, LongHandlers } from "../../shared/rpc";
import { onGone } from "./index";

/** Beside the calls, the one thing a thread is told. */
const end = "end";

/** The application's end. The thread starts at the first message; one that is gone is replaced at the next. */
export class ThreadChannel implements Channel {
  private worker: Promise<Worker> | null = null;
  private readonly onMessages = new Set<(message: unknown) => void>();
  private readonly onCloses = new Set<(reason?: string) => void>();
  private readonly onOpens = new Set<() => void>();

  /** `explain` makes the sentence for the calls that a thread leaves unanswered. */
  constructor(
    private readonly create: () => Promise<Worker>,
    private readonly explain: (cause: Error) => string,
  ) {}

  send(message: unknown): void {
    this.worker ??= this.begin();
    this.worker
      .then((worker) => worker.postMessage(message))
      .catch((error: Error) => this.leave(error));
  }

  onMessage(listener: (message: unknown) => void): () => void {
    return added(this.onMessages, listener);
  }

  onClose(listener: (reason?: string) => void): () => void {
    return added(this.onCloses, listener);
  }

  onOpen(listener: () => void): () => void {
    return added(this.onOpens, listener);
  }

  /**
   * Cancels what is under way and waits until the thread has ended: an engine's own threads must not be cut off in the
   * middle. `patience` in milliseconds, where one that does not end may be.
   */
  async close(patience?: number): Promise<void> {
    const worker = await this.worker?.catch(() => null);
    if (!worker) return;
    const ended = new Promise((resolve) => worker.once("exit", resolve));
    worker.postMessage(end);
    const giveUp =
      patience && setTimeout(() => void worker.terminate(), patience);
    await ended;
    clearTimeout(giveUp);
  }

  /** Ends the thread at once; only for one that runs no engine. */
  async terminate(): Promise<void> {
    const worker = await this.worker?.catch(() => null);
    await worker?.terminate();
  }

  private async begin(): Promise<Worker> {
    const worker = await this.create();
    worker.on("message", (message) => {
      for (const listener of this.onMessages) listener(message);
    });
    onGone(worker, (cause) => this.leave(cause));
    return worker;
  }

  private leave(cause: Error): void {
    this.worker = null;
    for (const listener of this.onCloses) listener(this.explain(cause));
    // The next message makes a new thread.
    for (const listener of this.onOpens) listener();
  }
}

/** The thread's end: answers its calls, each after the one before, until it is told to end. */
export function answerCalls<C extends Contract>(
  contract: C,
  handlers: LongHandlers<C>,
): void {
  const port = parentPort;
  if (!port) return;
  const channel: Channel = {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on("message", listener);
      return () => port.off("message", listener);
    },
    onClose: (listener) => {
      const closed = () => listener();
      port.on("close", closed);
      return () => port.off("close", closed);
    },
  };
  const calls = serve(contract, channel, handlers, { oneAtATime: true });
  channel.onMessage((message) => {
    if (message !== end) return;
    calls.cancelAll();
    port.close();
  });
}

function added<T>(set: Set<T>, item: T): () => void {
  set.add(item);
  return () => set.delete(item);
}
