/** A small chart of one measure over the steps: its values, their intervals, and the floor or ceiling. Pure arithmetic. */
import { boundOf, isAlike } from "../../../shared/quality";
import type { MeasureName, Quality } from "../../../shared/quality";

export interface MeasurePlot {
  /** `M 0 1 L ...` of the values. */
  line: string;
  /** The intervals, as a closed path. */
  band: string;
  points: { x: number; y: number; step: number }[];
  /** Where the newest floor or ceiling lies. */
  bound: number;
  low: number;
  high: number;
}

/** Null where no step has a value. Only steps of one extractor and one number of samples can stand in one chart. */
export function plotOf(
  all: readonly Quality[],
  name: MeasureName,
  { width, height }: { width: number; height: number },
): MeasurePlot | null {
  const newest = all.at(-1);
  if (!newest) return null;
  const found = all
    .filter((one) => isAlike(one, newest))
    .flatMap((one) => {
      const measure = one.measures[name];
      return "value" in measure ? [{ step: one.step, ...measure }] : [];
    });
  const last = found.at(-1);
  if (!last) return null;
  const bound = boundOf(last) ?? 0;
  const lows = found.map(({ low }) => low);
  const highs = found.map(({ high }) => high);
  const low = Math.min(bound, ...lows);
  const high = Math.max(bound, ...highs);
  const margin = 4;
  const first = found[0].step;
  const span = Math.max(1, last.step - first);
  const x = (step: number) =>
    found.length === 1
      ? width / 2
      : margin + ((step - first) / span) * (width - 2 * margin);
  const y = (value: number) =>
    high > low
      ? height - margin - ((value - low) / (high - low)) * (height - 2 * margin)
      : height / 2;
  const path = (places: readonly (readonly [number, number])[]) =>
    places.map(([px, py]) => `${px.toFixed(1)} ${py.toFixed(1)}`).join(" L ");
  const upper = found.map((one) => [x(one.step), y(one.high)] as const);
  const lower = found.map((one) => [x(one.step), y(one.low)] as const);
  const points = found.map(({ step, value }) => ({
    x: x(step),
    y: y(value),
    step,
  }));
  return {
    line: `M ${path(points.map((point) => [point.x, point.y]))}`,
    band: `M ${path([...upper, ...lower.reverse()])} Z`,
    points,
    bound: y(bound),
    low,
    high,
  };
}
