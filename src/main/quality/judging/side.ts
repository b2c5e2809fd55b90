/** One side of a comparison: real images, or samples, and what is known of each picture. */
import type { Extractor } from "../extractor/extractor";
import { comparedRows } from "../extractor/pictures";
import type { Pictures } from "../extractor/pictures";
import { nearnessOf } from "../measures/memorisation";
import type { Nearness, TrainingRows } from "../measures/memorisation";
import { nearestIn } from "../measures/neighbours";
import type { Neighbours } from "../measures/neighbours";
import type { Products } from "../measures/products";
import { sliceRows } from "../measures/rows";
import type { Rows } from "../measures/rows";

/** What is needed to look at pictures. */
export interface Instruments {
  extractor: Extractor;
  products: Products;
  /** Null where there are too few training images to speak of copies. */
  training: TrainingRows | null;
}

/** Pictures whose nearest training images are looked for. */
const mostTraced = 2000;

export interface Side {
  pictures: Pictures;
  features: Rows;
  logits: Float32Array | null;
  /** The pictures made small. */
  compared: Rows;
  /** Among its own features. */
  neighbours: Neighbours;
  /** Among its own small pictures. */
  alike: Neighbours;
  /** Of the first pictures. */
  nearness: Nearness | null;
}

/** Rejects with the signal's reason. */
export async function sideOf(
  pictures: Pictures,
  { extractor, products, training }: Instruments,
  signal: AbortSignal,
): Promise<Side> {
  const { features, logits } = await extractor.read(pictures, signal);
  const compared = comparedRows(pictures);
  signal.throwIfAborted();
  const neighbours = await nearestIn(features, features, products);
  const alike = await nearestIn(compared, compared, products);
  signal.throwIfAborted();
  const traced = sliceRows(compared, 0, Math.min(mostTraced, compared.count));
  const nearness = training && (await nearnessOf(traced, training, products));
  signal.throwIfAborted();
  return { pictures, features, logits, compared, neighbours, alike, nearness };
}
