/** A run that can be looked into: trained here, with its settings and checkpoints. */
import type { TrainingSettings } from "../../shared/settings/settings";
import type { RunStore } from "../runs/run-store";

export interface TrainedRun {
  name: string;
  settings: TrainingSettings;
  /** Of the images that it trained on; null where the record does not say. */
  dataHash: string | null;
  /** The names of the classes of its images; null where there are none. */
  classes: readonly string[] | null;
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
  const { name, settings, data } = listing.record;
  if (!settings)
    throw new Error(
      `${name} was imported without its networks, so there is nothing to look into.`,
    );
  return {
    name,
    settings,
    dataHash: data?.hash ?? null,
    classes: data?.classes ?? null,
    checkpoints: listing.checkpoints,
  };
}
