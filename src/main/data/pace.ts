/** Keeps long work polite: tells progress, lets the event loop breathe and stops when it is asked to. */
import { setImmediate } from "node:timers/promises";
import type { LoadOptions } from "./image-set";
import type { WorkOptions } from "./source";

type Unit = Parameters<LoadOptions["onProgress"]>[0]["unit"];

/** A message to the worker waits at most about this long. */
const breathEveryMs = 30;

export class Pace {
  private next = performance.now() + breathEveryMs;

  constructor(
    private readonly title: string,
    private readonly total: number | null,
    private readonly unit: Unit,
    private readonly options: WorkOptions,
  ) {
    options.signal.throwIfAborted();
    this.tell(0);
  }

  /** Whether `breathe` should be awaited now; cheap enough for every image. */
  due(): boolean {
    return performance.now() >= this.next;
  }

  /** Reports, yields to the event loop, and throws the signal's reason where the work was cancelled. */
  async breathe(done: number): Promise<void> {
    this.tell(done);
    await setImmediate();
    this.options.signal.throwIfAborted();
    this.next = performance.now() + breathEveryMs;
  }

  tell(done: number): void {
    this.options.onProgress({
      title: this.title,
      done,
      total: this.total,
      unit: this.unit,
    });
  }
}
