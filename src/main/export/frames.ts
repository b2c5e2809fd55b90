/** The frames of an animation: a run's grid at every saved step, one at a time. */
import type { ExportRequest } from "../../shared/contract/exports";
import { spreadEvenly } from "../../shared/curves/timeline";
import type { ExportJob, ExportRun } from "./job";
import { readRun } from "./job";
import { gridRaster } from "./picture-grid";
import type { Color, Raster } from "./raster";
import { createRaster, draw } from "./raster";
import { drawText, glyphHeight, textWidth } from "./text";
import {
  chooseSteps,
  ifReadable,
  noneReadable,
  readableSteps,
} from "./saved-grids";

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
  const steps = await animationSteps(job, run, request.frames);
  const duration = Math.round(1000 / request.framesPerSecond);
  const held = Math.round(duration + request.holdLast * 1000);
  /** Given when it is known whether another one comes. */
  let waiting: Raster | null = null;
  for (const step of steps) {
    const picture = await ifReadable(job, run, step, () =>
      gridRaster(job, run, step, request.look),
    );
    job.advance();
    if (!picture) continue;
    if (waiting) yield { picture: waiting, duration };
    if (request.stamp) stamp(picture, `${step}`);
    waiting = picture;
  }
  if (!waiting) throw noneReadable(run);
  yield { picture: waiting, duration: held };
}

/** All saved steps that can be read, or so many of them, spread evenly. */
export async function animationSteps(
  job: ExportJob,
  run: ExportRun,
  frames: number | null,
): Promise<number[]> {
  const all = await readableSteps(job, run, chooseSteps(run, "all"));
  return frames === null ? all : spreadEvenly(all, frames);
}

/** White on black in the lower right corner. */
function stamp(picture: Raster, text: string): void {
  const size = picture.width >= 240 ? 2 : 1;
  const air = 2 * size;
  const width = Math.min(textWidth(text, size) + 2 * air, picture.width);
  const height = Math.min(glyphHeight * size + 2 * air, picture.height);
  const box = createRaster(width, height, [0, 0, 0]);
  const color: Color = [255, 255, 255];
  drawText(box, text, { left: air, top: air, color, size });
  draw(picture, box, picture.width - width, picture.height - height);
}
