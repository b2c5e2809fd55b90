/** Sheets over time: one run's tiles a row a step, or several runs' grids side by side. */
import type { ExportRequest, Look } from "../../shared/contract/exports";
import {
  nearestStep,
  notches,
  shownAt,
  spreadEvenly,
} from "../../shared/curves/timeline";
import { captionOf } from "./caption";
import type { ExportJob, ExportRun } from "./job";
import { readRun } from "./job";
import type { Picture } from "./picture-grid";
import { gridRaster, tilesPerRow } from "./picture-grid";
import { createRaster, parseColor } from "./raster";
import {
  chooseSteps,
  fromFirst,
  ifReadable,
  noneReadable,
  readableSteps,
} from "./saved-grids";
import type { Sheet, SheetRow } from "./sheet";
import { sheetBands, sheetSize } from "./sheet";
import { marginOf, readTiles, styledTiles } from "./tiles";

type ContactRequest = Extract<ExportRequest, { format: "sheet" }>;
type ComparisonRequest = Extract<ExportRequest, { format: "comparison" }>;

/** One row a step; without a choice of tiles those of the grid's first row. */
export async function contactSheet(
  request: ContactRequest,
  job: ExportJob,
): Promise<Picture> {
  const run = await readRun(job.source, request.run);
  const steps = await decodableSteps(
    job,
    run,
    spreadEvenly(
      await readableSteps(job, run, chooseSteps(run, "all")),
      request.rows,
    ),
  );
  const look = await withFirstRow(job, run, steps[0], request.look);
  const [sample] = await styledTiles(job, run, steps[0], look);
  const sheet: Sheet = {
    columns: (look.tiles ?? []).map(() => sample.width),
    rowHeight: sample.height,
    rows: steps.length,
    ...marginOf(run, look),
    title: look.labels ? captionOf(run, look) : null,
    headings: null,
    widestLabel: look.labels ? `${steps.at(-1)}` : null,
  };
  async function* rows(): AsyncGenerator<SheetRow> {
    for (const step of steps) {
      const cells = await styledTiles(job, run, step, look);
      yield { label: `${step}`, cells };
      job.advance();
    }
  }
  return { size: sheetSize(sheet), bands: sheetBands(sheet, rows()) };
}

/**
 * Runs across, steps down. Rows are spread over the saved steps of all runs, by fraction of training where the runs
 * are not of one length; each cell is the run's nearest saved step.
 */
export async function comparisonSheet(
  request: ComparisonRequest,
  job: ExportJob,
): Promise<Picture> {
  const runs = await comparedRuns(request, job);
  const moments = momentsOf(runs, request.rows);
  const plain: Look = { ...request.look, labels: false };
  const firsts = await Promise.all(
    runs.map((run, index) =>
      fromFirst(
        job,
        run,
        moments.map(({ steps }) => steps[index]),
        (step) => gridRaster(job, run, step, plain),
      ),
    ),
  );
  const sheet: Sheet = {
    columns: firsts.map((first) => first.width),
    rowHeight: Math.max(...firsts.map((first) => first.height)),
    rows: moments.length,
    padding: Math.max(plain.padding ?? 2, 4),
    background: parseColor(plain.background ?? "#000000"),
    title: null,
    headings: request.look.labels
      ? runs.map((run) => captionOf(run, request.look))
      : null,
    widestLabel: request.look.labels
      ? moments.map((moment) => moment.label).reduce(longer, "")
      : null,
  };
  async function* rows(): AsyncGenerator<SheetRow> {
    for (const { label, steps } of moments) {
      const cells = await Promise.all(
        runs.map(
          async (run, index) =>
            (await ifReadable(job, run, steps[index], () =>
              gridRaster(job, run, steps[index], plain),
            )) ?? createRaster(1, 1, sheet.background),
        ),
      );
      yield { label, cells };
      job.advance(runs.length);
    }
  }
  return { size: sheetSize(sheet), bands: sheetBands(sheet, rows()) };
}

/** With only the steps whose grids can be read. */
export async function comparedRuns(
  request: ComparisonRequest,
  job: ExportJob,
): Promise<ExportRun[]> {
  const runs: ExportRun[] = [];
  for (const id of request.runs) {
    const run = await readRun(job.source, id);
    const samples = await readableSteps(job, run, chooseSteps(run, "all"));
    runs.push({ ...run, samples });
  }
  return runs;
}

/** Only a whole look at a picture tells that it ends too early. */
async function decodableSteps(
  job: ExportJob,
  run: ExportRun,
  steps: readonly number[],
): Promise<number[]> {
  const decodable: number[] = [];
  for (const step of steps)
    if (await ifReadable(job, run, step, () => readTiles(job, run, step)))
      decodable.push(step);
  if (decodable.length === 0) throw noneReadable(run);
  return decodable;
}

/** The rows of a comparison: what to call each, and the step of every run. */
export function momentsOf(
  runs: readonly ExportRun[],
  count: number,
): { label: string; steps: number[] }[] {
  const timelines = runs.map(({ samples, record }) => ({
    samples,
    progress: record.progress,
  }));
  const lasts = new Set(runs.map((run) => run.samples.at(-1)));
  if (lasts.size === 1)
    return spreadEvenly(notches(timelines, "step"), count).map((step) => ({
      label: `${step}`,
      steps: runs.map((run) => nearestStep(run.samples, step) ?? 0),
    }));
  return spreadEvenly(notches(timelines, "fraction"), count).map((share) => ({
    label: `${Math.round(share * 100)} %`,
    steps: timelines.map((run) => shownAt(share, run, "fraction")?.step ?? 0),
  }));
}

async function withFirstRow(
  job: ExportJob,
  run: ExportRun,
  step: number,
  look: Look,
): Promise<Look> {
  const { length } = await readTiles(job, run, step);
  const chosen =
    look.tiles?.filter((index) => index < length) ??
    Array.from({ length: tilesPerRow(run, look, length) }, (_, index) => index);
  return { ...look, tiles: chosen.length > 0 ? chosen : [0] };
}

function longer(a: string, b: string): string {
  return b.length > a.length ? b : a;
}
