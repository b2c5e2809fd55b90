/** What a stretch of a curve holds in numbers: its mean, its spread, its least and its greatest value. */
import { rowAt } from "./search";
import { indexAt, valueAt } from "./series";
import type { SeriesView } from "./series";
import type { XRange } from "./chart";

export interface Statistics {
  /** Finite values in the stretch, at least one. */
  count: number;
  mean: number;
  /** Of the values themselves: divided by `count`. */
  deviation: number;
  low: number;
  high: number;
}

/** Rows `[first, last)` of the points between two places on the x axis, both ends included. */
export function rowsWithin(
  view: SeriesView,
  { from, to }: XRange,
): [first: number, last: number] {
  const at = indexAt(view, from);
  const isOnPoint = at >= 0 && view.xs[at] * view.scale + view.offset >= from;
  const wanted = (to - view.offset) / view.scale;
  return [isOnPoint ? at : at + 1, rowAt(view.xs, wanted, view.length) + 1];
}

/** Of the finite values within `range`; null where there is none. */
export function statisticsOf(
  view: SeriesView,
  range: XRange,
): Statistics | null {
  const [first, last] = rowsWithin(view, range);
  let count = 0;
  let mean = 0;
  let squares = 0;
  let low = Infinity;
  let high = -Infinity;
  for (let index = first; index < last; index++) {
    const value = valueAt(view, index);
    if (!Number.isFinite(value)) continue;
    // Welford's update, which loses nothing where the mean is large beside the spread.
    count++;
    const before = value - mean;
    mean += before / count;
    squares += before * (value - mean);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (count === 0) return null;
  return { count, mean, deviation: Math.sqrt(squares / count), low, high };
}
