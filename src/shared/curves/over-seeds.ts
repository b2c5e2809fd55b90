/**
 * The curves of several seeds as one: their median with the interval that it lies in, and the mean of their paired
 * differences. At most a few thousand points, more of them in the stretch that is looked at.
 */
import { meanInterval, medianOf, medianReach } from "../comparison/over-seeds";
import type { XRange } from "./chart";
import type { SeriesView } from "./series";
import { valueAt, viewOf, xAt } from "./series";

/** Of the whole curve, and as many again of the stretch in view: a screen has no more columns. */
const mostRows = 2000;

export interface SeedCurve {
  view: SeriesView;
  band: { lower: SeriesView; upper: SeriesView } | null;
}

/**
 * The median at the places of the longest curve, and an interval that holds the median of all seeds that could be: with
 * 95 % from six seeds on, with less below (see `medianReach`). A seed that has ended, and NaN, count no longer.
 */
export function medianCurve(
  curves: readonly SeriesView[],
  range: XRange | null,
): SeedCurve {
  const reaches = curves.map((_, index) => medianReach(index + 1).left);
  return pointwise(curves, range, (values) => {
    const ascending = values.sort((a, b) => a - b);
    const { length } = ascending;
    const left = reaches[length - 1];
    return {
      middle: medianOf(ascending),
      low: ascending[left],
      high: ascending[length - 1 - left],
    };
  });
}

/** The mean of curves, here of differences by equal seeds, with its 95 % interval by Student's t. */
export function meanCurve(
  curves: readonly SeriesView[],
  range: XRange | null,
): SeedCurve {
  return pointwise(curves, range, (values) => {
    const middle =
      values.reduce((sum, value) => sum + value, 0) / values.length;
    return { middle, ...(meanInterval(values) ?? { low: NaN, high: NaN }) };
  });
}

/** `first - second` at the places of the first that the second covers. */
export function differenceCurve(
  first: SeriesView,
  second: SeriesView,
  range: XRange | null,
): SeriesView {
  const at = walker(second);
  const xs: number[] = [];
  const ys: number[] = [];
  for (const row of rowsOf(first, range)) {
    const x = xAt(first, row);
    const other = at(x);
    if (Number.isNaN(other)) continue;
    xs.push(x);
    ys.push(valueAt(first, row) - other);
  }
  return viewOf(Float64Array.from(xs), Float32Array.from(ys));
}

function pointwise(
  curves: readonly SeriesView[],
  range: XRange | null,
  combine: (values: number[]) => { middle: number; low: number; high: number },
): SeedCurve {
  const longest = curves.reduce((best, one) =>
    one.length > best.length ? one : best,
  );
  const readers = curves.map(walker);
  const rows = rowsOf(longest, range);
  const xs = new Float64Array(rows.length);
  const [middle, lower, upper] = [0, 0, 0].map(
    () => new Float32Array(rows.length),
  );
  rows.forEach((row, at) => {
    xs[at] = xAt(longest, row);
    const values = readers
      .map((read) => read(xs[at]))
      .filter((value) => Number.isFinite(value));
    const found =
      values.length > 0
        ? combine(values)
        : { middle: NaN, low: NaN, high: NaN };
    middle[at] = found.middle;
    lower[at] = found.low;
    upper[at] = found.high;
  });
  const band = { lower: viewOf(xs, lower), upper: viewOf(xs, upper) };
  return { view: viewOf(xs, middle), band: curves.length > 1 ? band : null };
}

/** Reads a curve at ascending places, linear between its points; NaN outside of it. */
function walker(view: SeriesView): (x: number) => number {
  let row = 0;
  return (x) => {
    if (view.length === 0) return NaN;
    while (row + 1 < view.length && xAt(view, row + 1) <= x) row++;
    const here = xAt(view, row);
    if (here === x) return valueAt(view, row);
    if (here > x || row + 1 === view.length) return NaN;
    const share = (x - here) / (xAt(view, row + 1) - here);
    const value = valueAt(view, row);
    return value + share * (valueAt(view, row + 1) - value);
  };
}

/** Ascending, with the first and the last: all there are, or evenly spread. */
function rowsOf(view: SeriesView, range: XRange | null): number[] {
  const all = spread(0, view.length - 1);
  if (!range || view.length <= mostRows) return all;
  const from = rowNear(view, range.from);
  const to = rowNear(view, range.to);
  return [...new Set([...all, ...spread(from, to)])].sort((a, b) => a - b);
}

function spread(from: number, to: number): number[] {
  const count = Math.min(mostRows, to - from + 1);
  if (count <= 0) return [];
  if (count === 1) return [from];
  return Array.from({ length: count }, (_, index) =>
    Math.round(from + (index * (to - from)) / (count - 1)),
  );
}

function rowNear(view: SeriesView, x: number): number {
  let [low, high] = [0, view.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xAt(view, middle) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
