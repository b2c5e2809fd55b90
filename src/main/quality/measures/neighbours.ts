/** The nearest rows of rows, from which everything that speaks of neighbours is read. */
import { distanceBlocks } from "./products";
import type { DistanceBlock, Products } from "./products";
import type { Rows } from "./rows";

/** So many are kept: among half of the images, the fifth is one of these for all but one of a million. */
const kept = 32;

/** The nearest others of each row, ascending. */
export interface Neighbours {
  count: number;
  /** How many of each. */
  kept: number;
  /** `[count, kept]`: squared distances. */
  distances: Float64Array;
  /** `[count, kept]`: whose. */
  indices: Uint32Array;
}

/** Of each row of `a` among the rows of `b`; among its own others where `b` is `a`. */
export async function nearestIn(
  a: Rows,
  b: Rows,
  products: Products,
  most = kept,
): Promise<Neighbours> {
  const isOwn = a === b;
  const keep = Math.min(most, isOwn ? b.count - 1 : b.count);
  const neighbours: Neighbours = {
    count: a.count,
    kept: keep,
    distances: new Float64Array(a.count * keep).fill(Infinity),
    indices: new Uint32Array(a.count * keep),
  };
  for await (const block of distanceBlocks(a, b, products))
    takeNearest(neighbours, block, isOwn);
  return neighbours;
}

function takeNearest(
  { kept: keep, distances, indices }: Neighbours,
  { row, rows, column, columns, values }: DistanceBlock,
  isOwn: boolean,
): void {
  for (let i = 0; i < rows; i++) {
    const start = (row + i) * keep;
    const last = start + keep - 1;
    const line = i * columns;
    const self = isOwn ? row + i - column : -1;
    let limit = distances[last];
    for (let j = 0; j < columns; j++) {
      const distance = values[line + j];
      if (distance >= limit || j === self) continue;
      let at = last;
      while (at > start && distances[at - 1] > distance) {
        distances[at] = distances[at - 1];
        indices[at] = indices[at - 1];
        at--;
      }
      distances[at] = distance;
      indices[at] = column + j;
      limit = distances[last];
    }
  }
}

/** Where every row of `b` stands among the neighbours of every row of `a`. */
export interface Ranks {
  /** `[a.count, b.count]`: how many kept neighbours of the row of `a` are no farther than the row of `b`. */
  ranks: Uint8Array;
  /** For each row of `b`: the squared distance of the nearest row of `a`. */
  nearest: Float64Array;
}

export async function ranksAmong(
  a: Rows,
  neighbours: Neighbours,
  b: Rows,
  products: Products,
): Promise<Ranks> {
  const ranks = new Uint8Array(a.count * b.count);
  const nearest = new Float64Array(b.count).fill(Infinity);
  for await (const block of distanceBlocks(a, b, products))
    takeRanks({ ranks, nearest }, block, neighbours);
  return { ranks, nearest };
}

function takeRanks(
  { ranks, nearest }: Ranks,
  { row, rows, column, columns, values }: DistanceBlock,
  { kept: keep, distances }: Neighbours,
): void {
  const width = nearest.length;
  for (let i = 0; i < rows; i++) {
    const start = (row + i) * keep;
    const farthest = distances[start + keep - 1];
    const line = (row + i) * width + column;
    for (let j = 0; j < columns; j++) {
      const distance = values[i * columns + j];
      if (distance < nearest[column + j]) nearest[column + j] = distance;
      if (distance >= farthest) {
        ranks[line + j] = keep;
        continue;
      }
      let rank = 0;
      while (distances[start + rank] <= distance) rank++;
      ranks[line + j] = rank;
    }
  }
}

/** For each chosen row: which of its kept neighbours is the k-th that was chosen too, counted from 0. */
export function positionOfKth(
  { kept: keep, indices }: Neighbours,
  chosen: Uint32Array,
  isChosen: Uint8Array,
  k: number,
): Uint8Array {
  return Uint8Array.from(chosen, (row) => {
    let found = 0;
    for (let at = 0; at < keep; at++)
      if (isChosen[indices[row * keep + at]] && ++found === k) return at;
    return keep - 1;
  });
}

/** For each chosen row: the squared distance of its nearest chosen neighbour; that of the farthest kept where none was. */
export function nearestChosen(
  neighbours: Neighbours,
  chosen: Uint32Array,
): Float64Array {
  const isChosen = new Uint8Array(neighbours.count);
  for (const index of chosen) isChosen[index] = 1;
  const positions = positionOfKth(neighbours, chosen, isChosen, 1);
  return Float64Array.from(
    chosen,
    (row, i) => neighbours.distances[row * neighbours.kept + positions[i]],
  );
}
