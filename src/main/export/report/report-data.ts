/** The data inside a report: records, curves thinned to a budget, and pictures of evenly spread steps. */
import sharp from "sharp";
import {
  settingRows,
  environmentRows,
} from "../../../shared/settings/differences";
import type {
  ReportData,
  ReportGroup,
  ReportRun,
  ReportSample,
} from "../../../shared/report";
import type { MetricGroup } from "../../../shared/curves/metric-group";
import { stretchesOf } from "../../../shared/curves/decimate";
import {
  colorsByRun,
  configurationsOf,
  maxConfigurations,
} from "../../../shared/comparison/configurations";
import { reproduceCommand } from "../../../shared/settings/reproduce";
import { spreadEvenly } from "../../../shared/curves/timeline";
import type { ExportJob, ExportRun } from "../job";
import { ExportError, readMetrics, readRun } from "../job";
import {
  ifReadable,
  readableSteps,
  reasonOf,
  UnreadableGrid,
} from "../saved-grids";
import { gridPlan } from "../tiles";

/** Characters that the figures of all runs, and their pictures, may take in the file. */
const budget = { figures: 4_000_000, pictures: 4_500_000 };
const charactersAFigure = 9;
const mostPictures = 120;

export async function reportData(
  ids: readonly string[],
  title: string | null,
  job: ExportJob,
): Promise<ReportData> {
  const runs: ExportRun[] = [];
  for (const id of ids) runs.push(await readRun(job.source, id));
  const records = runs.map((run) => run.record);
  const configurations = configurationsOf(records);
  if (configurations.length > maxConfigurations)
    throw new ExportError(
      `At most ${maxConfigurations} configurations stand side by side in a report; these ${ids.length} runs are ${configurations.length}.`,
    );
  const colors = colorsByRun(records, configurations);
  const quality = await Promise.all(
    ids.map(async (id) => (await job.source.qualities(id)).at(-1) ?? null),
  );
  const reported: ReportRun[] = [];
  for (const [index, run] of runs.entries()) {
    reported.push(await reportRun(run, colors[index], runs.length, job));
    job.advance();
  }
  return {
    format: "gan-workbench-report",
    version: 1,
    title: title ?? records.map((record) => record.name).join(" · "),
    madeAt: new Date().toISOString(),
    runs: reported,
    settings: settingRows(records.map((record) => record.settings)),
    environment: environmentRows(records),
    quality,
  };
}

async function reportRun(
  run: ExportRun,
  color: string,
  share: number,
  job: ExportJob,
): Promise<ReportRun> {
  const { record, samples } = run;
  const groups = await readMetrics(job.source, record.id);
  const metrics = groups.map((group) => thinned(group, share));
  const { settings } = record;
  return {
    record,
    color,
    metrics,
    rows: {
      all: Math.max(0, ...groups.map((group) => group.steps.length)),
      kept: Math.max(0, ...metrics.map((group) => group.steps.length)),
    },
    samples: await pictures(run, share, job),
    savedSamples: samples.length,
    grid: settings && gridPlan(settings),
    reproduce: settings && reproduceCommand(settings),
  };
}

/** Whole rows are kept or left out; the extremes of every metric stay, and each stretch's first value that is not finite. */
function thinned(group: MetricGroup, share: number): ReportGroup {
  const { tags, steps, times, values } = group;
  const room = budget.figures / share / charactersAFigure / (tags.length + 2);
  const kept = steps.length <= room ? [...steps.keys()] : rowsOf(group, room);
  return {
    tags,
    steps: kept.map((row) => steps[row]),
    times: kept.map((row) => Math.round(times[row] * 1000) / 1000),
    values: values.map((column) => kept.map((row) => figure(column[row]))),
  };
}

/** About `room` rows, ascending, the first and the last among them. */
function rowsOf({ steps, values }: MetricGroup, room: number): number[] {
  const rows = new Set([0, steps.length - 1]);
  const size = Math.ceil((steps.length * 3 * values.length) / room);
  for (const column of values)
    for (const stretch of stretchesOf({ values: column }, size)) {
      for (const row of stretch.rows ?? []) rows.add(row);
      for (let row = stretch.start; row < stretch.end; row++)
        if (!Number.isFinite(column[row])) {
          rows.add(row);
          break;
        }
    }
  return [...Float64Array.from(rows).sort()];
}

/** Seven digits are what single precision has. */
function figure(value: number): number | string {
  return Number.isFinite(value) ? Number(value.toPrecision(7)) : String(value);
}

/** Half as many steps are tried until they fit. */
async function pictures(
  run: ExportRun,
  share: number,
  job: ExportJob,
): Promise<ReportSample[]> {
  if (run.samples.length === 0) return [];
  const samples = await readableSteps(job, run, run.samples);
  const room = budget.pictures / share;
  let count = Math.max(2, Math.floor(mostPictures / share));
  for (;;) {
    const taken: ReportSample[] = [];
    let size = 0;
    for (const step of spreadEvenly(samples, count)) {
      job.signal.throwIfAborted();
      const picture = await ifReadable(job, run, step, () =>
        encode(job, run, step),
      );
      if (picture === null) continue;
      size += picture.length;
      if (size > room) break;
      taken.push({ step, picture });
    }
    if (size <= room || count <= 1) return taken;
    count = Math.floor(Math.min(count, samples.length) / 2);
  }
}

async function encode(
  job: ExportJob,
  run: ExportRun,
  step: number,
): Promise<string> {
  try {
    const bytes = await sharp(job.source.samplePath(run.record.id, step))
      .webp({ lossless: true, effort: 4 })
      .toBuffer();
    return `data:image/webp;base64,${bytes.toString("base64")}`;
  } catch (error) {
    throw new UnreadableGrid(run, step, reasonOf(error));
  }
}
