/**
 * Which images a run never sees, so that it can be judged on them. A data set's own test part is kept for that, and
 * then nothing is taken from what is trained on; elsewhere it is a share of the images, drawn once and for all.
 */
import { Random } from "../../shared/random";
import type { DataIdentity } from "../../shared/run";
import type { DataSettings } from "../../shared/settings/settings";
import type { ImageSource } from "./source";

/** Below this, measures say more about which images were held out than about the run. */
export const fewestHeldOut = 32;
/** Smaller sets hold out none. */
const fewestImages = 100;

/**
 * Numbers of the images that are held out, ascending. They depend on the number of images and the share only, not on
 * the classes, the limit or the seed: whatever a fork changes of these, it does not train on what its parent held out.
 */
export function heldOutIndices(
  { count, testPart }: Pick<ImageSource, "count" | "testPart">,
  { heldOut: share }: Pick<DataSettings, "heldOut">,
): Uint32Array {
  if (testPart || share === 0 || count < fewestImages)
    return new Uint32Array(0);
  const held = Math.max(fewestHeldOut, Math.round(share * count));
  return Random.fromSeed(0, "held-out")
    .permutation(count)
    .slice(0, held)
    .sort();
}

/** How many images there are to judge on, and whose. */
export async function countHeldOut(
  source: ImageSource,
  data: Pick<DataSettings, "heldOut">,
): Promise<NonNullable<DataIdentity["heldOut"]> | null> {
  if (source.testPart)
    return { count: await source.testPart.count(), from: "test part" };
  const { length } = heldOutIndices(source, data);
  return length === 0 ? null : { count: length, from: "own images" };
}
