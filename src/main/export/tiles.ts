/** The single pictures of a saved sample grid, cut out of its PNG. */
import sharp from "sharp";
import type { Look } from "../../shared/contract/exports";
import { errorMessage } from "../../shared/errors";
import type { TrainingSettings } from "../../shared/settings/settings";
import { nearestStep } from "../../shared/curves/timeline";
import type { ExportJob, ExportRun } from "./job";
import { ExportError } from "./job";
import type { Raster } from "./raster";
import { crop, enlarge } from "./raster";

/** Where the tiles of a grid lie. */
export interface GridPlan {
  count: number;
  perRow: number;
  /** Pixels a side of one tile, and between tiles. */
  size: number;
  padding: number;
}

/** The grid that a run's settings make (torchvision's make_grid: a lone picture has no border). */
export function gridPlan(settings: TrainingSettings): GridPlan {
  const { count, grid } = settings.sampling;
  return {
    count,
    perRow: Math.min(grid.perRow, count),
    size: settings.data.size,
    padding: count === 1 ? 0 : grid.padding,
  };
}

/** The steps that a choice means; a number becomes the nearest saved step. Throws where nothing is saved. */
export function chooseSteps(
  run: ExportRun,
  choice: number | "last" | "all",
): number[] {
  const { samples, record } = run;
  const last = samples.at(-1);
  if (last === undefined)
    throw new ExportError(
      `The run ${record.name} has no saved samples; train it for longer, or choose another run.`,
    );
  if (choice === "all") return samples;
  if (choice === "last") return [last];
  return [nearestStep(samples, choice) ?? last];
}

/** The tiles of one step at their own size, in the order of the grid. A picture of another shape is one tile. */
export async function readTiles(
  job: ExportJob,
  run: ExportRun,
  step: number,
): Promise<Raster[]> {
  job.signal.throwIfAborted();
  const picture = await readPicture(
    job.source.samplePath(run.record.id, step),
    `the samples of step ${step} of ${run.record.name}`,
  );
  const plan = run.record.settings && gridPlan(run.record.settings);
  return plan && fits(plan, picture) ? cut(plan, picture) : [picture];
}

/** The chosen tiles, enlarged as the look says. Indices beyond the grid are left out. */
export async function styledTiles(
  job: ExportJob,
  run: ExportRun,
  step: number,
  look: Look,
): Promise<Raster[]> {
  const all = await readTiles(job, run, step);
  const chosen = look.tiles
    ? look.tiles.flatMap((index) => (index < all.length ? [all[index]] : []))
    : all;
  if (chosen.length === 0)
    throw new ExportError(
      `The grid of ${run.record.name} has tiles 0 to ${all.length - 1}; none of those asked for is among them.`,
    );
  return Promise.all(
    chosen.map((tile) => enlarge(tile, look.scale, look.resample)),
  );
}

async function readPicture(path: string, what: string): Promise<Raster> {
  try {
    const { data, info } = await sharp(path)
      .toColourspace("srgb")
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (info.channels === 3)
      return { width: info.width, height: info.height, data };
    const rgb = new Uint8Array(info.width * info.height * 3);
    for (let i = 0; i < rgb.length; i++)
      rgb[i] = data[Math.floor(i / 3) * info.channels];
    return { width: info.width, height: info.height, data: rgb };
  } catch (error) {
    throw new ExportError(
      `Cannot read ${what} (${path}): ${errorMessage(error)}`,
    );
  }
}

function fits(plan: GridPlan, picture: Raster): boolean {
  const pitch = plan.size + plan.padding;
  const rows = Math.ceil(plan.count / plan.perRow);
  return (
    picture.width === plan.perRow * pitch + plan.padding &&
    picture.height === rows * pitch + plan.padding
  );
}

function cut(plan: GridPlan, picture: Raster): Raster[] {
  const pitch = plan.size + plan.padding;
  return Array.from({ length: plan.count }, (_, index) =>
    crop(
      picture,
      plan.padding + (index % plan.perRow) * pitch,
      plan.padding + Math.floor(index / plan.perRow) * pitch,
      plan.size,
      plan.size,
    ),
  );
}
