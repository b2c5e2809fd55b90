/** Latent vectors by seed and number: the explorer's, and those of exported samples, so that one finds the other again. */
import { Random } from "./random";

/** Vector `index` of a seed: `size` normal values, whatever else is drawn. */
export function seededLatent(
  seed: number,
  index: number,
  size: number,
): Float32Array {
  const vector = new Float32Array(size);
  Random.fromSeed(seed, `explore ${index}`).fillNormal(vector);
  return vector;
}
