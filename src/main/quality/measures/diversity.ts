/** How much the samples differ from each other: the median distance of pairs against that of real images, and near-duplicates. */
import { nearestChosen } from "./neighbours";
import type { Neighbours } from "./neighbours";
import { distanceBlocks } from "./products";
import type { Products } from "./products";
import { quantile } from "./quantile";
import { sliceRows } from "./rows";
import type { Rows } from "./rows";

/** Half a million pairs are enough for a median. */
const mostPaired = 1000;

/** The distances of all pairs of the first rows. */
export class PairDistances {
  private constructor(
    readonly count: number,
    private readonly distances: Float64Array,
  ) {}

  static async of(all: Rows, products: Products): Promise<PairDistances> {
    const rows = sliceRows(all, 0, Math.min(mostPaired, all.count));
    const { count } = rows;
    const distances = new Float64Array(count * count);
    for await (const block of distanceBlocks(rows, rows, products))
      for (let i = 0; i < block.rows; i++)
        for (let j = 0; j < block.columns; j++)
          distances[(block.row + i) * count + block.column + j] = Math.sqrt(
            block.values[i * block.columns + j],
          );
    return new PairDistances(count, distances);
  }

  /** Of the chosen rows, as far as they are among the first. */
  median(chosen: Uint32Array): number {
    const members = chosen.filter((index) => index < this.count);
    const pairs = new Float64Array((members.length * (members.length - 1)) / 2);
    let at = 0;
    for (let a = 0; a < members.length; a++) {
      const line = members[a] * this.count;
      for (let b = 0; b < a; b++)
        pairs[at++] = this.distances[line + members[b]];
    }
    return quantile(pairs, 0.5);
  }
}

/** What share of real images has so near a neighbour that it counts as a duplicate. */
const duplicateShare = 0.01;

/**
 * The share of samples with another sample as near as only one of a hundred real images has another real image. Batches
 * of s images with duplicates speak for some s^2 different images (the birthday test of Arora, Risteski and Zhang 2018).
 */
export class Duplicates {
  /** Neighbours of each among its own kind. */
  constructor(
    private readonly real: Neighbours,
    private readonly fake: Neighbours,
  ) {}

  readonly among = (
    realChosen: Uint32Array,
    fakeChosen: Uint32Array,
  ): number => {
    const threshold = quantile(
      nearestChosen(this.real, realChosen),
      duplicateShare,
    );
    const distances = nearestChosen(this.fake, fakeChosen);
    return distances.filter((it) => it <= threshold).length / distances.length;
  };
}
