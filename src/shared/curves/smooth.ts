/** TensorBoard's smoothing of curves, also of those that grow. */
import type { Column } from "./column";
import { Series } from "./series";

/**
 * An exponential moving average that is right from its first value on (debiased). A weight of 0 changes nothing.
 * Values that are not finite stay as they are and are left out of the average. As long as all values are the same they
 * stay the same, so that rounding cannot bend a constant.
 * Source: Kingma and Ba 2015, section 3, as TensorBoard applies it to its curves.
 */
class Smoother {
  private average = 0;
  /** Of the average's first value, 0: weight^n. Too little to be seen after a while. */
  private left = 1;
  /** What every value so far was; null before the first, and where they differ. */
  private constant: number | null = null;
  private count = 0;

  constructor(readonly weight: number) {}

  next(value: number): number {
    if (!Number.isFinite(value)) return value;
    this.average = this.weight * this.average + (1 - this.weight) * value;
    if (this.left > 1e-17) this.left *= this.weight;
    if (this.count++ === 0) this.constant = value;
    else if (value !== this.constant) this.constant = null;
    return this.constant ?? this.average / (1 - this.left);
  }
}

/** The whole of a curve smoothed; `weight` is from 0 up to 1. */
export function smooth(
  values: Column | readonly number[],
  weight: number,
): Column {
  const smoother = new Smoother(weight);
  const next = (value: number) => smoother.next(value);
  return values instanceof Float64Array
    ? values.map(next)
    : Float32Array.from(values, next);
}

/** A curve that grows, smoothed: only what is new is computed. */
export class Smoothed {
  series = new Series();
  private smoother = new Smoother(-1);

  /** A curve that was smoothed elsewhere. */
  static of(values: Column, weight: number): Smoothed {
    const smoothed = new Smoothed();
    smoothed.reset(weight);
    smoothed.series.append(values);
    return smoothed;
  }

  /** Brings the smoothed curve up to the raw one; a new weight begins anew. */
  follow(raw: Series, weight: number): void {
    if (weight !== this.smoother.weight || this.series.length > raw.length)
      this.reset(weight);
    const from = this.series.length;
    const added = raw.values.slice(from, raw.length);
    for (let index = 0; index < added.length; index++)
      added[index] = this.smoother.next(added[index]);
    if (added.length > 0) this.series.append(added);
  }

  private reset(weight: number): void {
    this.series = new Series();
    this.smoother = new Smoother(weight);
  }
}
