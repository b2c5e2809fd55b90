/** What follows from the settings of a data set. */
import type { DataSettings } from "./settings";

/** Whether other images come with another seed of the run. */
export function dependsOnSeed(
  data: Pick<DataSettings, "source" | "limit" | "strokesSeed">,
): boolean {
  const isDrawn = data.source === "strokes" && data.strokesSeed === null;
  return isDrawn || data.limit?.pick === "random";
}

/**
 * Why a run with these images must not go on from one with those, in one sentence, or null: what one never saw, the
 * other must not train on, or neither can be judged.
 */
export function heldOutConflict(
  before: DataSettings,
  now: DataSettings,
): string | null {
  if (before.source !== now.source || before.heldOut === now.heldOut)
    return null;
  return `It continues a run that held out ${percent(before.heldOut)} of ${now.source}, so it must hold out the same images (data.heldOut=${before.heldOut}); start a new run to change that.`;
}

function percent(share: number): string {
  return share === 0 ? "nothing" : `${Number((100 * share).toFixed(2))} %`;
}
