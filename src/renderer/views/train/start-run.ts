/** Starts a run and shows it, or puts it in the queue where another is under way. */
import { idOf } from "../../../shared/run";
import type { TrainingSettings } from "../../../shared/settings/settings";
import type { Application } from "../../state/application.svelte";
import type { Origin } from "../../state/draft.svelte";

export async function startRun(
  { client, navigation, notices, runs }: Application,
  wanted: {
    name: string;
    settings: TrainingSettings;
    origin?: Origin | null;
  },
): Promise<void> {
  const { origin, settings } = wanted;
  const name = wanted.name.trim() || null;
  const order = origin
    ? ({
        type: "fork",
        run: origin.run,
        step: origin.step,
        settings,
        name,
      } as const)
    : ({ type: "new", settings, name } as const);
  const queued = await notices.guard(client.queue.add({ order }));
  if (queued?.type === "waits") notices.inform("Added to the queue.");
  if (queued?.type !== "started") return;
  runs.put(queued.listing);
  navigation.showRun(idOf(queued.listing), "overview");
}
