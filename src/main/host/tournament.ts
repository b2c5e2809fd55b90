/** Tournaments of saved steps, played in the quality thread. */
import type { AppContract } from "../../shared/contract/index";
import type { Handlers } from "../../shared/rpc";
import type { FooledAnswer } from "../../shared/contract/tournament";
import { rank } from "../../shared/tournament/tournament";
import type { QualityThread } from "../quality/quality";
import { DataTasks } from "./data-tasks";
import type { Host } from "./host";
import type { Pictures } from "./pictures";
import { trainedRun } from "./trained-run";

const task = "tournament";

/** Of the samples that fooled a D most. */
const most = 24;
const grid = { perRow: 6, padding: 2, padValue: 1, normalize: false };

/** Draws every G's latents. */
const seed = 0;

export function createTournamentCalls(
  { store, dataFolder, emit }: Pick<Host, "store" | "dataFolder" | "emit">,
  thread: QualityThread,
  pictures: Pictures,
): Handlers<AppContract>["tournament"] {
  const tasks = new DataTasks(emit);
  const load = async ({ run, step }: { run: string; step: number }) => {
    const { name, settings } = await trainedRun(store, run);
    const { state } = await store.readCheckpoint(run, step);
    return { name, settings, state };
  };
  return {
    async play({ entrants, images }) {
      const loaded = await Promise.all(entrants.map(load));
      const order = { entrants: loaded, images, seed, dataFolder };
      const played = await tasks.run(task, (work) =>
        thread.calls.play(order, work),
      );
      return rank({
        entrants: entrants.map((one, i) => ({ ...one, name: loaded[i].name })),
        ...played,
      });
    },
    async fooled({ discriminator, generator, images }): Promise<FooledAnswer> {
      const order = {
        discriminator: await load(discriminator),
        generator: await load(generator),
        ...{ images, seed, dataFolder, most },
      };
      const found = await tasks.run(task, (work) =>
        thread.calls.fooled(order, work),
      );
      if (found.kind === "none") return found;
      const { range } = order.generator.settings.data;
      const { url, sheet } = await pictures.add(found, grid, range);
      const { above, scores } = found;
      return { kind: "sheet", url, sheet, scores, above };
    },
    cancel() {
      tasks.cancel(task);
      return null;
    },
  };
}
