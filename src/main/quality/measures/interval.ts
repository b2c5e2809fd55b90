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

/** With the values of the halves that it was drawn from. */
export interface Estimate extends Interval {
  halves: readonly number[];
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
): Record<K, Estimate> {
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
  return Object.fromEntries<Estimate>(
    names.map((name) => {
      const halves: number[] = drawn.map((draw) => draw[name]);
      const spread = width * deviation(halves);
      const value: number = values[name];
      const [low, high] = [value - spread, value + spread];
      return [name, { value, low, high, halves }];
    }),
  ) as Record<K, Estimate>;
}

/**
 * Of a share of `count` images: in angles, whose deviation does not depend on the share (Anscombe 1948), because halves have
 * a somewhat smaller share of what is near 1, and so a larger deviation. Where all halves are alike, as at 0 and 1, what
 * counting alone allows (Wilson 1927).
 */
export function asShare({ value, halves }: Estimate, count: number): Interval {
  if (deviation(halves) === 0) return wilson(value, count);
  const half = Math.floor(count / 2);
  const spread = width * deviation(halves.map((share) => angleOf(share, half)));
  const middle = angleOf(value, count);
  return {
    value,
    low: Math.min(value, shareOf(middle - spread, count)),
    high: Math.max(value, shareOf(middle + spread, count)),
  };
}

/** What Anscombe adds to hits and misses. */
const added = 3 / 8;

function angleOf(share: number, count: number): number {
  const hits = Math.min(1, Math.max(0, share)) * count;
  return Math.asin(Math.sqrt((hits + added) / (count + 2 * added)));
}

function shareOf(angle: number, count: number): number {
  const inside = Math.min(Math.PI / 2, Math.max(0, angle));
  const hits = Math.sin(inside) ** 2 * (count + 2 * added) - added;
  return Math.min(1, Math.max(0, hits / count));
}

function wilson(value: number, count: number): Interval {
  const z2 = 1.96 ** 2;
  const share = Math.min(1, Math.max(0, value));
  const middle = (share + z2 / (2 * count)) / (1 + z2 / count);
  const half =
    (1.96 / (1 + z2 / count)) *
    Math.sqrt((share * (1 - share)) / count + z2 / (4 * count * count));
  return {
    value,
    low: Math.min(value, Math.max(0, middle - half)),
    high: Math.max(value, Math.min(1, middle + half)),
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
