/** Whether each class comes as often among the samples as among real images. */

/** A sample that no class claims. */
const rejected = -1;

/** Below this probability of the likeliest class, the classifier is unsure. */
const sureFrom = 0.9;

/**
 * The class of each image by logits `[count, classes]`; -1 where the classifier is unsure, or where `isStrange` says that
 * the image is unlike any real one, since a confident classifier labels garbage.
 */
export function classesOf(
  logits: Float32Array,
  classes: number,
  isStrange: (index: number) => boolean,
): Int32Array {
  return Int32Array.from({ length: logits.length / classes }, (_, index) => {
    const own = logits.subarray(index * classes, (index + 1) * classes);
    const most = Math.max(...own);
    const sum = own.reduce((total, logit) => total + Math.exp(logit - most), 0);
    return 1 / sum < sureFrom || isStrange(index)
      ? rejected
      : own.indexOf(most);
  });
}

/** Of samples that were asked for a class: -1 where a sample shows another one. */
export function asAsked(
  labels: Int32Array,
  asked: ArrayLike<number>,
): Int32Array {
  return labels.map((label, i) => (label === asked[i] ? label : rejected));
}

/** The share of the chosen images that each class has; what was rejected is in none. */
export function sharesOf(
  labels: Int32Array,
  chosen: Uint32Array,
  classes: number,
): Float64Array {
  const shares = new Float64Array(classes);
  for (const index of chosen)
    if (labels[index] !== rejected) shares[labels[index]] += 1 / chosen.length;
  return shares;
}

/** What two distributions over classes have in common: 1 where they are equal, 0.1 where one of ten equal classes is all there is. */
export function commonShare(real: Float64Array, fake: Float64Array): number {
  return real.reduce((sum, share, i) => sum + Math.min(share, fake[i]), 0);
}
