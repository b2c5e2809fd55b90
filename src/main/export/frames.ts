/** The frames of an animation: a run's grid at every saved step, one at a time. */
import type { ExportRequest } from "../../shared/contract/exports";
import { spreadEvenly } from "../../shared/curves/timeline";
import type { ExportJob, ExportRun } from "./job";
import { readRun } from "./job";
import { gridRaster } from "./picture-grid";
import type { Raster } from "./raster";
import { createRaster, draw } from "./raster";
import { drawText, glyphHeight, textWidth } from "./text";
import { chooseSteps } from "./tiles";

export type AnimationRequest = Extract<
  ExportRequest,
  { format: "gif" | "webp" }
>;

export interface Frame {
  picture: Raster;
  /** Milliseconds. */
  duration: number;
}

export async function* animationFrames(
  request: AnimationRequest,
  job: ExportJob,
): AsyncGenerator<Frame> {
  const run = await readRun(job.source, request.run);
  const steps = animationSteps(run, request.frames);
  const each = 1000 / request.framesPerSecond;
  for (const [index, step] of steps.entries()) {
    const picture = await gridRaster(job, run, step, request.look);
    if (request.stamp) stamp(picture, `${step}`);
    const last = index === steps.length - 1;
    yield {
      picture,
      duration: Math.round(each + (last ? request.holdLast * 1000 : 0)),
    };
    job.advance();
  }
}

/** All saved steps, or so many of them, spread evenly. */
export function animationSteps(
  run: ExportRun,
  frames: number | null,
): number[] {
  const all = chooseSteps(run, "all");
  return frames === null ? all : spreadEvenly(all, frames);
}

/** White on black in the lower right corner. */
function stamp(picture: Raster, text: string): void {
  const size = picture.width >= 240 ? 2 : 1;
  const air = 2 * size;
  const width = Math.min(textWidth(text, size) + 2 * air, picture.width);
  const height = Math.min(glyphHeight * size + 2 * air, picture.height);
  const box = createRaster(width, height, [0, 0, 0]);
  drawText(box, text, air, air, [255, 255, 255], size);
  draw(picture, box, picture.width - width, picture.height - height);
}
