/** What D says of images, as figures that need no threshold. */

/** The mean of the chosen scores. */
export function meanScore(scores: Float32Array, chosen: Uint32Array): number {
  let sum = 0;
  for (const index of chosen) sum += scores[index];
  return sum / chosen.length;
}

/**
 * The area under the ROC curve: the share of pairs of a real and a generated image in which D gives the real one more, a
 * draw being half. 0.5: D cannot tell them apart. By ranks (Mann and Whitney 1947), so critics can be compared too.
 */
export function areaUnderCurve(
  real: ArrayLike<number>,
  fake: ArrayLike<number>,
): number {
  const sortedReal = Float64Array.from(real).sort();
  const sortedFake = Float64Array.from(fake).sort();
  let below = 0;
  let upTo = 0;
  let wins = 0;
  for (const score of sortedReal) {
    while (below < sortedFake.length && sortedFake[below] < score) below++;
    upTo = Math.max(upTo, below);
    while (upTo < sortedFake.length && sortedFake[upTo] <= score) upTo++;
    wins += below + (upTo - below) / 2;
  }
  return wins / (sortedReal.length * sortedFake.length);
}

/** The chosen scores. */
export function pickScores(
  scores: Float32Array,
  chosen: Uint32Array,
): Float64Array {
  return Float64Array.from(chosen, (index) => scores[index]);
}
