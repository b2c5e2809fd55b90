/** What a graph shows beside its curves: events, levels, and NaN or infinity as crosses at the edge of the picture. */
import type { ChartLevel, ChartMarker } from "../../shared/curves/chart";
import type { Place, PlotArea } from "../../shared/curves/frame";
import type { Cross } from "../../shared/curves/picture";

type Context = CanvasRenderingContext2D;

export function drawLevels(
  ctx: Context,
  area: PlotArea,
  place: Place,
  levels: readonly ChartLevel[],
  color: string,
): void {
  for (const { y } of levels)
    line(
      ctx,
      dotted(color, 2),
      [area.left, place.y(y)],
      [area.right, place.y(y)],
    );
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
    if (marker.to !== undefined) shade(ctx, area, color, x, place.x(marker.to));
    line(ctx, dotted(color, 1), [x, area.top], [x, area.bottom]);
    ctx.fillStyle = color;
    ctx.beginPath();
    ctx.moveTo(x - 4, area.top);
    ctx.lineTo(x + 4, area.top);
    ctx.lineTo(x, area.top + 6);
    ctx.fill();
  }
}

/** Faint enough for curves and their numbers to be read on it. */
function shade(
  ctx: Context,
  area: PlotArea,
  color: string,
  x1: number,
  x2: number,
): void {
  ctx.save();
  ctx.globalAlpha = 0.08;
  ctx.fillStyle = color;
  ctx.fillRect(x1, area.top, x2 - x1, area.bottom - area.top);
  ctx.restore();
}

export function drawCrosses(
  ctx: Context,
  area: PlotArea,
  place: Place,
  crosses: readonly Cross[],
  color: string,
): void {
  for (const cross of crosses) {
    const x = place.x(cross.x);
    const y = cross.edge === "bottom" ? area.bottom - 5 : area.top + 5;
    line(ctx, { color, dash: [] }, [x - 3, y - 3], [x + 3, y + 3]);
    line(ctx, { color, dash: [] }, [x - 3, y + 3], [x + 3, y - 3]);
  }
}

type Point = readonly [x: number, y: number];

const dotted = (color: string, length: number) => ({
  color,
  dash: [length, 3],
});

function line(
  ctx: Context,
  { color, dash }: { color: string; dash: number[] },
  from: Point,
  to: Point,
): void {
  ctx.strokeStyle = color;
  ctx.lineWidth = 1;
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(Math.round(from[0]) + 0.5, Math.round(from[1]) + 0.5);
  ctx.lineTo(Math.round(to[0]) + 0.5, Math.round(to[1]) + 0.5);
  ctx.stroke();
  ctx.setLineDash([]);
}
