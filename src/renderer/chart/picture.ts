/** The curves of a graph made ready to be drawn: thinned to its width, in resolved colours. */
import { decimate } from "../series/decimate";
import type { Outline, Points } from "../series/decimate";
import type { SeriesView } from "../series/series";
import { xAt } from "../series/series";
import { withAlpha } from "./colors";
import { drawBand, drawCurve } from "./curves";
import type { Place, Stroke } from "./curves";
import type { ChartLine, XRange } from "./lines";

interface PicturedLine {
  curve: Outline;
  faint: Outline | null;
  band: Outline | null;
  stroke: Stroke;
}

export interface Picture {
  lines: readonly PicturedLine[];
  /** Smallest and largest value in view; null where nothing is. */
  extent: { low: number; high: number; lowestPositive: number } | null;
}

/** `lines` have colours that a canvas knows; `columns` is the width in pixels. */
export function pictureOf(
  lines: readonly ChartLine[],
  range: XRange | null,
  columns: number,
): Picture {
  const thin = (view: SeriesView) =>
    decimate(view, columns, range?.from ?? null, range?.to ?? null);
  const pictured = lines.map(
    ({ view, faint, band, color, dash }): PicturedLine => ({
      curve: thin(view),
      faint: faint ? thin(faint) : null,
      band: band
        ? { lows: thin(band.lower).lows, highs: thin(band.upper).highs }
        : null,
      stroke: { color, dash, width: 1.5 },
    }),
  );
  return { lines: pictured, extent: extentOf(pictured) };
}

export function drawPicture(
  ctx: CanvasRenderingContext2D,
  place: Place,
  { lines }: Picture,
): void {
  for (const { band, faint, stroke } of lines) {
    if (band) drawBand(ctx, place, band, withAlpha(stroke.color, 0.18));
    const color = withAlpha(stroke.color, 0.25);
    if (faint) drawCurve(ctx, place, faint, { color, width: 1 });
  }
  for (const { curve, stroke } of lines) drawCurve(ctx, place, curve, stroke);
}

/** From the first to the last x of any curve; null where there is none. */
export function fullRange(lines: readonly ChartLine[]): XRange | null {
  let from = Infinity;
  let to = -Infinity;
  for (const { view } of lines) {
    if (view.length === 0) continue;
    from = Math.min(from, xAt(view, 0));
    to = Math.max(to, xAt(view, view.length - 1));
  }
  if (from > to) return null;
  return from === to ? { from, to: from + 1 } : { from, to };
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
  for (const { curve, faint, band } of lines)
    for (const outline of [curve, faint, band])
      if (outline) {
        take(outline.lows);
        if (outline.highs !== outline.lows) take(outline.highs);
      }
  return extent.low > extent.high ? null : extent;
}
