/** Draws thinned curves on a canvas: a line where every point is there, the filled outline where many share a pixel. */
import type { Outline, Points } from "../series/decimate";
import { withAlpha } from "./colors";

/** From values to pixels. */
export interface Place {
  x(value: number): number;
  y(value: number): number;
}

export interface Stroke {
  color: string;
  width: number;
  dash?: readonly number[];
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
  else drawArea(ctx, place, outline, stroke.color, stroke.width);
}

/** A dense dashed curve. Between the dashes it is faint instead of absent, so that no spike is lost. */
function drawStrips(
  ctx: CanvasRenderingContext2D,
  place: Place,
  outline: Outline,
  { color, dash, width }: Stroke & { dash: readonly number[] },
): void {
  drawArea(ctx, place, outline, withAlpha(color, 0.35), width);
  const { xs } = outline.highs;
  const end = place.x(xs[xs.length - 1]);
  ctx.save();
  ctx.beginPath();
  let x = 0;
  for (let at = 0; x < end; x += dash[at++ % dash.length])
    if (at % 2 === 0) ctx.rect(x, 0, dash[at % dash.length], ctx.canvas.height);
  ctx.clip();
  drawArea(ctx, place, outline, color, width);
  ctx.restore();
}

/** The area between two edges, widened to `width` pixels where they touch; a straight line over each pause. */
export function drawArea(
  ctx: CanvasRenderingContext2D,
  place: Place,
  { lows, highs, breaks = [] }: Outline,
  color: string,
  width: number,
): void {
  const ends = [...breaks, highs.xs.length];
  ctx.fillStyle = color;
  ends.forEach((end, piece) => {
    const begin = piece === 0 ? 0 : ends[piece - 1];
    ctx.beginPath();
    for (let at = begin; at < end; at++)
      ctx.lineTo(place.x(highs.xs[at]), place.y(highs.ys[at]) - width / 2);
    for (let at = end - 1; at >= begin; at--)
      ctx.lineTo(place.x(lows.xs[at]), place.y(lows.ys[at]) + width / 2);
    ctx.fill();
  });
  for (const at of breaks) {
    const from = highs.xs[at - 1] > lows.xs[at - 1] ? highs : lows;
    const to = highs.xs[at] < lows.xs[at] ? highs : lows;
    const xs = [from.xs[at - 1], to.xs[at]];
    const ys = [from.ys[at - 1], to.ys[at]];
    drawLine(ctx, place, { xs, ys }, { color, width: Math.max(1, width) });
  }
}

function drawLine(
  ctx: CanvasRenderingContext2D,
  place: Place,
  { xs, ys }: Points,
  { color, width, dash }: Stroke,
): void {
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
