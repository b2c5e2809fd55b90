/** Where a chart's values lie in pixels, and where its ticks stand, for charts that are drawn without Chart.js. */
import type { ChartContent, XRange } from "./chart";
import { fullRange } from "./picture";
import type { Picture } from "./picture";
import { logTicks, tickTexts, roundTicks, xTicks } from "./ticks";
import type { Tick } from "./ticks";

/** In pixels. */
export interface PlotArea {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** From values to pixels. */
export interface Place {
  x(value: number): number;
  y(value: number): number;
}

export interface Frame extends Place {
  area: PlotArea;
  /** What is in view along x. */
  shown: XRange;
  xTicks: Tick[];
  yTicks: Tick[];
  /** The reverse of `x`. */
  valueAt(pixel: number): number;
}

/** Pixels that a tick's label takes, with air. */
const room = { x: 110, y: 55 };

export function frameOf(
  content: ChartContent,
  picture: Picture,
  area: PlotArea,
): Frame {
  const { left, right, top, bottom } = area;
  const shown = content.range ?? fullRange(content.lines) ?? { from: 0, to: 1 };
  const isLog = content.yScale === "logarithmic";
  const straight = isLog ? Math.log10 : (value: number) => value;
  const [low, high] = yBounds(content, picture);
  const [straightLow, straightHigh] = [straight(low), straight(high)];
  const count = (pixels: number, each: number) =>
    Math.max(2, Math.floor(pixels / each));
  const yCount = count(bottom - top, room.y);
  return {
    area,
    shown,
    x: (value) =>
      left + ((value - shown.from) / (shown.to - shown.from)) * (right - left),
    // Below what a logarithm knows is below the picture.
    y: (value) =>
      isLog && value <= 0
        ? bottom + 10
        : bottom -
          ((straight(value) - straightLow) / (straightHigh - straightLow)) *
            (bottom - top),
    valueAt: (pixel) =>
      shown.from + ((pixel - left) / (right - left)) * (shown.to - shown.from),
    xTicks: xTicks(shown, content.unit, count(right - left, room.x)),
    yTicks: isLog
      ? logTicks(low, high, yCount)
      : tickTexts(roundTicks(low, high, yCount)),
  };
}

/** From low to high with some air, however close they are to each other. */
function yBounds(
  { yBounds, yScale, levels }: ChartContent,
  { extent }: Picture,
): [low: number, high: number] {
  if (yBounds) return yBounds;
  if (yScale === "logarithmic") {
    if (!extent || !Number.isFinite(extent.lowestPositive)) return [1, 10];
    const { lowestPositive, high } = extent;
    const air = Math.max(1.05, (high / lowestPositive) ** 0.04);
    return [lowestPositive / air, high * air];
  }
  const ys = levels.map(({ y }) => y);
  const low = Math.min(extent?.low ?? 0, ...ys);
  const high = Math.max(extent?.high ?? 1, ...ys);
  const air = (high - low) * 0.04 || Math.abs(high) * 0.1 || 1;
  return [low - air, high + air];
}
