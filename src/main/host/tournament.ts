/** Tournaments of saved steps, played in the quality thread. */
import type { AppContract } from "../../shared/contract/index";
import type { Handlers } from "../../shared/rpc";
import { rank } from "../../shared/tournament/tournament";
import type { QualityThread } from "../quality/quality";
import { createDataTasks } from "./data-tasks";
import type { Host } from "./host";
import { trainedRun } from "./trained-run";

const task = "tournament";

/** Draws every G's latents. */
const seed = 0;

export function createTournamentCalls(
  { store, dataFolder, emit }: Pick<Host, "store" | "dataFolder" | "emit">,
  thread: QualityThread,
): Handlers<AppContract>["tournament"] {
  const tasks = createDataTasks(emit);
  return {
    async play({ entrants, images }) {
      const loaded = await Promise.all(
        entrants.map(async ({ run, step }) => {
          const { name, settings } = await trainedRun(store, run);
          const { state } = await store.readCheckpoint(run, step);
          return { name, settings, state };
        }),
      );
      const order = { entrants: loaded, images, seed, dataFolder };
      const played = await tasks.run(task, (work) =>
        thread.calls.play(order, work),
      );
      return rank({
        entrants: entrants.map((one, i) => ({ ...one, name: loaded[i].name })),
        ...played,
      });
    },
    cancel() {
      tasks.cancel(task);
      return null;
    },
  };
}
