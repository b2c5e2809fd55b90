/** Work on data sets that takes a while: its progress is told under the source's name, by which it is cancelled too. */
import type { AppEvent, TaskProgress } from "../../shared/contract/events";
import type { LoadOptions } from "../data/image-set";

type Work = Pick<LoadOptions, "onProgress" | "signal">;

export interface DataTasks {
  /** Rejects as the work does; with the signal's reason where it was cancelled. */
  run<T>(source: string, work: (options: Work) => Promise<T>): Promise<T>;
  cancel(source: string): void;
  cancelAll(): void;
}

const tellEvery = 100;

export function createDataTasks(emit: (event: AppEvent) => void): DataTasks {
  const running = new Map<AbortController, string>();

  return {
    async run(source, work) {
      const abort = new AbortController();
      running.set(abort, source);
      let latest: Omit<TaskProgress, "ended"> | null = null;
      let lastTold = 0;
      const tell = (ended: TaskProgress["ended"]) => {
        lastTold = Date.now();
        if (latest) emit({ type: "task-progress", task: { ...latest, ended } });
      };
      try {
        const result = await work({
          signal: abort.signal,
          onProgress(progress) {
            latest = { id: source, ...progress };
            if (Date.now() - lastTold >= tellEvery) tell(null);
          },
        });
        tell("done");
        return result;
      } catch (error) {
        tell(abort.signal.aborted ? "cancelled" : "failed");
        throw error;
      } finally {
        running.delete(abort);
      }
    },
    cancel(source) {
      for (const [abort, name] of running)
        if (name === source) abort.abort(why);
    },
    cancelAll() {
      for (const abort of running.keys()) abort.abort(why);
    },
  };
}

const why = new Error("The work was cancelled.");
