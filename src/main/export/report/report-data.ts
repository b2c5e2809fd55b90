/** The data inside a report: records, curves thinned to a budget, and pictures of evenly spread steps. */
import sharp from "sharp";
import {
  settingRows,
  environmentRows,
} from "../../../shared/settings/differences";
import type { SettingRow } from "../../../shared/settings/differences";
import type { MetricGroup } from "../../../shared/contract/files";
import { thin } from "../../../shared/curves/scale";
import {
  discriminatorEquilibrium,
  discriminatorLossFactor,
} from "../../../shared/metrics";
import { reproduceCommand } from "../../../shared/settings/reproduce";
import type { RunRecord } from "../../../shared/run";
import { colorsOf } from "../../../shared/curves/colors";
import { spreadEvenly } from "../../../shared/curves/timeline";
import type { ExportJob, ExportRun } from "../job";
import { readMetrics, readRun } from "../job";
import { gridPlan } from "../tiles";

export interface ReportRun {
  record: RunRecord;
  color: string;
  /** What D's loss is multiplied by on the common scale, and where it balances there; null for other programs' logs. */
  lossScale: { factor: number; level: number } | null;
  metrics: ReportGroup[];
  /** Rows there are, and rows that are in here. */
  rows: { all: number; kept: number };
  samples: ReportSample[];
  /** How many steps have a saved grid; not all need be in here. */
  savedSamples: number;
  /** Tiles in the grid, a row of them, pixels a side and between; null where unknown. */
  grid: { count: number; perRow: number; size: number; padding: number } | null;
  reproduce: string | null;
}

/** Figures that are not finite are the strings "NaN", "Infinity" and "-Infinity". */
export interface ReportGroup {
  tags: string[];
  steps: number[];
  times: number[];
  values: (number | string)[][];
}

export interface ReportSample {
  step: number;
  /** A data: address. */
  picture: string;
}

export interface ReportData {
  format: "gan-workbench-report";
  version: 1;
  title: string;
  madeAt: string;
  runs: ReportRun[];
  settings: SettingRow[];
  environment: SettingRow[];
}

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
  const colors = colorsOf(records);
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
    lossScale: settings && {
      factor: discriminatorLossFactor(settings.objective, "sum"),
      level: discriminatorEquilibrium(settings.objective, "sum"),
    },
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

/** Whole rows are kept or left out; the extremes of every metric stay. */
function thinned(group: MetricGroup, share: number): ReportGroup {
  const { tags, steps, times, values } = group;
  const room = budget.figures / share / charactersAFigure / (tags.length + 2);
  const rows = new Set<number>();
  if (steps.length <= room) steps.forEach((_, row) => rows.add(row));
  else
    for (const column of values)
      for (const row of thin(steps, column, room / tags.length / 4))
        rows.add(row);
  const kept = [...Float64Array.from(rows).sort()];
  return {
    tags,
    steps: kept.map((row) => steps[row]),
    times: kept.map((row) => Math.round(times[row] * 1000) / 1000),
    values: values.map((column) => kept.map((row) => figure(column[row]))),
  };
}

/** Seven digits are what single precision has. */
function figure(value: number): number | string {
  return Number.isFinite(value) ? Number(value.toPrecision(7)) : String(value);
}

/** Half as many steps are tried until they fit. */
async function pictures(
  { record, samples }: ExportRun,
  share: number,
  job: ExportJob,
): Promise<ReportSample[]> {
  const room = budget.pictures / share;
  let count = Math.max(2, Math.floor(mostPictures / share));
  for (;;) {
    const taken: ReportSample[] = [];
    let size = 0;
    for (const step of spreadEvenly(samples, count)) {
      job.signal.throwIfAborted();
      const picture = await encode(job.source.samplePath(record.id, step));
      size += picture.length;
      if (size > room) break;
      taken.push({ step, picture });
    }
    if (size <= room || count <= 1) return taken;
    count = Math.floor(Math.min(count, samples.length) / 2);
  }
}

async function encode(path: string): Promise<string> {
  const bytes = await sharp(path)
    .webp({ lossless: true, effort: 4 })
    .toBuffer();
  return `data:image/webp;base64,${bytes.toString("base64")}`;
}
