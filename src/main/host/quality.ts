/** Judging saved steps: the quality thread, and what it finds kept with the run. */
import type { AppContract } from "../../shared/contract/index";
import type { Handlers } from "../../shared/rpc";
import { createDataTasks } from "./data-tasks";
import type { Host } from "./host";
import { judgeStep } from "./judge-step";
import { trainedRun } from "./trained-run";

export interface QualityArea {
  calls: Handlers<AppContract>["quality"];
  close(): Promise<void>;
}

export function createQualityArea(host: Host): QualityArea {
  const { store, emit, judging } = host;
  const tasks = createDataTasks(emit);
  const taskOf = (run: string) => `quality ${run}`;

  return {
    calls: {
      async evaluate({ run, step, samples, seed }) {
        const { settings, dataHash } = await trainedRun(store, run);
        const { state } = await store.readCheckpoint(run, step);
        return tasks.run(taskOf(run), (work) =>
          judgeStep(
            host,
            { run, step, settings, state, dataHash },
            { samples, seed, threads: null },
            work,
          ),
        );
      },
      cancel({ run }) {
        tasks.cancel(taskOf(run));
        return null;
      },
      list: ({ run }) => store.qualities(run),
    },
    async close() {
      tasks.cancelAll();
      await judging.close();
    },
  };
}
