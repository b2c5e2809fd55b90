/**
 * What a run is taken back from: moved into `set-aside/<time>/` of its folder, never deleted. There it is a run folder
 * of its own kind: the record as it was, a log of the steps that were cut off, their grids and checkpoints.
 */
import { createReadStream, existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { FileLayer } from "../../disk/file-layer";
import { checkpointSteps, stepsIn } from "../checkpoints/checkpoints";
import { encodeFileVersion } from "../curves/tensorboard/messages";
import { frameRecord } from "../curves/tensorboard/records";
import {
  checkpointFile,
  qualityFile,
  qualityFolder,
  recordFile,
  sampleFile,
  samplesFolder,
  setAsideFolder,
} from "./layout";

/** Where a log is cut: what is from `from` to the end of its last whole event is of later steps. */
export interface LogTail {
  path: string;
  from: number;
  whole: number;
}

/**
 * Copies the tails and moves the grids and checkpoints of later steps. Gives the name of the folder in the run's folder,
 * or null where there was nothing. Until a file has moved, a failure leaves nothing behind.
 */
export async function setAside(
  files: FileLayer,
  folder: string,
  step: number,
  tails: readonly LogTail[],
): Promise<string | null> {
  const later = laterFiles(folder, step);
  if (later.length === 0 && tails.length === 0) return null;
  const target = freeFolder(folder);
  try {
    await files.makeFolder(target);
    for (const tail of tails) await copyTail(files, tail, target);
    await files.copy(recordFile(folder), recordFile(target));
    for (const path of later)
      await files.makeFolder(join(target, basename(dirname(path))));
  } catch (error) {
    await files.remove(target).catch(() => undefined);
    throw error;
  }
  for (const path of later)
    await files.rename(
      path,
      join(target, basename(dirname(path)), basename(path)),
    );
  for (const place of new Set(later.map((path) => dirname(path)))) {
    await files.syncFolder(join(target, basename(place)));
    await files.syncFolder(place);
  }
  await files.syncFolder(target);
  await files.syncFolder(dirname(target));
  await files.syncFolder(folder);
  return `${basename(dirname(target))}/${basename(target)}`;
}

/** A copy of one file of a run folder that is about to be replaced; gives the name of the folder it is in. */
export async function copyAside(
  files: FileLayer,
  folder: string,
  path: string,
): Promise<string> {
  const target = freeFolder(folder);
  await files.makeSubfolder(dirname(target));
  await files.makeSubfolder(target);
  await files.copy(path, join(target, basename(path)));
  await files.syncFolder(target);
  return `${basename(dirname(target))}/${basename(target)}`;
}

/** Checkpoints first: none may be ahead of the curves at any moment. */
function laterFiles(folder: string, step: number): string[] {
  const isLater = (other: number) => other > step;
  return [
    ...checkpointSteps(folder)
      .filter(isLater)
      .map((later) => checkpointFile(folder, later)),
    ...(["last", "average"] as const).flatMap((weights) => [
      ...stepsIn(samplesFolder(folder, weights), "png")
        .filter(isLater)
        .map((later) => sampleFile(folder, later, weights)),
      ...stepsIn(qualityFolder(folder, weights), "json")
        .filter(isLater)
        .map((later) => qualityFile(folder, later, weights)),
    ]),
  ];
}

/** `set-aside/20261129-104251`, or with a number behind it. */
function freeFolder(folder: string): string {
  const time = new Date().toISOString().replace(/[-:]/g, "").replace("T", "-");
  const name = join(setAsideFolder(folder), time.slice(0, 15));
  let free = name;
  for (let n = 2; existsSync(free); n++) free = `${name}-${n}`;
  return free;
}

/** A log of its own, which any reader of event files can read. */
async function copyTail(
  files: FileLayer,
  { path, from, whole }: LogTail,
  target: string,
): Promise<void> {
  const copy = await files.open(join(target, basename(path)), "create");
  try {
    await copy.write(frameRecord(encodeFileVersion(Date.now() / 1000)));
    for await (const chunk of createReadStream(path, {
      start: from,
      end: whole - 1,
    }))
      await copy.write(chunk as Uint8Array);
    await copy.sync();
  } finally {
    await copy.close();
  }
}
