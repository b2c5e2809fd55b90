/** Whether our runs lie among PyTorch's: the same figure of several seeds on both sides. */

export interface Spread {
  /** Of each seed: the mean of a figure over the lines compared. */
  ours: number[];
  theirs: number[];
  /**
   * How likely so large a difference of means is where both sides do the same: the share of all ways to deal the seeds
   * onto two sides (the exact permutation test). Null where there are too few seeds for any answer below 1 %.
   */
  chance: number | null;
}

/** Below it the difference is called real. */
export const leastChance = 0.01;

export function spreadOf(ours: number[], theirs: number[]): Spread {
  const all = [...ours, ...theirs];
  const total = sum(all);
  const distance = (part: number) =>
    Math.abs(part / ours.length - (total - part) / theirs.length);
  const seen = distance(sum(ours));
  const parts = [...sumsOf(all, ours.length)];
  // Sums in another order differ in their last digits.
  const asFar = parts.filter((part) => distance(part) >= seen * (1 - 1e-9));
  const enough = 2 / parts.length < leastChance;
  return { ours, theirs, chance: enough ? asFar.length / parts.length : null };
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The sums of every choice of `count` of the values. */
function* sumsOf(values: readonly number[], count: number): Generator<number> {
  if (count === 0) yield 0;
  else if (values.length >= count) {
    const [first, ...rest] = values;
    for (const part of sumsOf(rest, count - 1)) yield first + part;
    yield* sumsOf(rest, count);
  }
}
