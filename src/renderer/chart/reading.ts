/** A graph in words and figures, for who cannot see it: the values at the cursor, what is in view, a table of it. */
import { axisTitles, formatX } from "../../shared/curves/axis";
import type { AxisUnit } from "../../shared/curves/axis";
import type { ChartLine, XRange } from "../../shared/curves/chart";
import { indexAt, valueAt, xAt } from "../../shared/curves/series";
import { rowsWithin, statisticsOf } from "../../shared/curves/statistics";
import type { Statistics } from "../../shared/curves/statistics";
import { formatValue } from "../../shared/format-value";

/** The curve as it was measured, not as it is smoothed. */
const measured = ({ faint, view }: ChartLine) => faint ?? view;

/** At the cursor, or the last one. */
export function valueNear(line: ChartLine, x: number | null): number | null {
  const view = measured(line);
  const index = x === null ? view.length - 1 : indexAt(view, x);
  return index < 0 ? null : valueAt(view, index);
}

/** `step 700`. */
export function placeText(x: number, unit: AxisUnit): string {
  return `${axisTitles[unit].toLowerCase()} ${formatX(x, unit)}`;
}

/** `step 700: D loss 0.0500, G loss 4.2000`. */
export function cursorText(
  lines: readonly ChartLine[],
  x: number,
  unit: AxisUnit,
): string {
  const values = lines.map(
    (line) => `${line.label} ${formatValue(valueNear(line, x))}`,
  );
  return `${placeText(x, unit)}: ${values.join(", ")}`;
}

/** What zooming led to. */
export function rangeText(range: XRange | null, unit: AxisUnit): string {
  if (!range) return "Everything is shown.";
  const [from, to] = [formatX(range.from, unit), formatX(range.to, unit)];
  return `Zoomed to ${axisTitles[unit].toLowerCase()} ${from} to ${to}.`;
}

/** The line's own values within a stretch; lines without any are left out. */
export function statisticsIn(
  lines: readonly ChartLine[],
  range: XRange,
): { line: ChartLine; statistics: Statistics }[] {
  return lines.flatMap((line) => {
    const statistics = statisticsOf(measured(line), range);
    return statistics ? [{ line, statistics }] : [];
  });
}

export interface TableRow {
  x: number;
  values: (number | null)[];
}

/** At most `count` rows, evenly spread over the points of the longest line within `range`, ends included. */
export function tableRows(
  lines: readonly ChartLine[],
  range: XRange | null,
  count: number,
): TableRow[] {
  const longest = lines
    .map(measured)
    .reduce<ReturnType<typeof measured> | null>(
      (best, view) => (best && best.length >= view.length ? best : view),
      null,
    );
  if (!longest || longest.length === 0) return [];
  const [first, last] = range
    ? rowsWithin(longest, range)
    : [0, longest.length];
  const rows = Math.min(count, last - first);
  return Array.from({ length: Math.max(0, rows) }, (_, row) => {
    const share = rows === 1 ? 0 : row / (rows - 1);
    const x = xAt(longest, first + Math.round(share * (last - first - 1)));
    return { x, values: lines.map((line) => valueNear(line, x)) };
  });
}

/** Where an arrow key leads: a hundredth of what is in view, at least to the next point, always on a point. */
export function cursorAfter(
  lines: readonly ChartLine[],
  shown: XRange,
  from: number,
  direction: -1 | 1,
): number {
  const view = lines.at(0)?.view;
  const bare = from + (direction * (shown.to - shown.from)) / 100;
  if (!view || view.length === 0) return within(bare, shown);
  const here = indexAt(view, from);
  const there = indexAt(view, bare);
  const index =
    direction > 0
      ? Math.max(there, here + 1)
      : Math.min(there, from > xAt(view, Math.max(0, here)) ? here : here - 1);
  const last = view.length - 1;
  return within(xAt(view, Math.min(last, Math.max(0, index))), shown);
}

function within(x: number, { from, to }: XRange): number {
  return Math.min(to, Math.max(from, x));
}
