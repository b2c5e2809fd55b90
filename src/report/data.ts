/** The data of the report, as it stands in the file. */
import {
  configurationsOf,
  hasSeeds,
} from "../shared/comparison/configurations";
import type { Compared } from "../shared/comparison/seed-table";
import { MetricTable } from "../shared/curves/metric-table";
import type { NamedCurves } from "../shared/curves/run-curves";
import type { ReportData, ReportRun } from "../shared/report";

// The exporter that wrote this program into the file wrote its data too.
export const data = JSON.parse(
  document.getElementById("data")?.textContent ?? "",
) as ReportData;
export const { runs } = data;
export const several = runs.length > 1;
export const names = runs.map((run) => run.record.name);
const records = runs.map(({ record }) => record);
/** Runs that differ only in their seed are one. */
export const configurations = configurationsOf(records);
export const overSeeds = hasSeeds(configurations);
export const compared: Compared = { records, configurations, baseline: 0 };
/** The curves of each run. */
export const sources: readonly NamedCurves[] = runs.map(sourceOf);
/** Every metric that any run has, under our name where it has one. */
export const tags = [
  ...new Set(
    sources.flatMap(({ table, metricNames = {} }) =>
      table.tags.map((tag) =>
        Object.hasOwn(metricNames, tag) ? metricNames[tag] : tag,
      ),
    ),
  ),
];

function sourceOf({ record, color, metrics }: ReportRun): NamedCurves {
  const table = new MetricTable();
  table.append(
    metrics.map((group) => ({
      tags: group.tags,
      steps: Float64Array.from(group.steps),
      times: Float64Array.from(group.times),
      values: group.values.map((column) => Float32Array.from(column, Number)),
    })),
  );
  return {
    table,
    name: record.name,
    color,
    stepsPerEpoch: record.progress.stepsPerEpoch,
    objective: record.settings?.objective ?? null,
    metricNames: record.metricNames,
  };
}
