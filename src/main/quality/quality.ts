/** The host's side of the quality thread. A crashed thread fails what was under way and is replaced at the next call. */
import type { Worker } from "node:worker_threads";
import { createThread, onGone } from "../thread";
import type {
  FromQuality,
  QualityCall,
  QualityCalls,
  QualityProgress,
  ToQuality,
} from "./messages";

export interface QualityWork {
  signal?: AbortSignal;
  onProgress?: (progress: QualityProgress) => void;
}

interface Waiting extends QualityWork {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** Milliseconds; between two looks at the signal there is less work than this. */
const patience = 5_000;

export class QualityThread {
  private worker: Promise<Worker> | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;

  constructor(private readonly create = () => createThread("quality")) {}

  /** Rejects with one sentence, or with the signal's reason. The thread starts at the first call. */
  async call<K extends QualityCall>(
    type: K,
    order: QualityCalls[K]["order"],
    work: QualityWork = {},
  ): Promise<QualityCalls[K]["answer"]> {
    work.signal?.throwIfAborted();
    const id = this.nextId++;
    const worker = await (this.worker ??= this.begin());
    // While the thread started nothing listened to the signal.
    work.signal?.throwIfAborted();
    const cancel = () =>
      worker.postMessage({ type: "cancel", id } satisfies ToQuality);
    work.signal?.addEventListener("abort", cancel, { once: true });
    try {
      const answer = await new Promise<unknown>((resolve, reject) => {
        this.waiting.set(id, { ...work, resolve, reject });
        worker.postMessage({ type, id, order } as ToQuality);
      });
      // Our own thread's answer to this very call.
      return answer as QualityCalls[K]["answer"];
    } finally {
      work.signal?.removeEventListener("abort", cancel);
      work.signal?.throwIfAborted();
    }
  }

  /** Ends what is under way, and then the thread: the engine's own threads must not be cut off in the middle. */
  async close(): Promise<void> {
    const worker = await this.worker?.catch(() => null);
    if (!worker) return;
    const ended = new Promise<void>((resolve) => {
      worker.once("exit", () => resolve());
    });
    for (const id of this.waiting.keys())
      worker.postMessage({ type: "cancel", id } satisfies ToQuality);
    worker.postMessage({ type: "exit" } satisfies ToQuality);
    const giveUp = setTimeout(() => void worker.terminate(), patience);
    await ended;
    clearTimeout(giveUp);
  }

  private async begin(): Promise<Worker> {
    const worker = await this.create();
    worker.on("message", (message: FromQuality) => this.receive(message));
    onGone(worker, (cause) => this.crash(cause));
    return worker;
  }

  private receive(message: FromQuality): void {
    const asked = this.waiting.get(message.id);
    switch (message.type) {
      case "progress":
        asked?.onProgress?.(message.progress);
        return;
      case "done":
        asked?.resolve(message.answer);
        break;
      case "failed":
        asked?.reject(new Error(message.sentence));
        break;
      default:
        message satisfies never;
    }
    this.waiting.delete(message.id);
  }

  private crash(cause: Error): void {
    this.worker = null;
    for (const { reject } of this.waiting.values())
      reject(
        new Error(`The evaluation broke down: ${cause.message}. Try again.`),
      );
    this.waiting.clear();
  }
}
