/**
 * Precision and recall (Kynkaanniemi et al. 2019), density and coverage (Naeem et al. 2020): who lies inside the balls
 * that reach from each image to its fifth neighbour. Strictly inside, as in their `prdc`.
 */
import { positionOfKth, ranksAmong } from "./neighbours";
import type { Neighbours, Ranks } from "./neighbours";
import type { Products } from "./products";
import type { Rows } from "./rows";

/** The neighbour whose distance is a ball's radius. */
export const ballNeighbour = 5;

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

/** Neighbours and ranks, computed once for any choice of images. */
export class Manifold {
  private constructor(
    private readonly real: Neighbours,
    private readonly fake: Neighbours,
    private readonly ofReal: Ranks,
    private readonly ofFake: Ranks,
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
    return new Manifold(
      inReal,
      inFake,
      await ranksAmong(x, inReal, y, products),
      await ranksAmong(y, inFake, x, products),
      k,
    );
  }

  /** For each sample the squared distance of the nearest real image. */
  get nearestReal(): Float64Array {
    return this.ofReal.nearest;
  }

  readonly among = (
    realChosen: Uint32Array,
    fakeChosen: Uint32Array,
  ): ManifoldValues => {
    const { real, fake, k } = this;
    const balls = inside(real, this.ofReal.ranks, realChosen, fakeChosen, {
      k,
      others: fake.count,
    });
    const others = inside(fake, this.ofFake.ranks, fakeChosen, realChosen, {
      k,
      others: real.count,
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

/** How many balls each other lies in, and how many others each ball holds. */
function inside(
  neighbours: Neighbours,
  ranks: Uint8Array,
  chosen: Uint32Array,
  othersChosen: Uint32Array,
  { k, others }: { k: number; others: number },
): { memberships: Uint32Array; inhabitants: Uint32Array } {
  const isChosen = new Uint8Array(neighbours.count);
  for (const index of chosen) isChosen[index] = 1;
  const positions = positionOfKth(neighbours, chosen, isChosen, k);
  const memberships = new Uint32Array(othersChosen.length);
  const inhabitants = new Uint32Array(chosen.length);
  for (let i = 0; i < chosen.length; i++) {
    const line = chosen[i] * others;
    const position = positions[i];
    for (let j = 0; j < othersChosen.length; j++)
      if (ranks[line + othersChosen[j]] <= position) {
        memberships[j]++;
        inhabitants[i]++;
      }
  }
  return { memberships, inhabitants };
}

function shareOf(
  counts: Uint32Array,
  matches: (count: number) => boolean,
): number {
  let found = 0;
  for (const count of counts) if (matches(count)) found++;
  return found / counts.length;
}
