/** Arithmetic on the curves of several runs: values at a place, differences, and mean and spread over seeds. */
import { rowAt } from "./search";

/** One curve. `x` ascends; values may be NaN or infinite. */
export interface Series {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

/** The mean of several curves with one standard deviation (of the sample) to either side. */
export interface Spread {
  x: Float64Array;
  mean: Float64Array;
  /** Zero where only one curve has a value. */
  deviation: Float64Array;
  /** How many curves have a value there. */
  count: Uint16Array;
}

/** The value at `x`, linear between neighbours; NaN outside the curve. */
export function valueAt(series: Series, x: number): number {
  const index = rowAt(series.x, x);
  if (index < 0) return NaN;
  if (series.x[index] === x) return series.y[index];
  if (index === series.x.length - 1) return NaN;
  const span = series.x[index + 1] - series.x[index];
  const share = (x - series.x[index]) / span;
  return series.y[index] + share * (series.y[index + 1] - series.y[index]);
}

/** `first - second` at every x of the first that the second covers. */
export function difference(
  first: Series,
  second: Series,
): { x: Float64Array; y: Float64Array } {
  const x: number[] = [];
  const y: number[] = [];
  for (let i = 0; i < first.x.length; i++) {
    const other = valueAt(second, first.x[i]);
    if (Number.isNaN(other)) continue;
    x.push(first.x[i]);
    y.push(first.y[i] - other);
  }
  return { x: Float64Array.from(x), y: Float64Array.from(y) };
}

/** Mean and spread over curves, at every x of the longest of them. Curves that have ended, and NaN, are left out. */
export function spreadOf(curves: readonly Series[]): Spread {
  const longest = curves.reduce((best, curve) =>
    curve.x.length > best.x.length ? curve : best,
  );
  const rows = longest.x.length;
  const spread: Spread = {
    x: Float64Array.from(longest.x),
    mean: new Float64Array(rows),
    deviation: new Float64Array(rows),
    count: new Uint16Array(rows),
  };
  for (let row = 0; row < rows; row++) {
    const values = curves
      .map((curve) => valueAt(curve, longest.x[row]))
      .filter((value) => Number.isFinite(value));
    const mean =
      values.reduce((sum, value) => sum + value, 0) / (values.length || NaN);
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    spread.mean[row] = mean;
    spread.deviation[row] =
      values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0;
    spread.count[row] = values.length;
  }
  return spread;
}
