/**
 * Going on with a run: takes the folder back to the step of a checkpoint, so that after it no step is there twice and
 * none is missing. What comes after that step is set aside.
 */
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { MetricGroup } from "../../../shared/curves/metric-group";
import type { RunRecord } from "../../../shared/run";
import { isLeftover } from "../../disk/atomic";
import type { SavedCheckpoint } from "../checkpoints/checkpoint-file";
import type { FileLayer } from "../../disk/file-layer";
import { namesIn } from "../../disk/names-in";
import { isEventFile, tensorBoardFolder } from "./layout";
import { readQualitySummaries } from "./qualities";
import { setAside } from "./set-aside";
import type { LogTail } from "./set-aside";
import { MetricSeries } from "../curves/metric-series";
import { RunError } from "../run-error";
import { summarizeGroups } from "../recording/summary";
import { decodeEvent } from "../curves/tensorboard/messages";
import { readLog } from "../curves/tensorboard/read-log";

export interface CutBack {
  record: RunRecord;
  /** A sentence where the event file lacks steps that were trained: it was cut, or is gone. */
  missing: string | null;
}

/**
 * Takes the folder of a locked run back to a checkpoint, or to step 0; gives the record as it was then, resumed, with an
 * event that says what was set aside.
 */
export async function cutBack(
  files: FileLayer,
  folder: string,
  record: RunRecord,
  checkpoint: SavedCheckpoint | null,
): Promise<CutBack> {
  const { step, seconds } = timeAt(checkpoint, record);
  const tails: LogTail[] = [];
  for (const name of await readdir(folder)) {
    if (isEventFile(name)) tails.push(await tailOf(join(folder, name), step));
    else if (isLeftover(name)) await files.remove(join(folder, name));
  }
  const later = tails.filter(({ from, whole }) => from < whole);
  const aside = await setAside(files, folder, step, later);
  for (const tail of tails) await cutOff(files, tail, step);
  await cutSecond(files, folder, step);
  const { groups } = await new MetricSeries(folder).read();
  const saved = checkpoint ? step : null;
  const missing = missingSteps(groups, step, record);
  const time = Date.now() / 1000;
  const resumed: RunRecord = {
    ...record,
    state: "preparing",
    reason: null,
    progress: { ...record.progress, step, seconds, saved },
    summary: {
      ...summarizeGroups(groups),
      ...(await readQualitySummaries(folder)),
    },
    events: [
      ...record.events.filter((event) => event.step <= step),
      ...(missing === null
        ? []
        : [{ type: "warning", step, time, text: missing } as const]),
      {
        type: "resumed",
        step,
        time,
        text: resumedText(step, record.progress.step, aside),
      },
    ],
  };
  return { record: resumed, missing };
}

/** Null where the curves reach the checkpoint, as they always do unless somebody took something away. */
function missingSteps(
  groups: readonly MetricGroup[],
  step: number,
  { parent }: RunRecord,
): string | null {
  const ends = groups.map(({ steps }) => steps.at(-1) ?? 0);
  const last = Math.max(parent?.step ?? 0, ...ends);
  if (last >= step) return null;
  return `The event file ends at step ${last}, before the checkpoint at step ${step}: the curves lack steps ${last + 1} to ${step}.`;
}

/** The log for TensorBoard counts from 0 and can be made again from the run's own, so nothing of it is set aside. */
async function cutSecond(
  files: FileLayer,
  folder: string,
  step: number,
): Promise<void> {
  const path = await newestLog(tensorBoardFolder(folder));
  if (path === null) return;
  await cutOff(files, await tailOf(path, step - 1), step);
}

/** Where it goes on, and the time trained until there: what was shown, unless steps are taken back. */
function timeAt(
  checkpoint: SavedCheckpoint | null,
  { progress }: RunRecord,
): { step: number; seconds: number } {
  const { step, seconds } = checkpoint?.position ?? { step: 0, seconds: 0 };
  if (step < progress.step || step === 0) return { step, seconds };
  return { step, seconds: Math.max(seconds, progress.seconds) };
}

/** The event file that a resumed run goes on with: its newest; null where there is none. */
export async function newestLog(folder: string): Promise<string | null> {
  const names = (await namesIn(folder)).filter(isEventFile).sort();
  const name = names.at(-1);
  return name === undefined ? null : join(folder, name);
}

function resumedText(step: number, last: number, aside: string | null): string {
  const resumed = `Resumed at step ${step}`;
  if (aside === null) return `${resumed}.`;
  const what = last > step ? `steps ${step + 1} to ${last}` : "what came after";
  return `${resumed}; ${what} went to ${aside}.`;
}

/** From a log's first event of a later step to its last whole one; a torn or damaged end is worth nothing. */
async function tailOf(path: string, step: number): Promise<LogTail> {
  let kept = 0;
  let whole = 0;
  let from: number | null = null;
  await readLog(path, 0, (data, start) => {
    whole = start + data.length + 16;
    if (from !== null) return;
    if (decodeEvent(data).step > step) from = start;
    else kept = whole;
  });
  return { path, from: from ?? kept, whole };
}

/** Ends the log where its tail begins. */
async function cutOff(
  files: FileLayer,
  { path, from }: LogTail,
  step: number,
): Promise<void> {
  const file = await files.open(path, "edit");
  try {
    await file.truncate(from);
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
