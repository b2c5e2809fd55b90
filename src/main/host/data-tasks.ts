/** Work on data sets that takes a while: its progress is told under the source's name, by which it is cancelled too. */
import type { LoadOptions } from "../data/image-set";
import type { Host } from "./host";
import { Task } from "./task";

type Work = Pick<LoadOptions, "onProgress" | "signal">;

const why = new Error("The work was cancelled.");

export class DataTasks {
  private readonly running = new Map<AbortController, string>();

  constructor(private readonly emit: Host["emit"]) {}

  /** Rejects as the work does; with the signal's reason where it was cancelled. */
  async run<T>(
    source: string,
    work: (options: Work) => Promise<T>,
  ): Promise<T> {
    const abort = new AbortController();
    const { signal } = abort;
    this.running.set(abort, source);
    const task = new Task(this.emit, source);
    try {
      const result = await work({
        signal,
        onProgress: (progress) => task.show(progress),
      });
      task.end("done");
      return result;
    } catch (error) {
      task.end(signal.aborted ? "cancelled" : "failed");
      throw error;
    } finally {
      this.running.delete(abort);
    }
  }

  cancel(source: string): void {
    for (const [abort, name] of this.running)
      if (name === source) abort.abort(why);
  }

  cancelAll(): void {
    for (const abort of this.running.keys()) abort.abort(why);
  }
}
