/** What is said of a data set that is too small to learn from, before time is spent on it. */

/** Below, D knows every image by heart within minutes; the smallest sets that papers train on hold about a hundred. */
const farTooFew = 100;
/** Below, unaugmented GANs overfit (Karras et al. 2020, "Training GANs with Limited Data", figure 1). */
const few = 1000;

/** A sentence, or null where there are enough. */
export function fewImages(count: number): string | null {
  const images = count === 1 ? "One image is" : `${count} images are`;
  if (count < farTooFew)
    return `${images} far too few: D will memorize them, and G will copy them. Add more; some thousands are usual.`;
  return count < few
    ? `${images} few: D may memorize them. Some thousands are usual.`
    : null;
}
