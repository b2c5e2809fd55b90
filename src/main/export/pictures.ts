/** Grids and tiles as PNG files. */
import type { Look } from "../../shared/contract/exports";
import type { ExportEntry, ExportJob, ExportRun } from "./job";
import { stepName } from "./job";
import type { Picture } from "./picture-grid";
import { gridPicture } from "./picture-grid";
import { encodePng } from "./png";
import type { Raster } from "./raster";
import { ifReadable, noneReadable } from "./saved-grids";
import { styledTiles } from "./tiles";

export function pngBody({ size, bands }: Picture): AsyncIterable<Uint8Array> {
  return encodePng(size, bands);
}

/** One grid a step: `step-000400.png`. */
export async function* gridFiles(
  job: ExportJob,
  run: ExportRun,
  steps: readonly number[],
  look: Look,
): AsyncGenerator<ExportEntry> {
  let made = 0;
  for (const step of steps) {
    const picture = await ifReadable(job, run, step, () =>
      gridPicture(job, run, step, look),
    );
    job.advance();
    if (!picture) continue;
    yield { name: `${stepName(step)}.png`, body: pngBody(picture) };
    made++;
  }
  if (made === 0) throw noneReadable(run);
}

/** One tile a file: `step-000400/tile-07.png`, numbered as in the grid. */
export async function* tileFiles(
  job: ExportJob,
  run: ExportRun,
  steps: readonly number[],
  look: Look,
): AsyncGenerator<ExportEntry> {
  for (const step of steps) {
    const tiles = await ifReadable(job, run, step, () =>
      styledTiles(job, run, step, look),
    );
    if (!tiles) continue;
    const digits = String(Math.max(...(look.tiles ?? [tiles.length]))).length;
    for (const [place, tile] of tiles.entries()) {
      job.signal.throwIfAborted();
      const number = String(look.tiles?.[place] ?? place).padStart(digits, "0");
      yield {
        name: `${stepName(step)}/tile-${number}.png`,
        body: encodePng(tile, alone(tile)),
      };
      job.advance();
    }
  }
}

async function* alone(tile: Raster): AsyncGenerator<Raster> {
  yield await Promise.resolve(tile);
}
