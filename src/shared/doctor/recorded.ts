/** What is recorded of a run, as the doctor reads it: curves in stretches of equal length, and what was measured. */
import type { MetricGroup } from "../curves/metric-group";
import { tagOf } from "../metric-names";
import { boundOf } from "../quality";
import type { MeasureName, Quality } from "../quality";
import { hasBeginning } from "../run";
import type { RunRecord } from "../run";
import type { Points } from "./expectation";
import { thresholds } from "./thresholds";

export interface RecordedRun {
  record: Pick<
    RunRecord,
    | "id"
    | "state"
    | "reason"
    | "settings"
    | "data"
    | "progress"
    | "metricNames"
    | "summary"
  > &
    Partial<Pick<RunRecord, "trial" | "tried" | "parent">>;
  groups: readonly MetricGroup[];
  /** Ascending by step. */
  qualities: readonly Quality[];
  /** Steps, ascending. */
  checkpoints: readonly number[];
}

/** A part of a curve. Values are NaN where it has none. */
export interface Stretch {
  from: number;
  to: number;
  mean: number;
  peak: number;
}

export interface Curve {
  steps: Float64Array;
  values: ArrayLike<number>;
}

export interface Measured {
  step: number;
  value: number;
  low: number;
  high: number;
  /** The same of real images. */
  real: number;
}

export class Recorded {
  readonly record: RecordedRun["record"];
  readonly checkpoints: readonly number[];
  readonly first: number;
  readonly last: number;
  private readonly known = new Map<string, Stretch[] | null>();

  constructor(private readonly run: RecordedRun) {
    this.record = run.record;
    this.checkpoints = run.checkpoints;
    const ends = run.groups.filter(({ steps }) => steps.length > 0);
    this.first = Math.min(...ends.map(({ steps }) => steps[0]));
    this.last = Math.max(...ends.map(({ steps }) => steps[steps.length - 1]));
    if (ends.length === 0) this.first = this.last = run.record.progress.step;
  }

  /** Steps recorded of whatever was recorded most often. */
  get rows(): number {
    return Math.max(0, ...this.run.groups.map(({ steps }) => steps.length));
  }

  /** Under our name or the log's own; null where it was not recorded. */
  curve(metric: string): Curve | null {
    const tag = tagOf(this.record, metric) ?? metric;
    for (const { tags, steps, values } of this.run.groups) {
      const index = tags.indexOf(tag);
      if (index >= 0 && steps.length > 0)
        return { steps, values: values[index] };
    }
    return null;
  }

  /** The same stretches for every metric; null where it was not recorded, or too little of it. */
  stretches(metric: string): Stretch[] | null {
    const known = this.known.get(metric);
    if (known !== undefined) return known;
    const curve = this.curve(metric);
    const found =
      curve && curve.steps.length >= thresholds.fewestRows
        ? stretchesOf(curve, this.first, this.last)
        : null;
    this.known.set(metric, found);
    return found;
  }

  /** At each measured step that has it, ascending. */
  measured(name: MeasureName): Measured[] {
    return this.run.qualities.flatMap(({ step, measures }) => {
      const measure = measures[name];
      const real = boundOf(measure);
      if ("reason" in measure || real === null) return [];
      const { value, low, high } = measure;
      return [{ step, value, low, high, real }];
    });
  }

  /** So often was G trained; a critic is trained more often. */
  get generatorUpdates(): number {
    return this.last / (this.record.settings?.objective.generatorEvery ?? 1);
  }

  /**
   * The newest measurement, and the one from a quarter of the run before it: from one to the next of many there is less to
   * see than chance makes. Null where there are not two.
   */
  trend(name: MeasureName): { before: Measured; last: Measured } | null {
    const all = this.measured(name);
    const last = all.at(-1);
    if (all.length < 2 || !last) return null;
    const { quarter } = thresholds.trend;
    const early = last.step - quarter * (last.step - this.first);
    const before = all.findLast(({ step }) => step <= early) ?? all[0];
    return { before, last };
  }

  /** Whether samples came nearer to real images of late, beyond chance. */
  get stillLearns(): boolean {
    const trend = this.trend("kid");
    if (!trend) return false;
    const { before, last } = trend;
    const { fall } = thresholds.trend;
    return last.high < before.low && last.value < (1 - fall) * before.value;
  }

  /** A curve of any metric, measured ones as far as they were measured; null where there is none. */
  points(metric: string): Points | null {
    const name = metric.replace(/^quality\//, "");
    if (name === metric) return this.curve(metric);
    const steps = this.measured(name as MeasureName);
    return {
      steps: steps.map(({ step }) => step),
      values: steps.map(({ value }) => value),
    };
  }

  /** The last checkpoint from before a step, or the run's own beginning (0); null where it has none of that. */
  checkpointBefore(step: number): number | null {
    const before = this.checkpoints.filter((saved) => saved <= step);
    const { record } = this;
    const beginning = record.settings && hasBeginning(record) ? 0 : null;
    return before.at(-1) ?? beginning ?? this.checkpoints.at(0) ?? null;
  }
}

/** The stretches at the end of a run that all match, as an interval of steps; null where they are too few to last. */
export function lastingFrom(
  stretches: readonly Stretch[],
  matches: (index: number) => boolean,
): { from: number; to: number } | null {
  let start = stretches.length;
  while (start > 0 && matches(start - 1)) start--;
  if (start === stretches.length) return null;
  const { from } = stretches[start];
  const to = stretches[stretches.length - 1].to;
  const { share, steps } = thresholds.lasting;
  const whole = to - stretches[0].from;
  return to - from >= Math.max(steps, share * whole) ? { from, to } : null;
}

/** The mean over the stretches that have values, or those from a step on. */
export function meanOf(
  stretches: readonly Stretch[],
  from = -Infinity,
): number {
  const means = stretches
    .filter((stretch) => stretch.from >= from && Number.isFinite(stretch.mean))
    .map(({ mean }) => mean);
  return means.reduce((sum, mean) => sum + mean, 0) / (means.length || NaN);
}

function stretchesOf(
  { steps, values }: Curve,
  first: number,
  last: number,
): Stretch[] {
  const rows = Math.floor(steps.length / 5);
  const count = Math.min(thresholds.stretches, rows);
  const length = (last - first + 1) / count;
  const sums = new Float64Array(count);
  const counts = new Float64Array(count);
  const peaks = new Float64Array(count).fill(NaN);
  for (let row = 0; row < steps.length; row++) {
    if (!Number.isFinite(values[row])) continue;
    const at = Math.min(count - 1, Math.floor((steps[row] - first) / length));
    sums[at] += values[row];
    counts[at]++;
    if (!(peaks[at] >= Math.abs(values[row])))
      peaks[at] = Math.abs(values[row]);
  }
  return Array.from({ length: count }, (_, at) => ({
    from: Math.round(first + at * length),
    to: Math.round(first + (at + 1) * length) - 1,
    mean: sums[at] / (counts[at] || NaN),
    peak: peaks[at],
  }));
}
