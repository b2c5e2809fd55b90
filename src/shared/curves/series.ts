/**
 * One curve in full, kept outside Svelte's state: it grows at its end and is never thinned. Charts look at it through
 * a `SeriesView`, which says what stands on the x axis.
 */
import type { Column } from "../../shared/curves/column";
import { Extremes } from "./extremes";
import { rowAt } from "./search";

/** What a chart draws: `xAt(i) = xs[i] * scale + offset`, ascending, and `valueAt(i) = values[i] * gain`. */
export interface SeriesView {
  length: number;
  xs: Float64Array;
  scale: number;
  offset: number;
  values: Column;
  /** Above 0. */
  gain: number;
  extremes: Extremes;
  /** Indices of NaN and infinities. */
  nonFinite: readonly number[];
  /** Indices before which the run stood still, ascending, where time is on the x axis. */
  pauses?: readonly number[];
}

/** Values that grow, with their extremes, which are found when they are first drawn. */
export class Series {
  length = 0;
  values: Column = new Float32Array(1024);
  readonly extremes = new Extremes();
  readonly nonFinite: number[] = [];

  append(values: ArrayLike<number>): void {
    const length = this.length + values.length;
    if (
      values instanceof Float64Array &&
      !(this.values instanceof Float64Array)
    )
      this.values = Float64Array.from(this.values);
    this.values = roomFor(this.values, length);
    this.values.set(values, this.length);
    for (let index = this.length; index < length; index++)
      if (!Number.isFinite(this.values[index])) this.nonFinite.push(index);
    this.length = length;
  }
}

/** A view of arrays that do not grow: differences, means, imported curves. */
export function viewOf(
  xs: Float64Array,
  values: Column,
  scale = 1,
  offset = 0,
): SeriesView {
  const series = new Series();
  series.append(values);
  return {
    length: values.length,
    xs,
    scale,
    offset,
    values: series.values,
    gain: 1,
    extremes: series.extremes,
    nonFinite: series.nonFinite,
  };
}

export function xAt(view: SeriesView, index: number): number {
  return view.xs[index] * view.scale + view.offset;
}

export function valueAt(view: SeriesView, index: number): number {
  return view.values[index] * view.gain;
}

/** The index of the last point at or before `x`; -1 before the first. */
export function indexAt(view: SeriesView, x: number): number {
  return rowAt(view.xs, (x - view.offset) / view.scale, view.length);
}

/** Room for `length` numbers: the same array, or one of at least twice the size that begins with its content. */
export function roomFor<A extends Float32Array | Float64Array>(
  array: A,
  length: number,
): A {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (size: number) => A)(
    Math.max(length, array.length * 2),
  );
  larger.set(array);
  return larger;
}
