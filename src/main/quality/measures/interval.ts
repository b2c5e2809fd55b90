/**
 * 95 % intervals by subsampling without replacement (Politis and Romano 1994; half of each sample, for which the
 * deviation of the parts is that of the whole, Shao and Wu 1989). A bootstrap would draw images twice, which are
 * neighbours at distance 0: it spoils precision, coverage and duplicates, and biases the Frechet distance upward.
 */
import type { Random } from "../../../shared/random";
import { allOf } from "./rows";

/** A number with the interval in which its truth lies, 95 times of 100. */
export interface Interval {
  value: number;
  low: number;
  high: number;
}

/** Halves drawn; the deviation of 40 of them is known to a tenth. */
const draws = 40;
/** Student's t for as many, two-sided, 95 %. */
const width = 2.023;

/**
 * Of statistics of the same samples, of `counts` images each: equal halves are drawn for all. `bounds` are those that
 * the values cannot leave.
 */
export function intervals<K extends string>(
  statistics: (...chosen: Uint32Array[]) => Record<K, number>,
  counts: readonly number[],
  random: Random,
): Record<K, Interval> {
  const values = statistics(...counts.map(allOf));
  const drawn = Array.from({ length: draws }, () =>
    statistics(
      ...counts.map((count) =>
        random
          .permutation(count)
          .subarray(0, Math.floor(count / 2))
          .slice(),
      ),
    ),
  );
  const names = Object.keys(values) as K[];
  return Object.fromEntries(
    names.map((name) => {
      const spread = width * deviation(drawn.map((draw) => draw[name]));
      const value = values[name];
      return [name, { value, low: value - spread, high: value + spread }];
    }),
  ) as Record<K, Interval>;
}

/**
 * Of a share of `count` images: not beyond 0 and 1, and no narrower than counting alone allows (Wilson 1927), because a
 * share of 0 or 1 has no deviation.
 */
export function asShare(
  { value, low, high }: Interval,
  count: number,
): Interval {
  const z2 = 1.96 ** 2;
  const share = Math.min(1, Math.max(0, value));
  const middle = (share + z2 / (2 * count)) / (1 + z2 / count);
  const half =
    (1.96 / (1 + z2 / count)) *
    Math.sqrt((share * (1 - share)) / count + z2 / (4 * count * count));
  return {
    value,
    low: Math.max(0, Math.min(low, middle - half)),
    high: Math.max(value, Math.min(1, Math.max(high, middle + half))),
  };
}

/** Not below a bound. */
export function atLeast(bound: number, interval: Interval): Interval {
  return { ...interval, low: Math.max(bound, interval.low) };
}

/** Whether two numbers can be told apart: their intervals do not overlap. */
export function areApart(a: Interval, b: Interval): boolean {
  return a.high < b.low || b.high < a.low;
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, it) => sum + it, 0) / values.length;
  const squares = values.reduce((sum, it) => sum + (it - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
