/** Draws thinned curves on a canvas: a line where every point is there, the filled outline where many share a pixel. */
import type { Outline, Points } from "../series/decimate";

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
  if (outline.lows === outline.highs || stroke.dash?.length)
    drawLine(ctx, place, pathOf(outline), stroke);
  else drawArea(ctx, place, outline, stroke.color, stroke.width);
}

/** The area between two edges, widened to `width` pixels where they touch. */
export function drawArea(
  ctx: CanvasRenderingContext2D,
  place: Place,
  { lows, highs }: Outline,
  color: string,
  width: number,
): void {
  ctx.beginPath();
  for (let index = 0; index < highs.xs.length; index++)
    ctx.lineTo(place.x(highs.xs[index]), place.y(highs.ys[index]) - width / 2);
  for (let index = lows.xs.length - 1; index >= 0; index--)
    ctx.lineTo(place.x(lows.xs[index]), place.y(lows.ys[index]) + width / 2);
  ctx.fillStyle = color;
  ctx.fill();
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

/** The points of both edges in the order of x. */
function pathOf({ lows, highs }: Outline): Points {
  if (lows === highs) return lows;
  const path: Points = { xs: [], ys: [] };
  for (let index = 0; index < lows.xs.length; index++) {
    const pair =
      lows.xs[index] <= highs.xs[index] ? [lows, highs] : [highs, lows];
    for (const { xs, ys } of pair) {
      path.xs.push(xs[index]);
      path.ys.push(ys[index]);
    }
  }
  return path;
}
