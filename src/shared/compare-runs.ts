/** Runs side by side in figures: what the command line prints and the compare view tabulates. */
import type { SettingRow } from "./settings/differences";
import { environmentRows, settingRows } from "./settings/differences";
import { configurationsOf, hasSeeds } from "./comparison/configurations";
import { metricRows } from "./comparison/seed-table";
import type { SeedRow } from "./comparison/seed-table";
import { labelOf, metricsOf, summaryOf } from "./metric-names";
import type { MetricSummary, RunRecord } from "./run";

export interface RunComparison {
  runs: { id: string; name: string; state: RunRecord["state"]; step: number }[];
  /** Only the rows that differ. */
  settings: SettingRow[];
  environment: SettingRow[];
  /** One row a metric, with the names that the runs have for it in its label; null where a run has no such metric. */
  metrics: { tag: string; label: string; values: (MetricSummary | null)[] }[];
  /** Those that differ only in their seed are one. */
  configurations: { name: string; runs: string[]; seeds: (number | null)[] }[];
  /** The configuration that the others are held against. */
  baseline: number;
  /** The last value of each metric over the seeds of each configuration; empty where each has only one. */
  overSeeds: SeedRow[];
}

/** In the order of the records. */
export function compareRuns(
  records: readonly RunRecord[],
  baseline = 0,
): RunComparison {
  const configurations = configurationsOf(records);
  const compared = { records, configurations, baseline };
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
    configurations: configurations.map(({ name, runs }) => ({
      name,
      runs: runs.map((index) => records[index].id),
      seeds: runs.map((index) => records[index].settings?.seed ?? null),
    })),
    baseline,
    overSeeds: hasSeeds(configurations) ? metricRows(compared, "last") : [],
  };
}
