/** A run that can be looked into: trained here, with its settings and checkpoints. */
import type { TrainingSettings } from "../../shared/settings/settings";
import type { RunStore } from "../runs/run-store";

export interface TrainedRun {
  name: string;
  settings: TrainingSettings;
  /** Steps with a checkpoint, ascending. */
  checkpoints: number[];
}

/** Throws one sentence where the run is damaged or was imported without its networks. */
export async function trainedRun(
  store: Pick<RunStore, "get">,
  id: string,
): Promise<TrainedRun> {
  const listing = await store.get(id);
  if (listing.kind === "damaged") throw new Error(listing.reason);
  const { name, settings } = listing.record;
  if (!settings)
    throw new Error(
      `${name} was imported without its networks, so there is nothing to look into.`,
    );
  return { name, settings, checkpoints: listing.checkpoints };
}
