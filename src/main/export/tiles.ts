/** The single pictures of a saved sample grid, cut out of its PNG. */
import sharp from "sharp";
import type { Look } from "../../shared/contract/exports";
import type { TrainingSettings } from "../../shared/settings/settings";
import type { ExportJob, ExportRun } from "./job";
import { ExportError } from "./job";
import { reasonOf, UnreadableGrid } from "./saved-grids";
import type { Color, Raster } from "./raster";
import { toByte } from "../runs/recording/grid";
import { crop, enlarge, parseColor } from "./raster";

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

/** What lies between tiles: as it is asked for, else as the run's own grids have it. */
export function marginOf(
  { record: { settings } }: ExportRun,
  look: Pick<Look, "padding" | "background">,
): { padding: number; background: Color } {
  const plan = settings && gridPlan(settings);
  const level = settings ? toByte(settings.sampling.grid.padValue) : 0;
  return {
    padding: look.padding ?? plan?.padding ?? 2,
    background:
      look.background === null
        ? [level, level, level]
        : parseColor(look.background),
  };
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
    (reason) => new UnreadableGrid(run, step, reason),
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

async function readPicture(
  path: string,
  failure: (reason: string) => Error,
): Promise<Raster> {
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
    throw failure(reasonOf(error));
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
