/** Starts a run and shows it. */
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
  const listing = await notices.guard(
    origin
      ? client.training.fork({
          run: origin.run,
          step: origin.step,
          settings,
          name,
        })
      : client.training.start({ settings, name }),
  );
  if (listing?.kind !== "run") return;
  runs.put(listing);
  navigation.showRun(listing.record.id, "overview");
}
