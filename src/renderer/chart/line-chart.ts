/**
 * Chart.js as this window uses it: thinned curves, no animation, zoom and pan along x, and what `overlay.ts` draws.
 * It owns the canvas; the component tells it what to show.
 */
import {
  Chart,
  Filler,
  LineController,
  LineElement,
  LinearScale,
  LogarithmicScale,
  PointElement,
} from "chart.js";
import type { ChartDataset } from "chart.js";
import zoom from "chartjs-plugin-zoom";
import { decimate } from "../series/decimate";
import type { SeriesView } from "../series/series";
import { resolveColor, withAlpha } from "./colors";
import { formatX } from "./lines";
import type {
  AxisUnit,
  ChartLevel,
  ChartLine,
  ChartMarker,
  XRange,
} from "./lines";
import { overlayPlugin } from "./overlay";
import type { Overlay } from "./overlay";

Chart.register(
  Filler,
  LineController,
  LineElement,
  LinearScale,
  LogarithmicScale,
  PointElement,
  zoom,
);

export interface ChartContent {
  lines: readonly ChartLine[];
  unit: AxisUnit;
  yScale: "linear" | "logarithmic";
  /** What is zoomed to; null shows everything. */
  range: XRange | null;
  /** Bounds that y keeps although no curve reaches them: probabilities stay in [0, 1]. */
  yBounds: [number, number] | null;
  markers: readonly ChartMarker[];
  levels: readonly ChartLevel[];
}

type Dataset = ChartDataset<"line", { x: number; y: number }[]>;

export class LineChart {
  private readonly chart: Chart<"line", { x: number; y: number }[]>;
  private content: ChartContent | null = null;
  private overlay: Overlay = {
    cursor: null,
    markers: [],
    levels: [],
    lines: [],
    ink: "",
    faint: "",
    surface: "",
    bad: "",
  };

  constructor(
    private readonly canvas: HTMLCanvasElement,
    /** Told when zooming or panning changed what is in view. */
    onRange: (range: XRange) => void,
  ) {
    const changed = () => {
      const { min, max } = this.chart.scales.x;
      onRange({ from: min, to: max });
    };
    this.chart = new Chart(canvas, {
      type: "line",
      data: { datasets: [] },
      plugins: [overlayPlugin(() => this.overlay)],
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 4, right: 16 } },
        elements: { point: { radius: 0 }, line: { borderWidth: 1.5 } },
        scales: { x: { type: "linear" }, y: { type: "linear" } },
        plugins: {
          legend: { display: false },
          tooltip: { enabled: false },
          zoom: {
            pan: { enabled: true, mode: "x", onPan: changed },
            zoom: {
              mode: "x",
              wheel: { enabled: true, speed: 0.15, modifierKey: "ctrl" },
              pinch: { enabled: true },
              drag: { enabled: true, modifierKey: "shift" },
              onZoom: changed,
            },
          },
        },
      },
    });
  }

  show(content: ChartContent): void {
    this.content = content;
    const color = (value: string) => resolveColor(this.canvas, value);
    const lines = content.lines.map((line) => ({
      ...line,
      color: color(line.color),
    }));
    this.overlay = {
      ...this.overlay,
      markers: content.markers,
      levels: content.levels,
      lines,
      ink: color("var(--text-soft)"),
      faint: color("var(--text-faint)"),
      surface: color("var(--surface)"),
      bad: color("var(--bad)"),
    };
    this.chart.data.datasets = lines.flatMap((line) => this.datasets(line));
    this.setScales(content, color("var(--line)"), color("var(--text-faint)"));
    this.chart.update("none");
  }

  /** Moves the cursor's line without thinning anything again. */
  setCursor(x: number | null): void {
    if (this.overlay.cursor === x) return;
    this.overlay.cursor = x;
    this.chart.draw();
  }

  /** The x value below a pointer, or null outside the picture. */
  valueAt(event: PointerEvent): number | null {
    const { left } = this.canvas.getBoundingClientRect();
    const x = event.clientX - left;
    const area = this.chart.chartArea;
    if (x < area.left || x > area.right) return null;
    return this.chart.scales.x.getValueForPixel(x) ?? null;
  }

  /** The picture as a PNG address. */
  toImage(): string {
    return this.chart.toBase64Image();
  }

  /** After a change of the system's colours. */
  refresh(): void {
    if (this.content) this.show(this.content);
  }

  destroy(): void {
    this.chart.destroy();
  }

  private datasets(line: ChartLine): Dataset[] {
    const base = { borderColor: line.color, borderDash: line.dash ?? [] };
    const band = line.band;
    return [
      { ...base, data: this.thin(line.view), borderWidth: 1.5 },
      ...(line.faint
        ? [
            {
              data: this.thin(line.faint),
              borderColor: withAlpha(line.color, 0.25),
              borderWidth: 1,
            },
          ]
        : []),
      ...(band
        ? [
            { data: this.thin(band.lower), borderWidth: 0 },
            {
              data: this.thin(band.upper),
              borderWidth: 0,
              backgroundColor: withAlpha(line.color, 0.18),
              fill: "-1",
            },
          ]
        : []),
    ];
  }

  private thin(view: SeriesView) {
    const columns = Math.max(50, Math.round(this.canvas.clientWidth / 2));
    const range = this.content?.range;
    return decimate(view, columns, range?.from ?? null, range?.to ?? null);
  }

  private setScales(content: ChartContent, line: string, text: string): void {
    const { lines, range, unit, yBounds, yScale } = content;
    const family = getComputedStyle(this.canvas).fontFamily;
    const extent = range ?? extentOf(lines);
    const ticks = {
      color: text,
      font: { size: 11, family },
      maxRotation: 0,
      autoSkipPadding: 24,
    };
    const grid = { color: line, tickLength: 4 };
    const border = { color: line };
    this.chart.options.scales = {
      x: {
        type: "linear",
        min: extent?.from,
        max: extent?.to,
        grid: { ...grid, display: false },
        border,
        ticks: {
          ...ticks,
          includeBounds: false,
          callback: (value: string | number) => formatX(Number(value), unit),
        },
      },
      y: {
        type: yScale,
        min: yBounds?.[0],
        max: yBounds?.[1],
        grid,
        border: { display: false },
        afterFit: (axis: { width: number }) => {
          axis.width = 52;
        },
        ticks: {
          ...ticks,
          maxTicksLimit: 7,
          ...(yBounds ? { stepSize: (yBounds[1] - yBounds[0]) / 5 } : {}),
        },
      },
    };
  }
}

function extentOf(lines: readonly ChartLine[]): XRange | null {
  let from = Infinity;
  let to = -Infinity;
  for (const { view } of lines) {
    if (view.length === 0) continue;
    from = Math.min(from, view.xs[0] * view.scale + view.offset);
    to = Math.max(to, view.xs[view.length - 1] * view.scale + view.offset);
  }
  if (from > to) return null;
  return from === to ? { from, to: from + 1 } : { from, to };
}
