/**
 * Thins a curve to what the screen, a page or a file has room for without losing a spike: of each stretch it keeps the
 * lowest and the highest point.
 */
import type { Column } from "./column";
import { Extremes } from "./extremes";
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

/** Rows `[start, end)` of a curve. */
interface Stretch {
  start: number;
  end: number;
  /** The rows of its lowest and highest finite value; null where it has none. */
  rows: readonly [low: number, high: number] | null;
}

/** A curve in stretches of `size` rows, counted from row 0; the first and the last may be shorter. */
export function* stretchesOf(
  { values, extremes }: { values: Column; extremes?: Extremes },
  size: number,
  { first = 0, last = values.length, pauses = [] as readonly number[] } = {},
): Generator<Stretch> {
  const search = extremes ?? new Extremes();
  let next = 0;
  for (let start = first; start < last;) {
    if (start === pauses[next]) next++;
    const whole = (Math.floor(start / size) + 1) * size;
    const end = Math.min(whole, last, pauses[next] ?? last);
    yield { start, end, rows: search.find(values, start, end) };
    start = end;
  }
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
  // A power of two, so that columns do not dance while the curve grows.
  const size = 2 ** Math.ceil(Math.log2((last - first) / columns));
  const lows: Points = { xs: [], ys: [] };
  const highs: Points = { xs: [], ys: [] };
  const breaks: number[] = [];
  const pauses = (view.pauses ?? []).filter((at) => at > first && at < last);
  let next = 0;
  for (const { start, rows } of stretchesOf(view, size, {
    first,
    last,
    pauses,
  })) {
    if (start === pauses[next]) {
      if (lows.xs.length > 0) breaks.push(lows.xs.length);
      next++;
    }
    if (!rows) continue;
    push(lows, view, rows[0]);
    push(highs, view, rows[1]);
  }
  return { lows, highs, breaks };
}

/** Both edges as one line from left to right. */
export function outlinePoints({ lows, highs }: Outline): Points {
  if (lows === highs) return lows;
  const points: Points = { xs: [], ys: [] };
  lows.xs.forEach((_, at) => {
    const pair = lows.xs[at] < highs.xs[at] ? [lows, highs] : [highs, lows];
    for (const { xs, ys } of pair) {
      points.xs.push(xs[at]);
      points.ys.push(ys[at]);
    }
  });
  return points;
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
