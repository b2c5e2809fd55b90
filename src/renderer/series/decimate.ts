/**
 * Thins a curve to what the screen can show without losing a spike: of each stretch about as wide as a pixel column
 * it keeps the lowest and the highest point.
 */
import type { SeriesView } from "./series";
import { indexAt, valueAt, xAt } from "./series";

/** In x and y of the curve, ascending along x, finite. */
export interface Points {
  xs: number[];
  ys: number[];
}

/** The lower and the upper edge of a curve; the same object where every point of it is kept. */
export interface Outline {
  lows: Points;
  highs: Points;
  /** Places in both edges at which the curve begins again after a pause. */
  breaks?: readonly number[];
}

/**
 * At most about `2 * columns` points of `view` between `from` and `to` (null: all), and one more on either side so
 * that the line leaves the picture.
 */
export function decimate(
  view: SeriesView,
  columns: number,
  from: number | null,
  to: number | null,
): Outline {
  const first = from === null ? 0 : Math.max(0, indexAt(view, from));
  const last =
    to === null ? view.length : Math.min(view.length, indexAt(view, to) + 2);
  if (last - first <= columns * 2) return whole(view, first, last);
  view.extremes.extend(view.values, view.length);
  // Whole strides counted from the curve's beginning, so that columns do not dance while the curve grows.
  const stride = 2 ** Math.ceil(Math.log2((last - first) / columns));
  const lows: Points = { xs: [], ys: [] };
  const highs: Points = { xs: [], ys: [] };
  const breaks: number[] = [];
  const pauses = (view.pauses ?? []).filter((at) => at > first && at < last);
  let next = 0;
  for (let start = first; start < last;) {
    if (start === pauses[next]) {
      if (lows.xs.length > 0) breaks.push(lows.xs.length);
      next++;
    }
    const column = (Math.floor(start / stride) + 1) * stride;
    const end = Math.min(column, last, pauses[next] ?? last);
    const pair = view.extremes.find(view.values, start, end);
    if (pair) {
      push(lows, view, pair[0]);
      push(highs, view, pair[1]);
    }
    start = end;
  }
  return { lows, highs, breaks };
}

function whole(view: SeriesView, first: number, last: number): Outline {
  const points: Points = { xs: [], ys: [] };
  for (let index = first; index < last; index++)
    if (Number.isFinite(view.values[index])) push(points, view, index);
  return { lows: points, highs: points };
}

function push(points: Points, view: SeriesView, index: number): void {
  points.xs.push(xAt(view, index));
  points.ys.push(valueAt(view, index));
}
