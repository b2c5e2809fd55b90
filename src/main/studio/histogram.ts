/** Figures about many values at once, as the microscope shows them. */
import type { Histogram } from "../../shared/contract/microscope";

const bins = 40;

/** Counts in equal bins from the smallest to the largest value; what is not a number is left out. */
export function histogramOf(values: Float32Array): Histogram {
  const { min, max } = extremes(values);
  const counts = new Array<number>(bins).fill(0);
  const width = (max - min) / bins;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const bin = width > 0 ? Math.floor((value - min) / width) : 0;
    counts[Math.min(bin, bins - 1)]++;
  }
  return { low: min, high: max, counts };
}

/** Of the finite values; 0 and 0 where there is none. */
export function extremes(values: Float32Array): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : { min: 0, max: 0 };
}

/** L2. */
export function normOf(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
