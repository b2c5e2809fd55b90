/** What a graph shows beside its curves: events, levels, and NaN or infinity as crosses at the edge of the picture. */
import { xAt } from "../series/series";
import type { SeriesView } from "../series/series";
import type { PlotArea } from "./cursor";
import type { Place } from "./curves";
import type { ChartLevel, ChartLine, ChartMarker } from "./lines";

type Context = CanvasRenderingContext2D;

export function drawLevels(
  ctx: Context,
  area: PlotArea,
  place: Place,
  levels: readonly ChartLevel[],
  color: string,
): void {
  for (const { y } of levels)
    line(ctx, color, [2, 3], area.left, place.y(y), area.right, place.y(y));
}

/** After the curves, which would cross the words. */
export function drawLevelLabels(
  ctx: Context,
  area: PlotArea,
  place: Place,
  levels: readonly ChartLevel[],
  colors: { faint: string; surface: string },
): void {
  ctx.font = "11px system-ui, sans-serif";
  ctx.textAlign = "right";
  ctx.textBaseline = "bottom";
  ctx.lineJoin = "round";
  ctx.lineWidth = 4;
  ctx.strokeStyle = colors.surface;
  ctx.fillStyle = colors.faint;
  for (const { label, y } of levels) {
    ctx.strokeText(label, area.right - 4, place.y(y) - 2);
    ctx.fillText(label, area.right - 4, place.y(y) - 2);
  }
}

export function drawMarkers(
  ctx: Context,
  area: PlotArea,
  place: Place,
  markers: readonly ChartMarker[],
  colors: { plain: string; bad: string },
): void {
  for (const marker of markers) {
    const x = place.x(marker.x);
    const color = colors[marker.tone];
    line(ctx, color, [1, 3], x, area.top, x, area.bottom);
    ctx.fillStyle = color;
    ctx.beginPath();
    ctx.moveTo(x - 4, area.top);
    ctx.lineTo(x + 4, area.top);
    ctx.lineTo(x, area.top + 6);
    ctx.fill();
  }
}

/** At most 200 crosses a curve: more would be a solid bar anyway. */
export function drawNonFinite(
  ctx: Context,
  area: PlotArea,
  place: Place,
  { view, color }: ChartLine,
): void {
  const stride = Math.max(1, Math.floor(view.nonFinite.length / 200));
  for (let at = 0; at < view.nonFinite.length; at += stride)
    drawCross(ctx, area, place, view, view.nonFinite[at], color);
}

function drawCross(
  ctx: Context,
  area: PlotArea,
  place: Place,
  view: SeriesView,
  index: number,
  color: string,
): void {
  const x = place.x(xAt(view, index));
  const low = view.values[index] === -Infinity;
  const y = low ? area.bottom - 5 : area.top + 5;
  line(ctx, color, [], x - 3, y - 3, x + 3, y + 3);
  line(ctx, color, [], x - 3, y + 3, x + 3, y - 3);
}

function line(
  ctx: Context,
  color: string,
  dash: number[],
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): void {
  ctx.strokeStyle = color;
  ctx.lineWidth = 1;
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
  ctx.lineTo(Math.round(x2) + 0.5, Math.round(y2) + 0.5);
  ctx.stroke();
  ctx.setLineDash([]);
}
