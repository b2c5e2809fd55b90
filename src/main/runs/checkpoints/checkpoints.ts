/**
 * The checkpoints of one run folder: written, found, read and pruned. Of the scheduled ones the last few and the best
 * stay, of those for safety the newest; all others were wanted by someone and stay until the run goes.
 */
import { readdirSync, statSync } from "node:fs";
import type { Dirent, Stats } from "node:fs";
import { basename, join } from "node:path";
import { errorCode } from "../../../shared/errors";
import type { TrainingSettings } from "../../../shared/settings/settings";
import { replaceAtomically } from "../../disk/atomic";
import { CheckpointError } from "./checkpoint-error";
import {
  checkCheckpointHeader,
  checkpointPieces,
  decodeCheckpoint,
  readMark,
  readSettings,
} from "./checkpoint-file";
import type { CheckpointMark, SavedCheckpoint } from "./checkpoint-file";
import type { FileLayer } from "../../disk/file-layer";
import { checkpointFile, checkpointsFolder, stepOf } from "../folder/layout";
import { decodeSafetensorsHeader, safetensorsHeaderBytes } from "./safetensors";
import type { SafeTensorsHeader } from "./safetensors";
import { openPlain, readPlain } from "../../disk/plain-file";

/** The steps that have one, ascending. */
export function checkpointSteps(folder: string): number[] {
  return stepsIn(checkpointsFolder(folder), "safetensors");
}

/** The steps of the files `step-<n>.<extension>` in a folder, ascending; none where there is no such folder. */
export function stepsIn(folder: string, extension: string): number[] {
  if (!statsOf(folder)?.isDirectory()) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter(isPlain)
    .map(({ name }) => stepOf(name, extension))
    .filter((step) => step !== null)
    .sort((a, b) => a - b);
}

/** A link to a file is as good as one; a pipe would be waited for. */
function isPlain(entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile();
  const target = join(entry.parentPath, entry.name);
  return statsOf(target)?.isFile() === true;
}

/** Null where there is nothing, or only links in a circle. */
function statsOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    if (errorCode(error) === "ELOOP") return null;
    throw error;
  }
}

/** Rejects with a CheckpointError where there is none at that step, it is damaged, or it does not fit its settings. */
export async function readCheckpoint(
  folder: string,
  step: number,
): Promise<SavedCheckpoint> {
  try {
    return await readCheckpointFile(checkpointFile(folder, step), step);
  } catch (error) {
    if (errorCode(error) === "ENOENT")
      throw new CheckpointError(
        `The run ${basename(folder)} has no checkpoint at step ${step}`,
      );
    throw error;
  }
}

/** The same of a file that may lie elsewhere; one that is gone rejects as the disk does. */
export async function readCheckpointFile(
  path: string,
  step: number,
): Promise<SavedCheckpoint> {
  return decodeCheckpoint(await readPlain(path), basename(path), step);
}

/**
 * What is wrong with a checkpoint, or null: its header says how long each tensor is and where the run stood, so the
 * numbers need not be read. `settings` count where the file names none.
 */
export async function checkpointProblem(
  folder: string,
  step: number,
  settings: TrainingSettings | null,
): Promise<string | null> {
  const path = checkpointFile(folder, step);
  try {
    checkCheckpointHeader(await readHeader(path), basename(path), {
      step,
      settings,
    });
    return null;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return missing(path);
    if (error instanceof CheckpointError) return error.problem;
    throw error;
  }
}

/** What is wrong with a checkpoint that should be there. */
export function missing(path: string): string {
  return `${basename(path)} is missing`;
}

/** The settings that a checkpoint was made under; null where it does not say or cannot be read. */
export async function checkpointSettings(
  folder: string,
  step: number,
): Promise<TrainingSettings | null> {
  const header = await readHeader(checkpointFile(folder, step)).catch(
    () => null,
  );
  return header && readSettings(header.metadata);
}

/** Replaces what was there at that step. */
export async function writeCheckpoint(
  files: FileLayer,
  folder: string,
  checkpoint: SavedCheckpoint,
  mark: CheckpointMark,
): Promise<void> {
  await files.makeSubfolder(checkpointsFolder(folder));
  const path = checkpointFile(folder, mark.step);
  await replaceAtomically(files, path, async (file) => {
    for (const piece of checkpointPieces(checkpoint, mark))
      await file.write(piece);
  });
}

/** The marks of all checkpoints, ascending; one that cannot be read is left out, and so never pruned. */
export async function readMarks(folder: string): Promise<CheckpointMark[]> {
  const marks: CheckpointMark[] = [];
  for (const step of checkpointSteps(folder)) {
    const mark = await readMarkOf(checkpointFile(folder, step));
    if (mark) marks.push({ ...mark, step });
  }
  return marks;
}

/** Which checkpoints to delete. `distances` are those of samples from real images, by step, as far as they were measured. */
export function prunable(
  marks: readonly CheckpointMark[],
  settings: TrainingSettings["checkpoints"],
  distances: ReadonlyMap<number, number> = new Map(),
): number[] {
  const scheduled = marks.filter(({ reason }) => reason === "scheduled");
  const best = settings.keepBest
    ? (nearestOf(scheduled, distances) ?? mostBalancedOf(scheduled))
    : null;
  const old = scheduled
    .slice(0, -settings.keepLast)
    .filter((mark) => mark !== best);
  // A newer one guards as well.
  const passed = marks.slice(0, -1).filter(({ reason }) => reason === "safety");
  return [...old, ...passed].map(({ step }) => step);
}

/** The one whose samples were nearest to real images; null where none was measured. */
function nearestOf(
  marks: readonly CheckpointMark[],
  distances: ReadonlyMap<number, number>,
): CheckpointMark | null {
  const distance = ({ step }: CheckpointMark) =>
    distances.get(step) ?? Infinity;
  return marks.reduce<CheckpointMark | null>(
    (best, mark) =>
      distance(mark) < (best ? distance(best) : Infinity) ? mark : best,
    null,
  );
}

/** The one whose losses were nearest to equilibrium: neither network had won. */
function mostBalancedOf(
  marks: readonly CheckpointMark[],
): CheckpointMark | null {
  const known = marks.filter(({ imbalance }) => imbalance !== null);
  return known.reduce<CheckpointMark | null>(
    (best, mark) =>
      best && (best.imbalance ?? 0) <= (mark.imbalance ?? 0) ? best : mark,
    null,
  );
}

async function readMarkOf(path: string): Promise<CheckpointMark | null> {
  try {
    return readMark((await readHeader(path)).metadata);
  } catch (error) {
    if (error instanceof CheckpointError) return null;
    throw error;
  }
}

async function readHeader(path: string): Promise<SafeTensorsHeader> {
  const file = await openPlain(path);
  try {
    const { size } = await file.stat();
    const first = new Uint8Array(8);
    await file.read(first, 0, 8, 0);
    const header = new Uint8Array(
      Math.min(size, safetensorsHeaderBytes(first)),
    );
    await file.read(header, 0, header.length, 0);
    return decodeSafetensorsHeader(header, size, basename(path));
  } finally {
    await file.close();
  }
}
