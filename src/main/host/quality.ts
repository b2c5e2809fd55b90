/** Judging saved steps: the quality thread, and what it finds kept with the run. */
import type { AppContract } from "../../shared/contract/index";
import type { QualityAnswer } from "../../shared/contract/quality";
import type { Quality } from "../../shared/quality";
import type { Handlers } from "../../shared/rpc";
import type { QualityThread } from "../quality/quality";
import { createDataTasks } from "./data-tasks";
import type { Host } from "./host";
import { trainedRun } from "./trained-run";

export interface QualityArea {
  calls: Handlers<AppContract>["quality"];
  close(): Promise<void>;
}

export function createQualityArea(
  { store, dataFolder, emit }: Pick<Host, "store" | "dataFolder" | "emit">,
  thread: QualityThread,
): QualityArea {
  const tasks = createDataTasks(emit);
  const taskOf = (run: string) => `quality ${run}`;

  return {
    calls: {
      async evaluate({ run, step, samples, seed }): Promise<QualityAnswer> {
        const { settings, dataHash } = await trainedRun(store, run);
        const { state } = await store.readCheckpoint(run, step);
        const order = {
          settings,
          state,
          dataHash,
          library: store.library,
          dataFolder,
          samples,
          seed,
          threads: null,
        };
        const verdict = await tasks.run(taskOf(run), (work) =>
          thread.judge(order, work),
        );
        if (verdict.kind === "none") return verdict;
        const { extractor, realSet, measures } = verdict;
        const quality: Quality = {
          runId: run,
          step,
          extractor,
          realSet,
          samples: verdict.samples,
          measures,
        };
        await store.noteQuality(quality);
        return { kind: "quality", quality };
      },
      cancel({ run }) {
        tasks.cancel(taskOf(run));
        return null;
      },
      list: ({ run }) => store.qualities(run),
    },
    async close() {
      tasks.cancelAll();
      await thread.close();
    },
  };
}
