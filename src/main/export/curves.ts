/** The curves of runs as a chart: which lines, in which colours, on which axis. Used by the chart and the report. */
import {
  colorsByRun,
  configurationsOf,
  eachAlone,
  hasSeeds,
} from "../../shared/comparison/configurations";
import type { Configuration } from "../../shared/comparison/configurations";
import { curvesOf, linesOfMetrics } from "../../shared/comparison/lines";
import { mainMetrics } from "../../shared/metrics";
import type { ExportRequest } from "../../shared/contract/exports";
import { clockUnknown, knownAxis } from "../../shared/curves/axis";
import type { ChartContent } from "../../shared/curves/chart";
import { balanceLevels } from "../../shared/curves/loss-scale";
import { MetricTable } from "../../shared/curves/metric-table";
import { linesOf } from "../../shared/curves/run-curves";
import type { NamedCurves } from "../../shared/curves/run-curves";
import { metricsOf } from "../../shared/metric-names";
import type { RunRecord } from "../../shared/run";
import type { ExportJob } from "./job";
import { ExportError, readMetrics, readRun } from "./job";

type ChartRequest = Extract<ExportRequest, { format: "svg" | "chart" }>;

/** Rejects where none of the runs has any of the metrics. */
export async function curvesChart(
  request: Pick<
    ChartRequest,
    "runs" | "tags" | "axis" | "smoothing" | "commonScale" | "groupSeeds"
  >,
  job: ExportJob,
): Promise<ChartContent & { title: string }> {
  const records = await recordsOf(request.runs, job);
  const groups = configurationsOf(records);
  const isTogether = request.groupSeeds && hasSeeds(groups);
  const configurations = isTogether ? groups : eachAlone(records);
  const runs = await namedCurves(records, configurations, job);
  const tags = request.tags ?? mainMetrics;
  const axis = knownAxis(
    request.axis,
    records.map(({ clock }) => clock),
  );
  const choice = { ...request, axis, range: null };
  const lines = isTogether
    ? linesOfMetrics(
        curvesOf(
          configurations,
          runs.map((curves, index) => ({ curves, record: records[index] })),
        ),
        tags,
        choice,
      )
    : linesOf(runs, tags, choice);
  if (lines.length === 0)
    throw new ExportError(
      `None of the runs has the metrics ${tags.join(", ")}; they have ${namesIn(records)}. Choose some of those with --tags.`,
    );
  job.advance();
  const hasLevels = request.commonScale && tags.includes("loss/discriminator");
  return {
    title: configurations.map(({ name }) => name).join(" · "),
    lines,
    unit: axis,
    xNote: axis === request.axis ? undefined : clockUnknown,
    yScale: "linear",
    range: null,
    yBounds: null,
    markers: [],
    levels: hasLevels ? balanceLevels(runs.map((run) => run.objective)) : [],
  };
}

function namesIn(records: readonly RunRecord[]): string {
  const names = metricsOf(records);
  if (names.length === 0) return "no metrics";
  const more = names.length - 20;
  return names.slice(0, 20).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function recordsOf(
  ids: readonly string[],
  { source }: ExportJob,
): Promise<RunRecord[]> {
  return Promise.all(ids.map(async (id) => (await readRun(source, id)).record));
}

function namedCurves(
  records: readonly RunRecord[],
  configurations: readonly Configuration[],
  { source }: ExportJob,
): Promise<NamedCurves[]> {
  const colors = colorsByRun(records, configurations);
  return Promise.all(
    records.map(async (record, index) => {
      const table = new MetricTable();
      table.append(await readMetrics(source, record.id));
      return {
        table,
        name: record.name,
        color: colors[index],
        stepsPerEpoch: record.progress.stepsPerEpoch,
        objective: record.settings?.objective ?? null,
        metricNames: record.metricNames,
      };
    }),
  );
}
