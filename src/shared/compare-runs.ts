/** Runs side by side in figures: what the command line prints and the compare view tabulates. */
import type { SettingRow } from "./settings/differences";
import {
  environmentRows,
  seedGroups,
  settingRows,
} from "./settings/differences";
import { labelOf, metricsOf, summaryOf } from "./metric-names";
import type { MetricSummary, RunRecord } from "./run";

export interface RunComparison {
  runs: { id: string; name: string; state: RunRecord["state"]; step: number }[];
  /** Only the rows that differ. */
  settings: SettingRow[];
  environment: SettingRow[];
  /** One row a metric, with the names that the runs have for it in its label; null where a run has no such metric. */
  metrics: { tag: string; label: string; values: (MetricSummary | null)[] }[];
  /** Runs that differ only in their seed, two or more, with the mean and the spread of each metric's last figure. */
  seedGroups: { runs: string[]; last: Record<string, MeanAndSpread> }[];
}

export interface MeanAndSpread {
  mean: number;
  /** One standard deviation of the sample. */
  deviation: number;
  count: number;
}

/** In the order of the records. */
export function compareRuns(records: readonly RunRecord[]): RunComparison {
  return {
    runs: records.map(({ id, name, state, progress }) => ({
      id,
      name,
      state,
      step: progress.step,
    })),
    settings: settingRows(records.map((run) => run.settings)).filter(
      (row) => row.differs,
    ),
    environment: environmentRows(records).filter((row) => row.differs),
    metrics: metricsOf(records).map((tag) => ({
      tag,
      label: labelOf(tag, records),
      values: records.map((run) => summaryOf(run, tag)),
    })),
    seedGroups: seedGroups(records)
      .filter((group) => group.length > 1)
      .map((group) => ({
        runs: group.map((index) => records[index].id),
        last: lastOf(group.map((index) => records[index])),
      })),
  };
}

/** Of the finite values; null where there is none. */
export function meanAndSpread(
  values: readonly (number | null)[],
): MeanAndSpread | null {
  const finite = values.filter(
    (value): value is number => value !== null && Number.isFinite(value),
  );
  if (finite.length === 0) return null;
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  const squares = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    deviation: finite.length > 1 ? Math.sqrt(squares / (finite.length - 1)) : 0,
    count: finite.length,
  };
}

function lastOf(runs: readonly RunRecord[]): Record<string, MeanAndSpread> {
  return Object.fromEntries(
    metricsOf(runs).flatMap((tag) => {
      const spread = meanAndSpread(
        runs.map((run) => summaryOf(run, tag)?.last ?? null),
      );
      return spread ? [[tag, spread]] : [];
    }),
  );
}
