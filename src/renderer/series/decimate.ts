/**
 * Thins a curve to what the screen can show without losing a spike: of each stretch as wide as a pixel column it keeps
 * the first, the lowest, the highest and the last point.
 */
import type { SeriesView } from "./series";
import { indexAt } from "./series";

export interface Point {
  x: number;
  y: number;
}

/**
 * At most about `4 * columns` points of `view` between `from` and `to` (null: all), and one more on either side so
 * that the line leaves the picture.
 */
export function decimate(
  view: SeriesView,
  columns: number,
  from: number | null,
  to: number | null,
): Point[] {
  const first = from === null ? 0 : Math.max(0, indexAt(view, from));
  const last =
    to === null ? view.length : Math.min(view.length, indexAt(view, to) + 2);
  const points: Point[] = [];
  const push = (index: number) =>
    points.push({
      x: view.xs[index] * view.scale + view.offset,
      y: view.values[index],
    });
  if (last - first <= columns * 4) {
    for (let index = first; index < last; index++)
      if (Number.isFinite(view.values[index])) push(index);
    return points;
  }
  // Whole strides counted from the curve's beginning, so that columns do not dance while the curve grows.
  const stride = 2 ** Math.ceil(Math.log2((last - first) / columns));
  for (
    let start = Math.floor(first / stride) * stride;
    start < last;
    start += stride
  ) {
    const begin = Math.max(start, first);
    const end = Math.min(start + stride, last);
    const pair = view.extremes.find(view.values, begin, end);
    if (!pair) continue;
    const [low, high] = pair;
    const early = Math.min(low, high);
    const late = Math.max(low, high);
    if (begin !== early && Number.isFinite(view.values[begin])) push(begin);
    push(early);
    if (late !== early) push(late);
    if (end - 1 !== late && Number.isFinite(view.values[end - 1]))
      push(end - 1);
  }
  return points;
}
