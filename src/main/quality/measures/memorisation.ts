/**
 * Whether samples lie nearer to training images than images that were held out do. Held-out images are from the same
 * source and were never trained on, so they say how near is near by chance (Meehan, Chaudhuri and Dasgupta 2020).
 */
import { nearestIn } from "./neighbours";
import type { Neighbours } from "./neighbours";
import type { Products } from "./products";
import { quantile } from "./quantile";
import type { Rows } from "./rows";

/** A distance is held against those to the next nearest training images, since some kinds of image lie closer (Yoon et al. 2023). */
const compared = 5;

/** What share of held-out images counts as copied by definition. */
const copiedShare = 0.01;

/** The training images, and for each its mirror image where the training mirrors. */
export interface TrainingRows {
  rows: Rows;
  /** Images; a row's image is its number modulo this. */
  images: number;
}

/** What is known of some images: their nearest training image, and how near it is. */
export interface Nearness {
  /** The nearest training image of each. */
  image: Uint32Array;
  /** Its distance over the mean distance of the next four, which is below 1 and near 0 for a copy. */
  relative: Float64Array;
  /** 1 where the training image has another training image nearer than this one (Alaa et al. 2022). */
  authentic: Uint8Array;
}

/** At least as many training images are needed as are compared. */
export const fewestTraining = compared;

export async function nearnessOf(
  queries: Rows,
  training: TrainingRows,
  products: Products,
): Promise<Nearness> {
  const found = await nearestIn(queries, training.rows, products, 2 * compared);
  const { own, distances } = distinct(found, training.images);
  const image = own.map((images) => images[0]);
  const nearest = Float64Array.from(distances, (all) => all[0]);
  return {
    image: Uint32Array.from(image),
    relative: Float64Array.from(distances, relativeTo),
    authentic: await authenticity(image, nearest, training, products),
  };
}

/** Share of the chosen samples that are nearer, relatively, than 99 of 100 chosen held-out images. */
export function copiedAmong(
  heldOut: Nearness,
  samples: Nearness,
  heldOutChosen: Uint32Array,
  chosen: Uint32Array,
): number {
  const known = Float64Array.from(heldOutChosen, (i) => heldOut.relative[i]);
  const threshold = quantile(known, copiedShare);
  let copied = 0;
  for (const index of chosen)
    if (samples.relative[index] <= threshold) copied++;
  return copied / chosen.length;
}

/** Percentage of the chosen samples that are authentic. */
export function authenticAmong(
  { authentic }: Nearness,
  chosen: Uint32Array,
): number {
  let found = 0;
  for (const index of chosen) found += authentic[index];
  return (100 * found) / chosen.length;
}

/** Each image once, at the nearer of its two sides; at most as many as are compared. */
function distinct(
  { count, kept, distances, indices }: Neighbours,
  images: number,
): { own: number[][]; distances: number[][] } {
  const own: number[][] = [];
  const apart: number[][] = [];
  for (let row = 0; row < count; row++) {
    const seen: number[] = [];
    const far: number[] = [];
    for (let at = row * kept; at < (row + 1) * kept; at++) {
      const image = indices[at] % images;
      if (seen.length === compared || seen.includes(image)) continue;
      seen.push(image);
      far.push(Math.sqrt(distances[at]));
    }
    own.push(seen);
    apart.push(far);
  }
  return { own, distances: apart };
}

function relativeTo([nearest, ...next]: readonly number[]): number {
  const mean = next.reduce((sum, it) => sum + it, 0) / next.length;
  return mean > 0 ? nearest / mean : 0;
}

async function authenticity(
  image: readonly number[],
  nearest: Float64Array,
  { rows, images }: TrainingRows,
  products: Products,
): Promise<Uint8Array> {
  const asked = [...new Set(image)];
  const { width, values } = rows;
  const chosen = new Float32Array(asked.length * width);
  asked.forEach((index, i) =>
    chosen.set(values.subarray(index * width, (index + 1) * width), i * width),
  );
  // The image itself and its mirror are no neighbours of it.
  const found = await nearestIn(
    { count: asked.length, width, values: chosen },
    rows,
    products,
    4,
  );
  const radius = new Map(
    asked.map((index, i) => {
      for (let at = i * found.kept; at < (i + 1) * found.kept; at++)
        if (found.indices[at] % images !== index)
          return [index, Math.sqrt(found.distances[at])];
      return [index, Infinity];
    }),
  );
  return Uint8Array.from(image, (index, i) =>
    nearest[i] > (radius.get(index) ?? Infinity) ? 1 : 0,
  );
}
