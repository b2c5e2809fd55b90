/** A run's samples at one step as a picture: what `png` writes and an animation shows frame by frame. */
import type { Look } from "../../shared/contract/exports";
import { captionOf } from "./caption";
import type { ExportJob, ExportRun } from "./job";
import type { Raster } from "./raster";
import type { Sheet, SheetRow } from "./sheet";
import { collect, sheetBands, sheetSize } from "./sheet";
import { gridPlan, marginOf, styledTiles } from "./tiles";

export interface Picture {
  size: { width: number; height: number };
  bands: AsyncIterable<Raster>;
}

export async function gridPicture(
  job: ExportJob,
  run: ExportRun,
  step: number,
  look: Look,
): Promise<Picture> {
  const tiles = await styledTiles(job, run, step, look);
  const sheet = gridSheet(run, step, look, tiles);
  return {
    size: sheetSize(sheet),
    bands: sheetBands(sheet, rowsOf(tiles, sheet.columns.length)),
  };
}

/** The same as one raster. */
export async function gridRaster(
  job: ExportJob,
  run: ExportRun,
  step: number,
  look: Look,
): Promise<Raster> {
  const { size, bands } = await gridPicture(job, run, step, look);
  return collect(size, bands);
}

/** How many tiles stand in a row: as asked, else as the run has them, but no more than there are. */
export function tilesPerRow(run: ExportRun, look: Look, count: number): number {
  const own = run.record.settings
    ? gridPlan(run.record.settings).perRow
    : Math.ceil(Math.sqrt(count));
  return Math.min(look.perRow ?? own, count);
}

function gridSheet(
  run: ExportRun,
  step: number,
  look: Look,
  tiles: readonly Raster[],
): Sheet {
  const perRow = tilesPerRow(run, look, tiles.length);
  return {
    columns: Array.from({ length: perRow }, () => tiles[0].width),
    rowHeight: tiles[0].height,
    rows: Math.ceil(tiles.length / perRow),
    ...marginOf(run, look),
    title: look.labels ? `step ${step}  ${captionOf(run, look)}` : null,
    headings: null,
    widestLabel: null,
  };
}

function rowsOf(tiles: readonly Raster[], perRow: number): SheetRow[] {
  return Array.from({ length: Math.ceil(tiles.length / perRow) }, (_, row) => ({
    label: "",
    cells: tiles.slice(row * perRow, (row + 1) * perRow),
  }));
}
