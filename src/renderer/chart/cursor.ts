/** The cursor's line with a mark on each curve, and the stretch that is being chosen, on a canvas above the graph. */
import { indexAt, valueAt, xAt } from "../series/series";
import type { Place } from "./curves";
import type { ChartLine } from "./lines";

export interface PlotArea {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface CursorLook {
  /** On the x axis. */
  cursor: number | null;
  /** Chosen with Shift and a drag, in pixels. */
  chosen: readonly [number, number] | null;
  /** With resolved colours. */
  lines: readonly ChartLine[];
  ink: string;
  surface: string;
}

/** On an empty canvas. */
export function drawCursor(
  ctx: CanvasRenderingContext2D,
  area: PlotArea,
  place: Place,
  look: CursorLook,
): void {
  if (look.chosen) drawChosen(ctx, area, look.chosen, look.ink);
  if (look.cursor === null) return;
  const x = place.x(look.cursor);
  if (x < area.left - 1 || x > area.right + 1) return;
  ctx.fillStyle = look.ink;
  ctx.fillRect(Math.round(x), area.top, 1, area.bottom - area.top);
  for (const line of look.lines) drawMark(ctx, area, place, look, line);
}

function drawMark(
  ctx: CanvasRenderingContext2D,
  area: PlotArea,
  place: Place,
  { cursor, surface }: CursorLook,
  { view, color, mark }: ChartLine,
): void {
  const index = indexAt(view, cursor ?? 0);
  if (index < 0 || !Number.isFinite(view.values[index])) return;
  const x = place.x(xAt(view, index));
  const y = place.y(valueAt(view, index));
  if (x < area.left - 1 || y < area.top - 1 || y > area.bottom + 1) return;
  ctx.beginPath();
  ctx.arc(x, y, 4, 0, 2 * Math.PI);
  ctx.fillStyle = mark === "fake" ? surface : color;
  ctx.fill();
  ctx.lineWidth = 2;
  ctx.strokeStyle = mark === "fake" ? color : surface;
  ctx.stroke();
}

function drawChosen(
  ctx: CanvasRenderingContext2D,
  area: PlotArea,
  [from, to]: readonly [number, number],
  ink: string,
): void {
  ctx.globalAlpha = 0.15;
  ctx.fillStyle = ink;
  ctx.fillRect(from, area.top, to - from, area.bottom - area.top);
  ctx.globalAlpha = 1;
}
