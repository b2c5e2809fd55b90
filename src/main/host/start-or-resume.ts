/** One run to its end, wherever it stands: started where it is not there yet, resumed where it has not ended. */
import { existsSync } from "node:fs";
import { isActive } from "../../shared/run";
import { hasEnded, stateOf } from "../../shared/sweeps/status";
import type { RunStore } from "../runs/run-store";
import type { Begun, TrainingArea, TrainingOrder } from "./training";

/** Another process trains it: that is no failure, and it is looked at again later. */
export class TrainedElsewhere extends Error {
  override name = "TrainedElsewhere";
}

/**
 * Null where the run has ended already. `order` is what starts it. Unattended, it goes on from the newest checkpoint
 * that can be read. Rejects with one sentence where it cannot.
 */
export async function startOrResume(
  { store, training }: { store: RunStore; training: TrainingArea },
  run: string,
  order: () => TrainingOrder,
  atOnce: number,
): Promise<Begun | null> {
  if (!existsSync(store.folder(run))) return training.begin(order(), atOnce);
  let listing = await store.get(run);
  if (listing.kind === "damaged" && listing.repairable)
    listing = await store.repair(run);
  if (listing.kind === "damaged")
    throw new Error(
      `The run ${run} is damaged: ${listing.reason} Delete it to have it trained anew.`,
    );
  const { state } = listing.record;
  if (hasEnded(stateOf(listing.record))) return null;
  if (isActive(state))
    throw new TrainedElsewhere(`The run ${run} is being trained already.`);
  return training.begin(
    { type: "resume", run, at: "readable", steps: null },
    atOnce,
  );
}
