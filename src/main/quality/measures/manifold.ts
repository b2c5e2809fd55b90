/**
 * Precision and recall (Kynkaanniemi et al. 2019), density and coverage (Naeem et al. 2020): who lies inside the balls
 * that reach from each image to its fifth neighbour. Strictly inside, as in their `prdc`.
 */
import { positionOfKth, ranksAmong } from "./neighbours";
import type { Neighbours } from "./neighbours";
import type { Products } from "./products";
import type { Rows } from "./rows";

/** The neighbour whose distance is a ball's radius. */
const ballNeighbour = 5;

export interface ManifoldValues {
  /** Share of samples inside a ball of a real image. */
  precision: number;
  /** Share of real images inside a ball of a sample. */
  recall: number;
  /** Balls of real images that a sample lies in, over 5; above 1 where samples crowd where real images do. */
  density: number;
  /** Share of real images with a sample in their ball. */
  coverage: number;
}

/** Features, and for each its neighbours among them. */
export interface NeighbouredRows {
  features: Rows;
  neighbours: Neighbours;
}

/** The neighbours of real images, or of samples, and who of the other side is near them. */
interface Side {
  neighbours: Neighbours;
  near: NearPairs;
}

/** Neighbours and ranks, computed once for any choice of images. */
export class Manifold {
  private constructor(
    private readonly real: Side,
    private readonly fake: Side,
    /** For each sample the squared distance of the nearest real image. */
    readonly nearestReal: Float64Array,
    private readonly k: number,
  ) {}

  static async of(
    real: NeighbouredRows,
    fake: NeighbouredRows,
    products: Products,
    k = ballNeighbour,
  ): Promise<Manifold> {
    const { features: x, neighbours: inReal } = real;
    const { features: y, neighbours: inFake } = fake;
    const ofReal = await ranksAmong(x, inReal, y, products);
    const ofFake = await ranksAmong(y, inFake, x, products);
    return new Manifold(
      { neighbours: inReal, near: nearPairs(inReal, ofReal.ranks) },
      { neighbours: inFake, near: nearPairs(inFake, ofFake.ranks) },
      ofReal.nearest,
      k,
    );
  }

  readonly among = (
    realChosen: Uint32Array,
    fakeChosen: Uint32Array,
  ): ManifoldValues => {
    const { real, fake, k } = this;
    const balls = inside(real, realChosen, fakeChosen, {
      k,
      others: fake.neighbours.count,
    });
    const others = inside(fake, fakeChosen, realChosen, {
      k,
      others: real.neighbours.count,
    });
    return {
      precision: shareOf(balls.memberships, (count) => count > 0),
      recall: shareOf(others.memberships, (count) => count > 0),
      density:
        balls.memberships.reduce((sum, count) => sum + count, 0) /
        (k * fakeChosen.length),
      coverage: shareOf(balls.inhabitants, (count) => count > 0),
    };
  };
}

/** Who of the others is near each row at all, row after row; far pairs, which are most, are left out. */
interface NearPairs {
  /** Where each row's pairs begin; one more than rows. */
  starts: Uint32Array;
  others: Uint32Array;
  ranks: Uint8Array;
}

function nearPairs({ count, kept }: Neighbours, ranks: Uint8Array): NearPairs {
  const width = ranks.length / count;
  const starts = new Uint32Array(count + 1);
  for (let row = 0; row < count; row++) {
    let near = 0;
    for (let at = row * width; at < (row + 1) * width; at++)
      if (ranks[at] < kept) near++;
    starts[row + 1] = starts[row] + near;
  }
  const pairs = {
    starts,
    others: new Uint32Array(starts[count]),
    ranks: new Uint8Array(starts[count]),
  };
  for (let at = 0, pair = 0; at < ranks.length; at++)
    if (ranks[at] < kept) {
      pairs.others[pair] = at % width;
      pairs.ranks[pair++] = ranks[at];
    }
  return pairs;
}

/** How many balls each chosen other lies in, and how many chosen others each chosen ball holds. */
function inside(
  { neighbours, near: pairs }: Side,
  chosen: Uint32Array,
  othersChosen: Uint32Array,
  { k, others }: { k: number; others: number },
): { memberships: Uint32Array; inhabitants: Uint32Array } {
  const isChosen = flagsOf(chosen, neighbours.count);
  const isOther = flagsOf(othersChosen, others);
  const positions = positionOfKth(neighbours, chosen, isChosen, k);
  const balls = new Uint32Array(others);
  const inhabitants = new Uint32Array(chosen.length);
  for (let i = 0; i < chosen.length; i++) {
    const end = pairs.starts[chosen[i] + 1];
    for (let pair = pairs.starts[chosen[i]]; pair < end; pair++)
      if (pairs.ranks[pair] <= positions[i] && isOther[pairs.others[pair]]) {
        balls[pairs.others[pair]]++;
        inhabitants[i]++;
      }
  }
  return {
    memberships: othersChosen.map((other) => balls[other]),
    inhabitants,
  };
}

function flagsOf(chosen: Uint32Array, count: number): Uint8Array {
  const flags = new Uint8Array(count);
  for (const index of chosen) flags[index] = 1;
  return flags;
}

function shareOf(
  counts: Uint32Array,
  matches: (count: number) => boolean,
): number {
  let found = 0;
  for (const count of counts) if (matches(count)) found++;
  return found / counts.length;
}
