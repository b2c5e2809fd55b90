/**
 * What Chart.js does not draw: the cursor's line with a mark on each curve, events, levels, and NaN or infinity as
 * crosses at the edge of the picture.
 */
import type { Chart, Plugin } from "chart.js";
import type { ChartLevel, ChartLine, ChartMarker } from "./lines";
import { indexAt } from "../series/series";

export interface Overlay {
  cursor: number | null;
  markers: readonly ChartMarker[];
  levels: readonly ChartLevel[];
  /** With resolved colours, in the order of the legend. */
  lines: readonly ChartLine[];
  ink: string;
  faint: string;
  surface: string;
  bad: string;
}

/** A plugin that draws what `read` gives at the time of drawing. */
export function overlayPlugin(read: () => Overlay): Plugin<"line"> {
  return {
    id: "overlay",
    beforeDatasetsDraw: (chart) => {
      const overlay = read();
      clipped(chart, () => {
        drawLevels(chart, overlay);
        drawMarkers(chart, overlay);
      });
    },
    afterDatasetsDraw: (chart) => {
      const overlay = read();
      clipped(chart, () => {
        drawNonFinite(chart, overlay);
        drawCursor(chart, overlay);
      });
    },
  };
}

function clipped(chart: Chart, draw: () => void): void {
  const { left, top, width, height } = chart.chartArea;
  chart.ctx.save();
  chart.ctx.beginPath();
  chart.ctx.rect(left, top - 1, width, height + 2);
  chart.ctx.clip();
  draw();
  chart.ctx.restore();
}

function drawLevels({ ctx, chartArea, scales }: Chart, overlay: Overlay): void {
  ctx.font = "11px system-ui, sans-serif";
  ctx.textAlign = "right";
  ctx.textBaseline = "bottom";
  for (const level of overlay.levels) {
    const y = scales.y.getPixelForValue(level.y);
    line(ctx, overlay.faint, [2, 3], chartArea.left, y, chartArea.right, y);
    ctx.fillStyle = overlay.faint;
    ctx.fillText(level.label, chartArea.right - 4, y - 2);
  }
}

function drawMarkers(
  { ctx, chartArea, scales }: Chart,
  overlay: Overlay,
): void {
  for (const marker of overlay.markers) {
    const x = scales.x.getPixelForValue(marker.x);
    const color = marker.tone === "bad" ? overlay.bad : overlay.faint;
    line(ctx, color, [1, 3], x, chartArea.top, x, chartArea.bottom);
    ctx.fillStyle = color;
    ctx.beginPath();
    ctx.moveTo(x - 4, chartArea.top);
    ctx.lineTo(x + 4, chartArea.top);
    ctx.lineTo(x, chartArea.top + 6);
    ctx.fill();
  }
}

/** At most 200 crosses a curve: more would be a solid bar anyway. */
function drawNonFinite(
  { ctx, chartArea, scales }: Chart,
  overlay: Overlay,
): void {
  for (const { view, color } of overlay.lines) {
    const stride = Math.max(1, Math.floor(view.nonFinite.length / 200));
    for (let at = 0; at < view.nonFinite.length; at += stride) {
      const index = view.nonFinite[at];
      const x = scales.x.getPixelForValue(
        view.xs[index] * view.scale + view.offset,
      );
      const low = view.values[index] === -Infinity;
      const y = low ? chartArea.bottom - 5 : chartArea.top + 5;
      line(ctx, color, [], x - 3, y - 3, x + 3, y + 3);
      line(ctx, color, [], x - 3, y + 3, x + 3, y - 3);
    }
  }
}

function drawCursor({ ctx, chartArea, scales }: Chart, overlay: Overlay): void {
  if (overlay.cursor === null) return;
  const x = scales.x.getPixelForValue(overlay.cursor);
  line(ctx, overlay.ink, [], x, chartArea.top, x, chartArea.bottom);
  for (const { view, color, mark } of overlay.lines) {
    const index = indexAt(view, overlay.cursor);
    if (index < 0 || !Number.isFinite(view.values[index])) continue;
    const px = scales.x.getPixelForValue(
      view.xs[index] * view.scale + view.offset,
    );
    const py = scales.y.getPixelForValue(view.values[index]);
    ctx.beginPath();
    ctx.arc(px, py, 4, 0, 2 * Math.PI);
    ctx.fillStyle = mark === "fake" ? overlay.surface : color;
    ctx.fill();
    ctx.lineWidth = 2;
    ctx.strokeStyle = mark === "fake" ? color : overlay.surface;
    ctx.stroke();
  }
}

function line(
  ctx: CanvasRenderingContext2D,
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
