/** The curves of runs as a chart: which lines, in which colours, on which axis. Used by the chart and the report. */
import { mainMetrics } from "../../shared/metrics";
import type { ExportRequest } from "../../shared/contract/exports";
import type { ChartContent } from "../../shared/curves/chart";
import { colorsOf } from "../../shared/curves/colors";
import { balanceLevels } from "../../shared/curves/loss-scale";
import { MetricTable } from "../../shared/curves/metric-table";
import { linesOf } from "../../shared/curves/run-curves";
import type { NamedCurves } from "../../shared/curves/run-curves";
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
  const lines = linesOf(runs, tags, request);
  if (lines.length === 0)
    throw new ExportError(
      `None of the runs has the metrics ${tags.join(", ")}; choose others.`,
    );
  job.advance();
  const hasLevels = request.commonScale && tags.includes("loss/discriminator");
  return {
    title: runs.map(({ name }) => name).join(" · "),
    lines,
    unit: request.axis,
    yScale: "linear",
    range: null,
    yBounds: null,
    markers: [],
    levels: hasLevels ? balanceLevels(runs.map((run) => run.objective)) : [],
  };
}

async function namedCurves(
  ids: readonly string[],
  { source }: ExportJob,
): Promise<NamedCurves[]> {
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
      };
    }),
  );
}
