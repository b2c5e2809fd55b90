/** The curves of runs as a chart: which lines, in which colours, on which axis. Used by the chart and the report. */
import { mainMetrics } from "../../shared/metrics";
import type { ExportRequest } from "../../shared/contract/exports";
import { clockUnknown, knownAxis } from "../../shared/curves/axis";
import type { ChartContent } from "../../shared/curves/chart";
import { colorsOf } from "../../shared/curves/colors";
import { balanceLevels } from "../../shared/curves/loss-scale";
import { MetricTable } from "../../shared/curves/metric-table";
import { linesOf } from "../../shared/curves/run-curves";
import type { NamedCurves } from "../../shared/curves/run-curves";
import { metricsOf } from "../../shared/metric-names";
import type { Clock, RunRecord } from "../../shared/run";
import type { ExportJob } from "./job";
import { ExportError, readMetrics, readRun } from "./job";

type ChartRequest = Extract<ExportRequest, { format: "svg" | "chart" }>;

/** Rejects where none of the runs has any of the metrics. */
export async function curvesChart(
  request: Pick<
    ChartRequest,
    "runs" | "tags" | "axis" | "smoothing" | "commonScale"
  >,
  job: ExportJob,
): Promise<ChartContent & { title: string }> {
  const runs = await namedCurves(request.runs, job);
  const tags = request.tags ?? mainMetrics;
  const clocks = runs.map(({ clock }) => clock);
  const axis = knownAxis(request.axis, clocks);
  const lines = linesOf(runs, tags, { ...request, axis });
  if (lines.length === 0)
    throw new ExportError(
      `None of the runs has the metrics ${tags.join(", ")}; they have ${namesIn(runs)}. Choose some of those with --tags.`,
    );
  job.advance();
  const hasLevels = request.commonScale && tags.includes("loss/discriminator");
  return {
    title: runs.map(({ name }) => name).join(" · "),
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

function namesIn(runs: readonly { record: RunRecord }[]): string {
  const names = metricsOf(runs.map(({ record }) => record));
  if (names.length === 0) return "no metrics";
  const more = names.length - 20;
  return names.slice(0, 20).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

async function namedCurves(
  ids: readonly string[],
  { source }: ExportJob,
): Promise<(NamedCurves & { clock: Clock; record: RunRecord })[]> {
  const records = await Promise.all(
    ids.map(async (id) => (await readRun(source, id)).record),
  );
  const colors = colorsOf(records);
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
        clock: record.clock,
        record,
      };
    }),
  );
}
