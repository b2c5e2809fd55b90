/** Makes a run folder: beside the others under a name that no list shows, and put in its place when it is whole. */
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { findPreset } from "../../../shared/settings/presets";
import { recordVersion } from "../../../shared/run";
import type { RunRecord } from "../../../shared/run";
import type { SavedCheckpoint } from "../checkpoints/checkpoint-file";
import { writeCheckpoint } from "../checkpoints/checkpoints";
import type { FileLayer } from "../../disk/file-layer";
import {
  eventFileName,
  lockFile,
  newRunId,
  runFolder,
  runsFolder,
  unfinishedPrefix,
} from "./layout";
import { namesIn } from "../../disk/names-in";
import { acquireLock } from "../../disk/lock";
import type { Lock } from "../../disk/lock";
import { writeRecord } from "./record";
import { RunError } from "../run-error";
import type { NewRun } from "../run-store";
import { StepWriter } from "../recording/step-writer";

/** The record of a run that has not begun. */
export function newRecord(
  run: NewRun,
  now: Date,
  start: SavedCheckpoint | null,
): RunRecord {
  const { preset } = run.settings;
  const blank = blankRecord(run.id ?? newRunId(preset, now), now);
  return {
    ...blank,
    progress: { ...blank.progress, saved: start?.position.step ?? null },
    name: run.name ?? findPreset(preset)?.title ?? preset,
    state: "preparing",
    settings: run.settings,
    environment: run.environment,
    parent: run.parent,
    group: run.group ?? null,
    sweep: run.sweep ? { ...run.sweep, stoppedEarly: null } : null,
    trial: run.trial ? { ...run.trial, outcome: null } : null,
  };
}

/** What every record begins with. */
export function blankRecord(id: string, now: Date): RunRecord {
  return {
    version: recordVersion,
    id,
    name: id,
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
    state: "imported",
    reason: null,
    settings: null,
    data: null,
    environment: null,
    progress: { step: 0, totalSteps: 0, stepsPerEpoch: 0, seconds: 0 },
    summary: {},
    events: [],
    parent: null,
    verdict: null,
    trial: null,
    tried: [],
    importedFrom: null,
    clock: "wall",
    metricNames: {},
    tags: [],
    notes: "",
    starred: false,
    color: null,
    archived: false,
    example: false,
    group: null,
    sweep: null,
  };
}

/** The folder of a new run, locked by this process, with its record, an event file and the checkpoint it begins at. */
export async function makeRunFolder(
  files: FileLayer,
  library: string,
  record: RunRecord,
  start: SavedCheckpoint | null,
): Promise<{ folder: string; lock: Lock }> {
  const folder = runFolder(library, record.id);
  let lock: Lock | null = null;
  try {
    await buildFolder(files, library, record.id, async (unfinished) => {
      // Before anyone can see it, or it would look like a run whose process is gone.
      lock = await acquireLock(files, lockFile(unfinished));
      const name = eventFileName(new Date(record.createdAt), hostname());
      const steps = await StepWriter.open(files, join(unfinished, name));
      await steps.close();
      if (start)
        await writeCheckpoint(files, unfinished, start, {
          step: start.position.step,
          reason: "start",
          imbalance: null,
        });
      await writeRecord(files, unfinished, record);
    });
    return { folder, lock: moved(lock, lockFile(folder)) };
  } catch (error) {
    await (lock as Lock | null)?.release();
    throw error;
  }
}

function moved(lock: Lock | null, path: string): Lock {
  if (!lock) throw new RunError("The new run is locked by another process.");
  lock.movedTo(path);
  return lock;
}

/** Where a disk does not tell capitals from small letters, two ids would be one folder. */
async function refuseTaken(library: string, id: string): Promise<void> {
  const wanted = id.toLowerCase();
  const taken = (await namesIn(runsFolder(library))).find(
    (name) => name.toLowerCase() === wanted,
  );
  if (taken !== undefined)
    throw new RunError(`There is a run ${taken} in this library already.`);
}

/** Fills a folder and then gives it its place; on a failure nothing is left. */
export async function buildFolder(
  files: FileLayer,
  library: string,
  id: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = runFolder(library, id);
  await refuseTaken(library, id);
  // A name of its own: two processes may be asked for one id at once, and only one can give it its place.
  const tail = randomBytes(4).toString("hex");
  const unfinished = join(
    runsFolder(library),
    `${unfinishedPrefix}${id}-${tail}`,
  );
  let place = unfinished;
  try {
    await files.makeFolder(unfinished);
    await fill(unfinished);
    await files.rename(unfinished, folder);
    place = folder;
    await files.syncFolder(dirname(folder));
  } catch (error) {
    await files.remove(place).catch(() => undefined);
    throw error;
  }
}
