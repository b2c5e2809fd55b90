/** The curves of runs as a chart: which lines, in which colours, on which axis. Used by the chart and the report. */
import type { ExportRequest } from "../../shared/contract/exports";
import type { ChartLine, LineChart } from "../../shared/curves/line-chart";
import {
  axisValues,
  discriminatorEquilibrium,
  discriminatorLossFactor,
  smooth,
} from "../../shared/metrics";
import type { Axis } from "../../shared/metrics";
import { colorsOf, dashOf } from "../../shared/curves/colors";
import type { MetricGroup } from "../../shared/contract/files";
import type { RunRecord } from "../../shared/run";
import type { ExportJob } from "./job";
import { ExportError, readMetrics, readRun } from "./job";

type ChartRequest = Extract<ExportRequest, { format: "svg" | "chart" }>;

interface RunCurves {
  record: RunRecord;
  groups: MetricGroup[];
}

const lossTags = ["loss/discriminator", "loss/generator"];
const axisLabels: Record<Axis, string> = {
  step: "step",
  epoch: "epoch",
  relative: "seconds since the first step",
  wall: "time of day",
};

/** Rejects where none of the runs has any of the metrics. */
export async function curvesChart(
  request: ChartRequest,
  job: ExportJob,
): Promise<LineChart> {
  const runs = await Promise.all(
    request.runs.map(async (id) => ({
      record: (await readRun(job.source, id)).record,
      groups: await readMetrics(job.source, id),
    })),
  );
  const tags = request.tags ?? lossTags;
  const colors = colorsOf(runs.map((run) => run.record));
  const lines = runs.flatMap((run, index) =>
    tags.flatMap((tag, metric) =>
      runLines(run, tag, request, {
        label: runs.length > 1 ? `${run.record.name}: ${tag}` : tag,
        color: runs.length > 1 ? colors[index] : colorsOf(noColors)[metric % 8],
        dash: runs.length > 1 ? dashOf(metric) : null,
      }),
    ),
  );
  if (lines.length === 0)
    throw new ExportError(
      `None of the runs has the metrics ${tags.join(", ")}; choose others.`,
    );
  job.advance();
  return {
    width: request.width,
    height: request.height,
    title: runs.map((run) => run.record.name).join(" · "),
    xLabel: axisLabels[request.axis],
    xText: request.axis === "wall" ? timeOfDay : undefined,
    lines,
    levels: request.commonScale ? levelsOf(runs, tags) : [],
  };
}

/** The curve, and behind it the raw one where it is smoothed. */
function runLines(
  { record, groups }: RunCurves,
  tag: string,
  request: ChartRequest,
  style: Pick<ChartLine, "label" | "color" | "dash">,
): ChartLine[] {
  const group = groups.find((one) => one.tags.includes(tag));
  if (!group || group.steps.length === 0) return [];
  const x = axisValues(group, request.axis, record.progress.stepsPerEpoch);
  const factor =
    request.commonScale && record.settings && tag.startsWith("loss/disc")
      ? discriminatorLossFactor(record.settings.objective, "sum")
      : 1;
  const raw = group.values[group.tags.indexOf(tag)].map((y) => y * factor);
  if (request.smoothing === 0) return [{ ...style, x, y: raw }];
  return [
    { ...style, x, y: raw, faint: true },
    { ...style, x, y: smooth(raw, request.smoothing) },
  ];
}

/** Where D cannot tell real from fake, once for each objective on show. */
function levelsOf(
  runs: readonly RunCurves[],
  tags: readonly string[],
): { y: number; label: string }[] {
  if (!tags.includes("loss/discriminator")) return [];
  const levels = runs.flatMap(({ record: { settings } }) =>
    settings ? [discriminatorEquilibrium(settings.objective, "sum")] : [],
  );
  return [...new Set(levels)].map((y) => ({ y, label: "D in balance" }));
}

/** D, G, ... of a single run take the first colours. */
const noColors = Array.from({ length: 8 }, () => ({ color: null }));

function timeOfDay(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, 19);
}
