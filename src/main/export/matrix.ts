/** The picture matrix: two settings that vary as axes, and in each cell the samples of the same latents at one step. */
import { configurationsOf } from "../../shared/comparison/configurations";
import {
  indexOfValue,
  isNamed,
  matrixOf,
  variedSettings,
} from "../../shared/comparison/matrix";
import type { Matrix, VariedSetting } from "../../shared/comparison/matrix";
import type { Look, RequestFor } from "../../shared/contract/exports";
import {
  nearestStep,
  notches,
  spreadEvenly,
} from "../../shared/curves/timeline";
import type { Frame } from "./frames";
import type { ExportJob, ExportRun } from "./job";
import { ExportError, readRun } from "./job";
import { gridRaster } from "./picture-grid";
import type { Picture } from "./picture-grid";
import { createRaster, draw, inkOn, parseColor } from "./raster";
import type { Color, Raster } from "./raster";
import { chooseSteps, ifReadable, readableSteps } from "./saved-grids";
import type { Sheet, SheetRow } from "./sheet";
import { collect, sheetBands, sheetSize } from "./sheet";
import { drawText, fitText, glyphHeight, textWidth } from "./text";

type Request = RequestFor<"matrix" | "matrix-gif">;

/** What a matrix is made of: its axes, and the run of each cell. */
interface Plan {
  matrix: Matrix;
  /** Null where no run has these values, or it has no samples that can be read. */
  cells: (ExportRun | null)[][];
  /** Steps that any of the runs has a grid of, ascending. */
  steps: number[];
  look: Look;
  sheet: Sheet;
}

/** At the nearest saved step of each run. Rejects where nothing varies. */
export async function matrixPicture(
  request: RequestFor<"matrix">,
  job: ExportJob,
): Promise<Picture> {
  const plan = await planMatrix(request, job);
  const step =
    request.step === "last" ? (plan.steps.at(-1) ?? 0) : request.step;
  const sheet = { ...plan.sheet, title: titleOf(plan, step) };
  return {
    size: sheetSize(sheet),
    bands: sheetBands(sheet, rowsAt(plan, step, job)),
  };
}

/** A frame for every step that any of the runs has, or so many of them. */
export async function* matrixFrames(
  request: RequestFor<"matrix-gif">,
  job: ExportJob,
): AsyncGenerator<Frame> {
  const plan = await planMatrix(request, job);
  const steps = framesOf(plan.steps, request.frames);
  const duration = Math.round(1000 / request.framesPerSecond);
  for (const [index, step] of steps.entries()) {
    const sheet = { ...plan.sheet, title: titleOf(plan, step) };
    const bands = sheetBands(sheet, rowsAt(plan, step, job));
    const picture = await collect(sheetSize(sheet), bands);
    const isLast = index === steps.length - 1;
    const held = isLast ? Math.round(1000 * request.holdLast) : 0;
    yield { picture, duration: duration + held };
  }
}

/** How many cells have a picture, in how many frames, and the size of all. */
export async function matrixExtent(
  request: Request,
  job: ExportJob,
): Promise<{ images: number; size: { width: number; height: number } }> {
  const plan = await planMatrix(request, job);
  const filled = plan.cells.flat().filter((run) => run !== null).length;
  const frames =
    request.format === "matrix"
      ? 1
      : framesOf(plan.steps, request.frames).length;
  const sheet = { ...plan.sheet, title: titleOf(plan, 0) };
  return { images: filled * frames, size: sheetSize(sheet) };
}

function framesOf(steps: readonly number[], frames: number | null): number[] {
  return frames === null ? [...steps] : spreadEvenly(steps, frames);
}

async function planMatrix(request: Request, job: ExportJob): Promise<Plan> {
  const runs: ExportRun[] = [];
  for (const id of request.runs) runs.push(await readRun(job.source, id));
  const records = runs.map(({ record }) => record);
  const configurations = configurationsOf(records);
  const varied = variedSettings(
    configurations.map(({ runs: [first] }) => records[first].settings),
  );
  refuseUnknown(varied, request);
  const matrix = matrixOf(varied, request);
  if (!matrix)
    throw new ExportError(
      "The settings of these runs do not differ, so a matrix of them has no axes.",
    );
  const shown = configurations.map(
    ({ runs: own }) =>
      runs[
        own.find((at) => records[at].settings?.seed === request.ofSeed) ??
          own[0]
      ],
  );
  const cells: (ExportRun | null)[][] = [];
  for (const row of matrix.cells) {
    const found: (ExportRun | null)[] = [];
    for (const at of row)
      found.push(at === null ? null : await withSamples(shown[at], job));
    cells.push(found);
  }
  const filled = cells.flat().filter((run) => run !== null);
  if (filled.length === 0)
    throw new ExportError("None of these runs has samples that can be read.");
  const steps = notches(
    filled.map(({ record, samples }) => ({
      samples,
      progress: record.progress,
    })),
    "step",
  );
  const look: Look = { ...request.look, labels: false };
  const sheet = await sheetOf({ matrix, cells, look }, job);
  return { matrix, cells, steps, look, sheet };
}

/** Throws where the request names a setting that does not vary, or a value that none of the runs has. */
function refuseUnknown(
  varied: readonly VariedSetting[],
  { across, down, held }: Request,
): void {
  const find = (option: string, path: string) => {
    const found = varied.find((one) => isNamed(one, path));
    if (found) return found;
    throw new ExportError(
      `--${option} ${path} does not vary between these runs; ${varied.length === 0 ? "nothing does" : `these do: ${varied.map((one) => one.path).join(", ")}`}.`,
    );
  };
  if (across !== null) find("across", across);
  if (down !== null) find("down", down);
  for (const [path, value] of Object.entries(held)) {
    const setting = find("held", path);
    if (indexOfValue(setting, value) < 0)
      throw new ExportError(
        `--held ${path}=${value}: none of these runs has it; they have ${setting.values.join(", ")}.`,
      );
  }
}

/** With only the steps whose grids can be read; null where there is none. */
async function withSamples(
  run: ExportRun,
  job: ExportJob,
): Promise<ExportRun | null> {
  if (run.samples.length === 0) return null;
  try {
    const samples = await readableSteps(job, run, chooseSteps(run, "all"));
    return { ...run, samples };
  } catch (error) {
    if (error instanceof ExportError) return null;
    throw error;
  }
}

/** All cells have the room of the largest grid. */
async function sheetOf(
  { cells, look, matrix }: Pick<Plan, "cells" | "look" | "matrix">,
  job: ExportJob,
): Promise<Sheet> {
  let [width, height] = [textWidth(noRun) + 8, glyphHeight + 8];
  for (const run of cells.flat()) {
    const step = run?.samples.at(-1);
    if (!run || step === undefined) continue;
    const picture = await ifReadable(job, run, step, () =>
      gridRaster(job, run, step, look),
    );
    width = Math.max(width, picture?.width ?? 0);
    height = Math.max(height, picture?.height ?? 0);
  }
  const { across, down } = matrix;
  return {
    columns: across.values.map(() => width),
    rowHeight: height,
    rows: cells.length,
    padding: Math.max(look.padding ?? 2, 6),
    background: parseColor(look.background ?? "#000000"),
    title: "",
    headings: across.values,
    widestLabel: down
      ? down.values.reduce((a, b) => (b.length > a.length ? b : a))
      : null,
  };
}

/** Which step, and what the axes are. */
function titleOf({ matrix: { across, down, held } }: Plan, step: number) {
  const others = held.map(
    ({ setting, value }) => `${setting.label} ${setting.values[value]}`,
  );
  return [
    `step ${step}`,
    ...(down ? [`down: ${down.label}`] : []),
    `across: ${across.label}`,
    ...others,
  ].join("   ");
}

const noRun = "no run";

async function* rowsAt(
  { cells, look, matrix, sheet }: Plan,
  step: number,
  job: ExportJob,
): AsyncGenerator<SheetRow> {
  for (const [index, row] of cells.entries()) {
    const pictures: Raster[] = [];
    for (const run of row) {
      const at = run && nearestStep(run.samples, step);
      const picture =
        run && at !== null
          ? await ifReadable(job, run, at, () => gridRaster(job, run, at, look))
          : null;
      if (run) job.advance();
      pictures.push(picture ?? emptyCell(sheet));
    }
    yield { label: matrix.down?.values[index] ?? "", cells: pictures };
  }
}

function emptyCell({ background, columns, rowHeight }: Sheet): Raster {
  const color: Color = inkOn(background);
  const cell = createRaster(columns[0], rowHeight, background);
  const text = fitText(noRun, cell.width);
  const left = Math.max(0, Math.floor((cell.width - textWidth(text)) / 2));
  const top = Math.max(0, Math.floor((cell.height - glyphHeight) / 2));
  const label = createRaster(
    textWidth(text) || 1,
    Math.min(glyphHeight, cell.height),
    background,
  );
  drawText(label, text, { left: 0, top: 0, color });
  draw(cell, label, left, top);
  return cell;
}
