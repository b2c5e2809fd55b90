/**
 * When a run of a sweep is not worth the rest of its length: the median rule (Golovin et al. 2017, Google Vizier, section
 * 3.2.2, which Optuna calls MedianPruner), on a measure of quality, never on a loss, and never across the seeds of one
 * configuration.
 */
import type { EarlyStop } from "./manifest";

/** What was measured of one run of a sweep. */
export interface MeasuredRun {
  /** The index of its configuration. */
  configuration: number;
  /** The lower the better, ascending by step. */
  values: readonly { step: number; value: number }[];
  /** Whether it was trained to its end, so that its last measurement stands for all later steps. */
  ended: boolean;
}

/** Half of the other variants have come as far, at least two and at most five of them. */
export function usualEarlyStop(
  configurations: number,
  grace: number,
): EarlyStop {
  const half = Math.ceil((configurations - 1) / 2);
  const enough = Math.min(5, Math.max(2, half));
  return { metric: "quality/fd", grace, configurations: enough };
}

/** One sentence that says why it is to be stopped at its newest measurement, or null. */
export function earlyStopReason(
  { configurations, grace }: EarlyStop,
  own: MeasuredRun,
  others: readonly MeasuredRun[],
  title = "FD",
): string | null {
  const step = own.values.at(-1)?.step ?? 0;
  if (own.values.length === 0 || step < grace) return null;
  const rivals = new Map<number, number[]>();
  for (const { configuration, ended, values } of others) {
    const hasComeAsFar = ended || (values.at(-1)?.step ?? -1) >= step;
    const best = bestUntil(values, step);
    if (configuration === own.configuration || !hasComeAsFar || best === null)
      continue;
    rivals.set(configuration, [...(rivals.get(configuration) ?? []), best]);
  }
  if (rivals.size < configurations) return null;
  const median = medianOf([...rivals.values()].map(medianOf));
  const best = bestUntil(own.values, step);
  if (best === null || best <= median) return null;
  return `Stopped early at step ${step}: its best ${title} until then was ${inShort(best)}, the median of ${rivals.size} other variants ${inShort(median)}.`;
}

function bestUntil(values: MeasuredRun["values"], step: number): number | null {
  const until = values.filter((one) => one.step <= step);
  return until.length === 0
    ? null
    : Math.min(...until.map(({ value }) => value));
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}

function inShort(value: number): string {
  return String(Number(value.toPrecision(3)));
}
