/** Judging saved steps: the quality thread, and what it finds kept with the run. */
import type { AppContract } from "../../shared/contract/index";
import type { Handlers } from "../../shared/rpc";
import { createDataTasks } from "./data-tasks";
import type { NearestAnswer } from "../../shared/contract/quality";
import type { Host } from "./host";
import type { Pictures } from "./pictures";
import { judgeStep } from "./judge-step";
import { trainedRun } from "./trained-run";

export interface QualityArea {
  calls: Handlers<AppContract>["quality"];
  close(): Promise<void>;
}

export function createQualityArea(host: Host, pictures: Pictures): QualityArea {
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
      async nearest({ run, step, tile }): Promise<NearestAnswer> {
        const { settings, dataHash } = await trainedRun(store, run);
        if (tile >= settings.sampling.count)
          throw new Error(
            `Its grid has tiles 0 to ${settings.sampling.count - 1}, not ${tile}.`,
          );
        const { state } = await store.readCheckpoint(run, step);
        const { library } = store;
        const { dataFolder } = host;
        const folder = store.folder(run);
        const at = { settings, state, dataHash, library, folder, dataFolder };
        const found = await tasks.run(taskOf(run), (work) =>
          judging.calls.nearest({ ...at, tile, threads: null }, work),
        );
        if (found.kind === "none") return found;
        const grid = { perRow: 3, padding: 2, padValue: 1, normalize: false };
        const { range } = settings.data;
        const { url, sheet } = await pictures.add(found, grid, range);
        const { training, heldOut } = found;
        return { kind: "row", url, sheet, training, heldOut };
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
