/** What lies along x of a curve, what people call it, and how a place on it is written. */
import type { Clock } from "../run";

/** Steps, epochs, the time since the run's first step, or the hour of the day. */
export const axisUnits = ["step", "epoch", "relative", "wall"] as const;
export type AxisUnit = (typeof axisUnits)[number];

/** The x axis on which the curves of one run stand. */
export interface Axis {
  unit: AxisUnit;
  /** For epochs; 0 where a log knows none. */
  stepsPerEpoch: number;
}

/** What is said where a log does not tell the time. */
export const clockUnknown = "clock unknown";

/**
 * The axis that runs can be drawn on instead of one of time that their logs do not tell: seconds since the start where
 * all of them tell those, else steps.
 */
export function knownAxis(axis: AxisUnit, clocks: readonly Clock[]): AxisUnit {
  if (axis === "step" || axis === "epoch") return axis;
  if (clocks.includes("unknown")) return "step";
  return clocks.includes("elapsed") ? "relative" : axis;
}

export const axisTitles: Record<AxisUnit, string> = {
  step: "Step",
  epoch: "Epoch",
  relative: "Time",
  wall: "Clock",
};

/** How a value of the x axis is written. */
export function formatX(x: number, unit: AxisUnit): string {
  switch (unit) {
    case "step":
      return x < 1e15
        ? Math.round(x).toLocaleString("en-US")
        : x.toExponential(2);
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

/** `3.2 s`, `12.5 min`, `1.25 h`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  if (seconds < 3600) return `${(seconds / 60).toFixed(1)} min`;
  return `${(seconds / 3600).toFixed(2)} h`;
}
