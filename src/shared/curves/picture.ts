/** The curves of a chart made ready to be drawn: thinned to its width, with what is not finite apart. */
import type { ChartLine, XRange } from "./chart";
import { decimate } from "./decimate";
import type { Outline, Points } from "./decimate";
import type { SeriesView } from "./series";
import { xAt } from "./series";

export interface Stroke {
  color: string;
  width: number;
  dash?: readonly number[];
}

/** NaN or an infinity: a cross at the edge of the picture. */
export interface Cross {
  x: number;
  edge: "top" | "bottom";
}

interface PicturedLine {
  curve: Outline;
  faint: Outline | null;
  members: Outline[];
  band: Outline | null;
  crosses: Cross[];
  stroke: Stroke;
}

export interface Picture {
  lines: readonly PicturedLine[];
  /** Smallest and largest value in view; null where nothing is. */
  extent: { low: number; high: number; lowestPositive: number } | null;
}

/** `columns` is the width in pixels. */
export function pictureOf(
  lines: readonly ChartLine[],
  range: XRange | null,
  columns: number,
): Picture {
  const thin = (view: SeriesView) =>
    decimate(view, columns, range?.from ?? null, range?.to ?? null);
  const pictured = lines.map(
    ({ view, faint, members = [], band, color, dash }): PicturedLine => ({
      curve: thin(view),
      faint: faint ? thin(faint) : null,
      members: members.map(thin),
      band: band
        ? { lows: thin(band.lower).lows, highs: thin(band.upper).highs }
        : null,
      crosses: [view, ...members].flatMap(crossesOf),
      stroke: { color, dash, width: 1.5 },
    }),
  );
  return { lines: pictured, extent: extentOf(pictured) };
}

/** From the first to the last x of any curve, around a single point; null where there is none. */
export function fullRange(lines: readonly ChartLine[]): XRange | null {
  let from = Infinity;
  let to = -Infinity;
  for (const { view } of lines) {
    if (view.length === 0) continue;
    from = Math.min(from, xAt(view, 0));
    to = Math.max(to, xAt(view, view.length - 1));
  }
  if (from > to) return null;
  return from === to ? { from: from - 0.5, to: to + 0.5 } : { from, to };
}

function extentOf(lines: readonly PicturedLine[]): Picture["extent"] {
  const extent = { low: Infinity, high: -Infinity, lowestPositive: Infinity };
  const take = ({ ys }: Points) => {
    for (const y of ys) {
      if (y < extent.low) extent.low = y;
      if (y > extent.high) extent.high = y;
      if (y > 0 && y < extent.lowestPositive) extent.lowestPositive = y;
    }
  };
  for (const { curve, faint, members, band } of lines)
    for (const outline of [curve, faint, ...members, band])
      if (outline) {
        take(outline.lows);
        if (outline.highs !== outline.lows) take(outline.highs);
      }
  return extent.low > extent.high ? null : extent;
}

/** At most about 200 a curve: more would be a solid bar anyway. */
function crossesOf(view: SeriesView): Cross[] {
  const { nonFinite, values } = view;
  const stride = Math.max(1, Math.floor(nonFinite.length / 200));
  const crosses: Cross[] = [];
  for (let at = 0; at < nonFinite.length; at += stride) {
    const index = nonFinite[at];
    if (index >= view.length) break;
    const edge = values[index] === -Infinity ? "bottom" : "top";
    crosses.push({ x: xAt(view, index), edge });
  }
  return crosses;
}
