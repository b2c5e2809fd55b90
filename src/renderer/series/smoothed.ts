/**
 * TensorBoard's smoothing of a curve that grows: an exponential moving average, corrected for its start at zero
 * (`last / (1 - weight^n)`). NaN and infinities pass through and leave the average alone. Only what is new is computed.
 */
import { Series } from "./series";

export class Smoothed {
  series = new Series();
  private weight = -1;
  private average = 0;
  /** weight^n of the finite values so far. */
  private remaining = 1;

  /** A curve that was smoothed elsewhere. */
  static of(values: Float32Array, weight: number): Smoothed {
    const smoothed = new Smoothed();
    smoothed.reset(weight);
    smoothed.series.append(values);
    return smoothed;
  }

  /** Brings the smoothed curve up to the raw one; a new weight begins anew. */
  follow(raw: Series, weight: number): void {
    if (weight !== this.weight || this.series.length > raw.length)
      this.reset(weight);
    const from = this.series.length;
    const added = new Float32Array(raw.length - from);
    for (let index = 0; index < added.length; index++)
      added[index] = this.next(raw.values[from + index]);
    if (added.length > 0) this.series.append(added);
  }

  private next(value: number): number {
    if (!Number.isFinite(value)) return value;
    this.average = this.average * this.weight + (1 - this.weight) * value;
    this.remaining *= this.weight;
    return this.average / (1 - this.remaining);
  }

  private reset(weight: number): void {
    this.series = new Series();
    this.weight = weight;
    this.average = 0;
    this.remaining = 1;
  }
}
