/** Draws thinned curves on a canvas: a line where every point is there, from low to high where many share a pixel. */
import type { Outline, Points } from "../../shared/curves/decimate";
import type { Place } from "../../shared/curves/frame";
import type { Picture, Stroke } from "../../shared/curves/picture";
import { withAlpha } from "./colors";

/** Bands, single seeds and raw curves lie behind all others. */
export function drawPicture(
  ctx: CanvasRenderingContext2D,
  place: Place,
  { lines }: Picture,
): void {
  for (const { band, faint, members, stroke } of lines) {
    if (band) drawBand(ctx, place, band, withAlpha(stroke.color, 0.18));
    const thin = { color: withAlpha(stroke.color, 0.5), width: 0.75 };
    for (const member of members) drawCurve(ctx, place, member, thin);
    const color = withAlpha(stroke.color, 0.25);
    if (faint) drawCurve(ctx, place, faint, { color, width: 1 });
  }
  for (const { curve, stroke } of lines) drawCurve(ctx, place, curve, stroke);
}

export function drawCurve(
  ctx: CanvasRenderingContext2D,
  place: Place,
  outline: Outline,
  stroke: Stroke,
): void {
  if (outline.lows === outline.highs)
    drawLine(ctx, place, outline.lows, stroke);
  else if (stroke.dash?.length)
    drawStrips(ctx, place, outline, { ...stroke, dash: stroke.dash });
  else drawColumns(ctx, place, outline, stroke);
}

/** A dense dashed curve. Between the dashes it is faint instead of absent, so that no spike is lost. */
function drawStrips(
  ctx: CanvasRenderingContext2D,
  place: Place,
  outline: Outline,
  { color, dash, width }: Stroke & { dash: readonly number[] },
): void {
  drawColumns(ctx, place, outline, { color: withAlpha(color, 0.35), width });
  const { xs } = outline.highs;
  const end = place.x(xs[xs.length - 1]);
  ctx.save();
  ctx.beginPath();
  let x = 0;
  for (let at = 0; x < end; x += dash[at++ % dash.length])
    if (at % 2 === 0) ctx.rect(x, 0, dash[at % dash.length], ctx.canvas.height);
  ctx.clip();
  drawColumns(ctx, place, outline, { color, width });
  ctx.restore();
}

/**
 * A dense curve as one rectangle a column of pixels, each as high as what lies in it and reaching the one before. To
 * fill the outline instead, whose edge turns at every column, takes about twice as long.
 */
function drawColumns(
  ctx: CanvasRenderingContext2D,
  place: Place,
  outline: Outline,
  { color, width }: Stroke,
): void {
  const { lows, highs, breaks = [] } = outline;
  ctx.fillStyle = color;
  let column: Column | null = null;
  for (let index = 0; index < highs.xs.length; index++) {
    if (column && breaks.includes(index)) {
      fillColumn(ctx, column, column.x + 1, width);
      drawPause(ctx, place, outline, index, { color, width });
      column = null;
    }
    const next: Column = {
      x: Math.round(place.x(Math.min(lows.xs[index], highs.xs[index]))),
      top: place.y(highs.ys[index]),
      bottom: place.y(lows.ys[index]),
    };
    if (column?.x === next.x) {
      column.top = Math.min(column.top, next.top);
      column.bottom = Math.max(column.bottom, next.bottom);
      continue;
    }
    if (column) {
      fillColumn(ctx, column, next.x, width);
      next.top = Math.min(next.top, column.bottom);
      next.bottom = Math.max(next.bottom, column.top);
    }
    column = next;
  }
  if (column) fillColumn(ctx, column, column.x + 1, width);
}

/** A straight line over a pause, which ends before the point at `index`. */
function drawPause(
  ctx: CanvasRenderingContext2D,
  place: Place,
  { lows, highs }: Outline,
  index: number,
  { color, width }: Stroke,
): void {
  const before = index - 1;
  const from = highs.xs[before] > lows.xs[before] ? highs : lows;
  const to = highs.xs[index] < lows.xs[index] ? highs : lows;
  const xs = [from.xs[before], to.xs[index]];
  const ys = [from.ys[before], to.ys[index]];
  drawLine(ctx, place, { xs, ys }, { color, width });
}

interface Column {
  x: number;
  top: number;
  bottom: number;
}

function fillColumn(
  ctx: CanvasRenderingContext2D,
  { x, top, bottom }: Column,
  end: number,
  width: number,
): void {
  ctx.fillRect(x, top - width / 2, end - x, bottom - top + width);
}

/** The area between two curves. */
function drawBand(
  ctx: CanvasRenderingContext2D,
  place: Place,
  { lows, highs }: Outline,
  color: string,
): void {
  ctx.beginPath();
  for (let index = 0; index < highs.xs.length; index++)
    ctx.lineTo(place.x(highs.xs[index]), place.y(highs.ys[index]));
  for (let index = lows.xs.length - 1; index >= 0; index--)
    ctx.lineTo(place.x(lows.xs[index]), place.y(lows.ys[index]));
  ctx.fillStyle = color;
  ctx.fill();
}

function drawLine(
  ctx: CanvasRenderingContext2D,
  place: Place,
  { xs, ys }: Points,
  { color, width, dash }: Stroke,
): void {
  if (xs.length === 1) {
    drawDot(ctx, place.x(xs[0]), place.y(ys[0]), color);
    return;
  }
  ctx.beginPath();
  for (let index = 0; index < xs.length; index++)
    ctx.lineTo(place.x(xs[index]), place.y(ys[index]));
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.lineJoin = "round";
  ctx.setLineDash([...(dash ?? [])]);
  ctx.stroke();
  ctx.setLineDash([]);
}

/** A curve of a single point. */
function drawDot(
  ctx: CanvasRenderingContext2D,
  x: number,
  y: number,
  color: string,
): void {
  ctx.beginPath();
  ctx.arc(x, y, 2.5, 0, 2 * Math.PI);
  ctx.fillStyle = color;
  ctx.fill();
}
