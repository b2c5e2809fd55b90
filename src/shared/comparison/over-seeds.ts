/**
 * What a configuration is worth over its seeds, and whether two of them can be told apart. The seed is the unit: each
 * gives one value. Held to SciPy in `test/shared/over-seeds.test.ts`; the reasons are in `docs/sweeps.md`.
 */
import { formatValue } from "../format-value";
import { criticalT } from "./student";

/** What one run gave; a run without settings has no seed. */
export interface SeedValue {
  run: string;
  seed: number | null;
  value: number;
  /** Of the measurement that gave it, where it was measured on samples. */
  within?: Interval;
}

export interface Interval {
  low: number;
  high: number;
}

/** Of the finite values of a configuration. */
export interface OverSeeds {
  values: SeedValue[];
  /** Of values that are not finite, which count nowhere else. */
  lost: number;
  median: number;
  mean: number;
  /** Of the mean, 95 %, by Student's t; null for one seed, which says nothing of others. */
  interval: Interval | null;
}

/** Of the first configuration minus the second. */
export type Difference =
  | {
      /** By seeds that both have, or, where they share fewer than two, of all values (Welch 1947). */
      kind: "paired" | "unpaired";
      /** Pairs, or the seeds of the smaller side. */
      seeds: number;
      mean: number;
      /** 95 %. */
      interval: Interval;
      /** Whether the interval leaves out 0. */
      distinguishable: boolean;
      /**
       * With so many seeds on each side the interval would leave out 0 if mean and spread stayed as they are; null
       * where it does, or a thousand are not enough.
       */
      wouldDo: number | null;
    }
  | { kind: "none"; reason: string };

const mostSeeds = 1000;

/** Null where no value is finite. */
export function overSeeds(values: readonly SeedValue[]): OverSeeds | null {
  const finite = values.filter(({ value }) => Number.isFinite(value));
  if (finite.length === 0) return null;
  const numbers = finite.map(({ value }) => value);
  return {
    values: finite,
    lost: values.length - finite.length,
    median: medianOf(numbers),
    mean: meanOf(numbers),
    interval: meanInterval(numbers),
  };
}

/** The middle value, or the mean of the two in the middle. */
export function medianOf(values: readonly number[]): number {
  const ascending = [...values].sort((a, b) => a - b);
  const middle = ascending.length >> 1;
  return ascending.length % 2 === 1
    ? ascending[middle]
    : (ascending[middle - 1] + ascending[middle]) / 2;
}

/**
 * Of the mean, 95 %: mean ± t(n - 1) s / sqrt(n). Null for fewer than two values. With three to five seeds nothing else
 * has its stated chance: resampling three values gives a far too narrow interval, and a rank test of five pairs cannot
 * reach 5 % whatever it sees.
 */
export function meanInterval(values: readonly number[]): Interval | null {
  if (values.length < 2) return null;
  const half =
    criticalT(values.length - 1) *
    Math.sqrt(varianceOf(values) / values.length);
  return around(meanOf(values), half);
}

/**
 * An interval of the median that needs no distribution: between two values in order, the narrowest such with at least
 * 95 %, which takes six seeds; below that between the smallest and the largest, with less (75 % for three). David and
 * Nagaraja 2003, section 7.1. Gives how many values to leave out at either end, and the chance.
 */
export function medianReach(count: number): {
  left: number;
  confidence: number;
} {
  let reach = { left: 0, confidence: 1 - 2 * tail(count, 0) };
  for (let left = 1; left < count / 2; left++) {
    const confidence = 1 - 2 * tail(count, left);
    if (confidence < 0.95) break;
    reach = { left, confidence };
  }
  return reach;
}

export function differenceOf(
  first: OverSeeds | null,
  second: OverSeeds | null,
): Difference {
  if (!first || !second)
    return { kind: "none", reason: "One of the two has no value." };
  const pairs = pairsOf(first.values, second.values);
  if (pairs.length >= 2) return paired(pairs);
  const [a, b] = [first, second].map(({ values }) =>
    values.map(({ value }) => value),
  );
  if (Math.min(a.length, b.length) < 2)
    return {
      kind: "none",
      reason:
        "One seed says nothing about others; train both with two or more seeds.",
    };
  return unpaired(a, b);
}

/** The values of equal seeds; where a seed is there more than once, in their order. */
function pairsOf(
  first: readonly SeedValue[],
  second: readonly SeedValue[],
): [number, number][] {
  const left = [...second];
  return first.flatMap(({ seed, value }): [number, number][] => {
    const at = left.findIndex((other) => seed !== null && other.seed === seed);
    return at < 0 ? [] : [[value, left.splice(at, 1)[0].value]];
  });
}

function paired(pairs: readonly [number, number][]): Difference {
  const differences = pairs.map(([a, b]) => a - b);
  const mean = meanOf(differences);
  const variance = varianceOf(differences);
  const half = (seeds: number) =>
    criticalT(seeds - 1) * Math.sqrt(variance / seeds);
  return told("paired", pairs.length, mean, half(pairs.length), half);
}

/** With a variance of its own on each side: Welch 1947. */
function unpaired(a: readonly number[], b: readonly number[]): Difference {
  const [u, v] = [varianceOf(a), varianceOf(b)];
  const error = u / a.length + v / b.length;
  const freedom =
    error ** 2 /
    ((u / a.length) ** 2 / (a.length - 1) +
      (v / b.length) ** 2 / (b.length - 1));
  const half = error === 0 ? 0 : criticalT(freedom) * Math.sqrt(error);
  return told(
    "unpaired",
    Math.min(a.length, b.length),
    meanOf(a) - meanOf(b),
    half,
    (seeds) => criticalT(2 * seeds - 2) * Math.sqrt((u + v) / seeds),
  );
}

/** `half` is that of so many seeds, if the spread stayed. */
function told(
  kind: "paired" | "unpaired",
  seeds: number,
  mean: number,
  reach: number,
  half: (seeds: number) => number,
): Difference {
  const distinguishable = Math.abs(mean) > reach;
  let wouldDo: number | null = null;
  if (!distinguishable && mean !== 0)
    for (let more = seeds + 1; more <= mostSeeds && wouldDo === null; more++)
      if (half(more) < Math.abs(mean)) wouldDo = more;
  const interval = around(mean, reach);
  return { kind, seeds, mean, interval, distinguishable, wouldDo };
}

/** What stands below a median: the interval of the mean, or of the measurement of one seed alone. */
export function intervalWords({ interval, values }: OverSeeds): string {
  const told = ({ low, high }: Interval) =>
    `${formatValue(low)} to ${formatValue(high)}`;
  if (interval) return `mean ${told(interval)}`;
  const [{ within }] = values;
  if (values.length > 1) return "no interval";
  return within ? `one seed, ${told(within)}` : "one seed, no interval";
}

/** `not distinguishable with 3 seeds; about 8 would do`, `lower`, `higher`, or why neither can be said. */
export function differenceWords(difference: Difference): string {
  if (difference.kind === "none") return difference.reason;
  const { distinguishable, mean, seeds, wouldDo } = difference;
  if (distinguishable) return mean < 0 ? "lower" : "higher";
  const more = wouldDo === null ? "" : `; about ${wouldDo} would do`;
  return `not distinguishable with ${seeds} seeds${more}`;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of the sample: over n - 1. */
function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return (
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) /
    (values.length - 1)
  );
}

function around(middle: number, half: number): Interval {
  return { low: middle - half, high: middle + half };
}

/** The chance that at most `least` of `count` fair coins show heads. */
function tail(count: number, least: number): number {
  let term = 0.5 ** count;
  let sum = 0;
  for (let heads = 0; heads <= least; heads++) {
    sum += term;
    term *= (count - heads) / (heads + 1);
  }
  return sum;
}
