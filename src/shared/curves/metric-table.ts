/** All metrics of one run, growing: one table of steps and times for each group of scalars that share them. */
import type { Axis } from "./axis";
import type { MetricGroup } from "./metric-group";
import { rowAt } from "./search";
import { Series, roomFor } from "./series";
import type { SeriesView } from "./series";
import { Smoothed } from "./smooth";

interface Group {
  length: number;
  steps: Float64Array;
  times: Float64Array;
  /** Rows before which the run stood still. */
  pauses: number[];
  series: Map<string, Series>;
  smoothed: Map<string, Smoothed>;
}

export class MetricTable {
  private groups = new Map<string, Group>();
  private byTag = new Map<string, Group>();
  lastStep = 0;
  /** When the first row was written, in seconds since 1970. */
  firstTime = 0;

  get tags(): string[] {
    return [...this.byTag.keys()];
  }

  /** Of the groups of an overview: raw, and again smoothed by `weight`. */
  static ofOverview(groups: readonly MetricGroup[], weight: number) {
    const table = new MetricTable();
    const half = groups.length / 2;
    table.append(groups.slice(0, half));
    for (const { tags, values } of groups.slice(half))
      for (const [index, tag] of tags.entries())
        table.byTag
          .get(tag)
          ?.smoothed.set(tag, Smoothed.of(values[index], weight));
    return table;
  }

  /** Whether anything was new. */
  append(groups: readonly MetricGroup[]): boolean {
    let grew = false;
    for (const incoming of groups) {
      if (incoming.steps.length === 0) continue;
      grew = true;
      this.groupOf(incoming.tags).append(incoming);
      const last = incoming.steps[incoming.steps.length - 1];
      this.lastStep = Math.max(this.lastStep, last);
      if (this.firstTime === 0) this.firstTime = incoming.times[0];
    }
    return grew;
  }

  clear(): void {
    this.groups = new Map();
    this.byTag = new Map();
    this.lastStep = 0;
    this.firstTime = 0;
  }

  /** The curve of a tag, multiplied by `factor`; null where the run has none. */
  view(tag: string, axis: Axis, smoothing = 0): SeriesView | null {
    const group = this.byTag.get(tag);
    const raw = group?.series.get(tag);
    if (!group || !raw) return null;
    const place = this.placeOf(group, axis);
    if (smoothing === 0) return viewOfSeries(raw, group.length, place);
    const smoothed = group.smoothed.get(tag) ?? new Smoothed();
    group.smoothed.set(tag, smoothed);
    smoothed.follow(raw, smoothing);
    return viewOfSeries(smoothed.series, group.length, place);
  }

  /** Steps per second over stretches of at least half a second, as a curve over the same axis. */
  timing(): {
    steps: Float64Array;
    times: Float64Array;
    length: number;
  } | null {
    const [group] = this.groups.values();
    return group ?? null;
  }

  /** The step of the row at or before an x value of the axis. */
  stepAt(x: number, axis: Axis): number {
    switch (axis.unit) {
      case "step":
        return x;
      case "epoch":
        return x * (axis.stepsPerEpoch || 1);
      case "wall":
      case "relative":
        return this.stepAtTime(axis.unit === "wall" ? x : x + this.firstTime);
    }
  }

  /** The reverse: where a step stands on the axis. */
  xOf(step: number, axis: Axis): number {
    switch (axis.unit) {
      case "step":
        return step;
      case "epoch":
        return step / (axis.stepsPerEpoch || 1);
      case "wall":
      case "relative": {
        const time = this.timeAtStep(step);
        return axis.unit === "wall" ? time : time - this.firstTime;
      }
    }
  }

  private stepAtTime(time: number): number {
    const group = this.timing();
    if (!group) return 0;
    return group.steps[Math.max(0, rowAt(group.times, time, group.length))];
  }

  private timeAtStep(step: number): number {
    const group = this.timing();
    if (!group) return 0;
    return group.times[Math.max(0, rowAt(group.steps, step, group.length))];
  }

  private placeOf(group: Group, axis: Axis) {
    switch (axis.unit) {
      case "step":
        return { xs: group.steps, scale: 1, offset: 0 };
      case "epoch":
        return {
          xs: group.steps,
          scale: 1 / (axis.stepsPerEpoch || 1),
          offset: 0,
        };
      case "wall":
        return { xs: group.times, scale: 1, offset: 0, pauses: group.pauses };
      case "relative":
        return {
          xs: group.times,
          scale: 1,
          offset: -this.firstTime,
          pauses: group.pauses,
        };
    }
  }

  private groupOf(tags: readonly string[]): {
    append(incoming: MetricGroup): void;
  } {
    const key = tags.join("\n");
    const known = this.groups.get(key);
    const group: Group = known ?? {
      length: 0,
      steps: new Float64Array(1024),
      times: new Float64Array(1024),
      pauses: [],
      series: new Map(tags.map((tag) => [tag, new Series()])),
      smoothed: new Map(),
    };
    if (!known) {
      this.groups.set(key, group);
      for (const tag of tags) this.byTag.set(tag, group);
    }
    return { append: (incoming) => appendTo(group, incoming) };
  }
}

function appendTo(group: Group, incoming: MetricGroup): void {
  const length = group.length + incoming.steps.length;
  group.steps = roomFor(group.steps, length);
  group.times = roomFor(group.times, length);
  group.steps.set(incoming.steps, group.length);
  group.times.set(incoming.times, group.length);
  incoming.tags.forEach((tag, index) =>
    group.series.get(tag)?.append(incoming.values[index]),
  );
  for (let row = Math.max(2, group.length); row < length; row++)
    if (isPause(group.times, row)) group.pauses.push(row);
  group.length = length;
}

/** Whether row `row` comes much later than the rows before it came after each other. */
function isPause(times: Float64Array, row: number): boolean {
  const usual = (times[row - 1] - times[0]) / (row - 1);
  return times[row] - times[row - 1] > Math.max(1, 20 * usual);
}

function viewOfSeries(
  series: Series,
  length: number,
  place: Pick<SeriesView, "xs" | "scale" | "offset" | "pauses">,
): SeriesView {
  const { values, extremes, nonFinite } = series;
  return { ...place, length, values, gain: 1, extremes, nonFinite };
}
