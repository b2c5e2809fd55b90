/** Whether a graph that is drawn still shows what it should, to the pixel, while its run goes on. */
import type { SeriesView } from "../../shared/curves/series";
import type { ChartContent, ChartLine } from "../../shared/curves/chart";
import { fullRange } from "../../shared/curves/picture";

/** True where `next` is what was drawn but for new points that take less than a pixel of `columns`. */
export function isSmallGrowth(
  drawn: ChartContent,
  next: ChartContent,
  columns: number,
): boolean {
  const isSame =
    drawn.unit === next.unit &&
    drawn.yScale === next.yScale &&
    drawn.range === next.range &&
    String(drawn.yBounds) === String(next.yBounds) &&
    drawn.markers.length === next.markers.length &&
    drawn.markers.every(({ x }, at) => x === next.markers[at].x) &&
    drawn.levels.length === next.levels.length &&
    drawn.lines.length === next.lines.length &&
    drawn.lines.every((line, at) => isSameLine(line, next.lines[at]));
  return isSame && grownBy(drawn, next) * columns < 1;
}

/** As a share of what is in view. */
function grownBy(drawn: ChartContent, next: ChartContent): number {
  const before = fullRange(drawn.lines);
  const now = fullRange(next.lines);
  if (!before || !now) return before === now ? 0 : 1;
  const { from, to } = next.range ?? now;
  const end = Math.min(now.to, to);
  return Math.max(0, end - before.to) / (to - from);
}

function isSameLine(a: ChartLine, b: ChartLine): boolean {
  return (
    a.key === b.key &&
    a.color === b.color &&
    isSameCurve(a.view, b.view) &&
    isSameCurve(a.faint, b.faint) &&
    a.members?.length === b.members?.length &&
    isSameCurve(a.band?.lower, b.band?.lower)
  );
}

/** A curve that grows keeps its extremes; NaN and infinities are marked at once. */
function isSameCurve(
  a: SeriesView | null | undefined,
  b: SeriesView | null | undefined,
): boolean {
  if (!a || !b) return !a === !b;
  return (
    a.extremes === b.extremes &&
    a.scale === b.scale &&
    a.offset === b.offset &&
    a.gain === b.gain &&
    countNonFinite(a) === countNonFinite(b)
  );
}

/** Of the points that the view has: the list itself grows with the run. */
function countNonFinite({ length, nonFinite }: SeriesView): number {
  let count = nonFinite.length;
  while (count > 0 && nonFinite[count - 1] >= length) count--;
  return count;
}
