/** What a chart shows, said without Chart.js. */
import type { SeriesView } from "../series/series";

export interface ChartLine {
  /** Stable between updates. */
  key: string;
  label: string;
  /** What it shares with other lines, which then stand in one row of the legend. */
  group?: string;
  /** A CSS colour or `var(--token)`. */
  color: string;
  /** Dash pattern in pixels; absent is solid. */
  dash?: number[];
  /** Real is a filled mark, fake a hollow one. */
  mark?: "real" | "fake";
  view: SeriesView;
  /** The raw curve, drawn faint behind. */
  faint?: SeriesView | null;
  /** A shaded range around the line: mean plus or minus spread. */
  band?: { lower: SeriesView; upper: SeriesView } | null;
}

/** A place on the x axis where something happened. */
export interface ChartMarker {
  x: number;
  label: string;
  /** `bad` for divergence, `plain` otherwise. */
  tone: "plain" | "bad";
}

/** A horizontal line at a value that means something. */
export interface ChartLevel {
  y: number;
  label: string;
}

export interface XRange {
  from: number;
  to: number;
}

export const axisUnits = ["step", "epoch", "wall", "relative"] as const;
export type AxisUnit = (typeof axisUnits)[number];

export const axisTitles: Record<AxisUnit, string> = {
  step: "Step",
  epoch: "Epoch",
  relative: "Time",
  wall: "Clock",
};

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

/** How a value of the x axis is written. */
export function formatX(x: number, unit: AxisUnit): string {
  switch (unit) {
    case "step":
      return Math.round(x).toLocaleString("en-US");
    case "epoch":
      return x.toFixed(x < 10 ? 2 : 1);
    case "wall":
      return new Date(x * 1000).toLocaleTimeString("en-GB");
    case "relative":
      return formatSeconds(x);
    default:
      return unit satisfies never;
  }
}

function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  if (seconds < 3600) return `${(seconds / 60).toFixed(1)} min`;
  return `${(seconds / 3600).toFixed(2)} h`;
}
