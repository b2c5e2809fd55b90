/** The axes of a graph as Chart.js wants them. */
import type { ChartOptions } from "chart.js";
import type { AxisUnit } from "../../shared/curves/axis";
import type { XRange } from "../../shared/curves/chart";
import { formatX } from "../../shared/curves/axis";
import type { Picture } from "../../shared/curves/picture";

export interface Axes {
  unit: AxisUnit;
  yScale: "linear" | "logarithmic";
  x: XRange | null;
  /** Bounds that y keeps whatever the curves do. */
  yBounds: [number, number] | null;
  extent: Picture["extent"];
  colors: { line: string; text: string };
  family: string;
}

export function scalesOf(axes: Axes): ChartOptions<"line">["scales"] {
  const { colors, family, unit, x, yBounds, yScale } = axes;
  const ticks = {
    color: colors.text,
    font: { size: 11, family },
    maxRotation: 0,
  };
  const grid = { color: colors.line, tickLength: 4 };
  return {
    x: {
      type: "linear",
      min: x?.from,
      max: x?.to,
      grid: { ...grid, display: false },
      border: { color: colors.line },
      ticks: {
        ...ticks,
        // Before there is a curve, numbers would mean nothing.
        display: x !== null,
        autoSkipPadding: 24,
        includeBounds: false,
        callback: (value: string | number) => formatX(Number(value), unit),
      },
    },
    y: {
      type: yScale,
      min: yBounds?.[0],
      max: yBounds?.[1],
      ...suggestionOf(axes),
      grid,
      border: { display: false },
      // The graphs of a page stand below each other, so their y axes are equally wide.
      afterFit: (axis: { width: number }) => {
        axis.width = 52;
      },
      ticks: {
        ...ticks,
        display: x !== null,
        autoSkipPadding: 8,
        maxTicksLimit: 7,
        ...(isLarge(axes) ? { format: { notation: "scientific" } } : {}),
        ...(yBounds ? { stepSize: (yBounds[1] - yBounds[0]) / 5 } : {}),
      },
    },
  };
}

/** Whether the labels of a run that explodes would not fit beside the axis. */
function isLarge({ extent }: Axes): boolean {
  return extent !== null && Math.max(extent.high, -extent.low) >= 1e5;
}

/** What the axis makes room for; a logarithm knows nothing at and below 0. */
function suggestionOf({ extent, yScale }: Axes) {
  if (!extent) return {};
  const { high, low, lowestPositive } = extent;
  if (yScale === "linear") return { suggestedMin: low, suggestedMax: high };
  return Number.isFinite(lowestPositive)
    ? { suggestedMin: lowestPositive, suggestedMax: high }
    : {};
}
