/**
 * Going on with a run: finds the newest checkpoint that can be read and takes the folder back to its step, so that
 * after it no step is there twice and none is missing.
 */
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { RunRecord } from "../../../shared/run";
import { isLeftover } from "../../disk/atomic";
import type { SavedCheckpoint } from "../checkpoints/checkpoint-file";
import {
  checkpointSteps,
  readCheckpoint,
  stepsIn,
} from "../checkpoints/checkpoints";
import type { FileLayer } from "../../disk/file-layer";
import {
  checkpointFile,
  isEventFile,
  sampleFile,
  samplesFolder,
} from "./layout";
import { MetricSeries } from "../curves/metric-series";
import { RunError } from "../run-error";
import { summarizeGroups } from "../recording/summary";
import { decodeEvent } from "../curves/tensorboard/messages";
import { readLog } from "../curves/tensorboard/read-log";

/** The newest checkpoint that can be read, with a sentence for each newer one that cannot. */
export async function newestCheckpoint(
  folder: string,
): Promise<{ checkpoint: SavedCheckpoint | null; warnings: string[] }> {
  const warnings: string[] = [];
  for (const step of checkpointSteps(folder).reverse()) {
    try {
      return { checkpoint: await readCheckpoint(folder, step), warnings };
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      warnings.push(error.message);
    }
  }
  return { checkpoint: null, warnings };
}

/** Takes the folder of a locked run back to `step`; gives the record as it was then, resumed. */
export async function cutBack(
  files: FileLayer,
  folder: string,
  record: RunRecord,
  step: number,
  seconds: number,
): Promise<RunRecord> {
  for (const name of await readdir(folder)) {
    if (isEventFile(name)) await cutLog(files, join(folder, name), step);
    else if (isLeftover(name)) await files.remove(join(folder, name));
  }
  for (const later of stepsIn(samplesFolder(folder), "png"))
    if (later > step) await files.remove(sampleFile(folder, later));
  for (const later of checkpointSteps(folder))
    if (later > step) await files.remove(checkpointFile(folder, later));
  const { groups } = await new MetricSeries(folder).read();
  return {
    ...record,
    state: "preparing",
    reason: null,
    progress: { ...record.progress, step, seconds },
    summary: summarizeGroups(groups),
    events: [
      ...record.events.filter((event) => event.step <= step),
      {
        type: "resumed",
        step,
        time: Date.now() / 1000,
        text: `Resumed at step ${step}.`,
      },
    ],
  };
}

/** The event file that a resumed run goes on with: its newest. */
export async function newestLog(folder: string): Promise<string | null> {
  const names = (await readdir(folder)).filter(isEventFile).sort();
  const name = names.at(-1);
  return name === undefined ? null : join(folder, name);
}

/** Ends the log before its first event of a later step; a torn or damaged tail goes as well. */
async function cutLog(
  files: FileLayer,
  path: string,
  step: number,
): Promise<void> {
  let end = 0;
  let cut: number | null = null;
  await readLog(path, 0, (data, start) => {
    if (cut !== null) return;
    if (decodeEvent(data).step > step) cut = start;
    else end = start + data.length + 16;
  });
  const file = await files.open(path, "edit");
  try {
    await file.truncate(cut ?? end);
    await file.sync();
  } catch (error) {
    throw new RunError(
      `The log ${basename(path)} could not be cut back to step ${step}; the run is as it was.`,
      { cause: error },
    );
  } finally {
    await file.close();
  }
}
