/** The axes of a graph as Chart.js wants them. */
import type { ChartOptions, Scale } from "chart.js";
import type { AxisUnit } from "../../shared/curves/axis";
import type { XRange } from "../../shared/curves/chart";
import type { Picture } from "../../shared/curves/picture";
import { logTicks, tickTexts, xTicks } from "../../shared/curves/ticks";
import type { Tick } from "../../shared/curves/ticks";

/** Pixels that a label below the x axis takes, with air. */
const roomOfLabel = 60;
/** Beside the y axis. */
const mostLabels = 7;

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
      },
      ...writtenAs(({ width }) =>
        x ? xTicks(x, unit, Math.max(2, width / roomOfLabel)) : [],
      ),
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
        maxTicksLimit: mostLabels,
        ...(yBounds ? { stepSize: (yBounds[1] - yBounds[0]) / 5 } : {}),
      },
      ...writtenAs(({ min, max, ticks: own }) =>
        yScale === "logarithmic"
          ? logTicks(min, max, mostLabels)
          : tickTexts(own.map(({ value }) => value)),
      ),
    },
  };
}

/** The axis with our own ticks, of which no two are written alike. */
function writtenAs(ticksOf: (axis: Scale) => Tick[]) {
  let texts = new Map<number, string>();
  return {
    afterBuildTicks: (axis: Scale) => {
      const ticks = ticksOf(axis);
      texts = new Map(ticks.map(({ value, text }) => [value, text]));
      axis.ticks = ticks.map(({ value }) => ({ value }));
    },
    afterTickToLabelConversion: (axis: Scale) => {
      for (const tick of axis.ticks) tick.label = texts.get(tick.value) ?? "";
    },
  };
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
