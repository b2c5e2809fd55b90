/**
 * The checkpoints of one run folder: written, found, read and pruned. Of the scheduled ones the last few and the best
 * stay; all others were wanted by someone and stay until the run goes.
 */
import { existsSync, readdirSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { errorCode } from "../../../shared/errors";
import type { TrainingSettings } from "../../../shared/settings/settings";
import { writeAtomically } from "../../disk/atomic";
import {
  decodeCheckpoint,
  encodeCheckpoint,
  readMark,
} from "./checkpoint-file";
import type { CheckpointMark, SavedCheckpoint } from "./checkpoint-file";
import type { FileLayer } from "../../disk/file-layer";
import { checkpointFile, checkpointsFolder, stepOf } from "../folder/layout";
import {
  decodeSafetensorsMetadata,
  safetensorsHeaderBytes,
} from "./safetensors";
import { RunError } from "../run-error";

/** The steps that have one, ascending. */
export function checkpointSteps(folder: string): number[] {
  return stepsIn(checkpointsFolder(folder), "safetensors");
}

/** The steps of the files `step-<n>.<extension>` in a folder, ascending; none where it does not exist. */
export function stepsIn(folder: string, extension: string): number[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => stepOf(name, extension))
    .filter((step) => step !== null)
    .sort((a, b) => a - b);
}

/** Rejects with a RunError where there is none at that step or it is damaged. */
export async function readCheckpoint(
  folder: string,
  step: number,
): Promise<SavedCheckpoint> {
  const path = checkpointFile(folder, step);
  try {
    return decodeCheckpoint(await readFile(path), basename(path));
  } catch (error) {
    if (errorCode(error) === "ENOENT")
      throw new RunError(
        `The run ${basename(folder)} has no checkpoint at step ${step}.`,
      );
    throw error;
  }
}

/** Replaces what was there at that step. */
export async function writeCheckpoint(
  files: FileLayer,
  folder: string,
  checkpoint: SavedCheckpoint,
  mark: CheckpointMark,
): Promise<void> {
  await files.makeFolder(checkpointsFolder(folder));
  await writeAtomically(
    files,
    checkpointFile(folder, mark.step),
    encodeCheckpoint(checkpoint, mark),
  );
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

/** Which checkpoints to delete. */
export function prunable(
  marks: readonly CheckpointMark[],
  settings: TrainingSettings["checkpoints"],
): number[] {
  const scheduled = marks.filter(({ reason }) => reason === "scheduled");
  const best = settings.keepBest ? bestOf(scheduled) : null;
  return scheduled
    .slice(0, -settings.keepLast)
    .filter((mark) => mark !== best)
    .map(({ step }) => step);
}

/** The one whose losses were nearest to equilibrium: neither network had won. */
function bestOf(marks: readonly CheckpointMark[]): CheckpointMark | null {
  const known = marks.filter(({ imbalance }) => imbalance !== null);
  return known.reduce<CheckpointMark | null>(
    (best, mark) =>
      best && (best.imbalance ?? 0) <= (mark.imbalance ?? 0) ? best : mark,
    null,
  );
}

async function readMarkOf(path: string): Promise<CheckpointMark | null> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const first = new Uint8Array(8);
    await file.read(first, 0, 8, 0);
    const header = new Uint8Array(
      Math.min(size, safetensorsHeaderBytes(first)),
    );
    await file.read(header, 0, header.length, 0);
    return readMark(decodeSafetensorsMetadata(header, basename(path)));
  } catch (error) {
    if (error instanceof RunError) return null;
    throw error;
  } finally {
    await file.close();
  }
}
