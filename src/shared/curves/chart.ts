/** What a chart shows, whoever draws it: the window, an export or the report. */
import type { AxisUnit } from "./axis";
import type { SeriesView } from "./series";

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
  /** The curves that it stands for, drawn thin behind: each seed of a median. */
  members?: readonly SeriesView[];
  /** A shaded range around the line. */
  band?: { lower: SeriesView; upper: SeriesView } | null;
}

/** A place on the x axis where something happened, or a stretch of it. */
export interface ChartMarker {
  x: number;
  /** Where the stretch ends, which is shaded. */
  to?: number;
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

export interface ChartContent {
  lines: readonly ChartLine[];
  unit: AxisUnit;
  /** Said below the x axis where it is not the one that was asked for. */
  xNote?: string;
  yScale: "linear" | "logarithmic";
  /** What is zoomed to; null shows everything. */
  range: XRange | null;
  /** Bounds that y keeps although no curve reaches them: probabilities stay in [0, 1]. */
  yBounds: [number, number] | null;
  markers: readonly ChartMarker[];
  levels: readonly ChartLevel[];
}
