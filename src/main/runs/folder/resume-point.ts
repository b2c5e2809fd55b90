/**
 * Where a run goes on. Its newest checkpoint is the only place at which nothing that was trained and saved is lost, so
 * where that one is damaged or missing nobody takes an older one without being told to.
 */
import { basename } from "node:path";
import { hasBeginning } from "../../../shared/run";
import type { RunRecord } from "../../../shared/run";
import type { CheckpointNote } from "../../../shared/contract/runs";
import { CheckpointError } from "../checkpoints/checkpoint-error";
import type { SavedCheckpoint } from "../checkpoints/checkpoint-file";
import { refuseMisfit } from "../checkpoints/checkpoint-file";
import {
  checkpointProblem,
  checkpointSteps,
  missing,
  readCheckpoint,
} from "../checkpoints/checkpoints";
import { RunError } from "../run-error";
import { checkpointFile } from "./layout";

/** A step (0 begins anew), the newest checkpoint, or the newest that can be read. */
export type ResumeAt = number | "newest" | "readable";

export interface ResumePoint {
  /** Null: at step 0. */
  checkpoint: SavedCheckpoint | null;
  /** What is wrong with each newer one. */
  passedOver: string[];
}

/** Rejects with a RunError that names what is wrong and what is still there. Changes nothing. */
export async function findResumePoint(
  folder: string,
  record: RunRecord,
  at: ResumeAt,
): Promise<ResumePoint> {
  if (typeof at === "number")
    return { checkpoint: await chosen(folder, record, at), passedOver: [] };
  const newest = newestStep(folder, record);
  const steps = at === "readable" ? stepsWith(folder, newest) : [newest];
  const passedOver: string[] = [];
  for (const step of steps) {
    try {
      return { checkpoint: await read(folder, record, step), passedOver };
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      passedOver.push(error.problem);
    }
  }
  const left = await stillThere(folder, record);
  if (at === "readable" && left.length > 0)
    return { checkpoint: null, passedOver };
  throw new RunError(refusal(passedOver[0], left));
}

/** Every checkpoint there is or should be, ascending, and what is wrong with it. */
export async function noteCheckpoints(
  folder: string,
  record: RunRecord,
): Promise<CheckpointNote[]> {
  const steps = stepsWith(folder, newestStep(folder, record)).reverse();
  const notes: CheckpointNote[] = [];
  for (const step of steps)
    if (step > 0 || checkpointSteps(folder).includes(0))
      notes.push({
        step,
        problem: await checkpointProblem(folder, step, record.settings),
      });
  return notes;
}

/** Newest first, with the one that should be there. */
function stepsWith(folder: string, newest: number): number[] {
  const steps = checkpointSteps(folder);
  if (!steps.includes(newest)) steps.push(newest);
  return steps.reverse();
}

/** The step of the checkpoint that a run must have, whether it is there or not; 0 where none was ever made. */
function newestStep(folder: string, { progress, state }: RunRecord): number {
  const last = checkpointSteps(folder).at(-1) ?? 0;
  if (progress.saved !== undefined) return Math.max(last, progress.saved ?? 0);
  // A record of an earlier version: who ended properly had saved.
  const saved = state === "finished" || state === "stopped" || last === 0;
  return saved ? Math.max(last, progress.step) : last;
}

async function chosen(
  folder: string,
  record: RunRecord,
  step: number,
): Promise<SavedCheckpoint | null> {
  try {
    return await read(folder, record, step);
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    throw new RunError(
      refusal(error.problem, await stillThere(folder, record)),
    );
  }
}

/** Step 0 needs no file, but most forks never were there. */
async function read(
  folder: string,
  record: RunRecord,
  step: number,
): Promise<SavedCheckpoint | null> {
  const { settings } = record;
  const isThere = checkpointSteps(folder).includes(step);
  if (step === 0 && !isThere && hasBeginning(record)) return null;
  const path = checkpointFile(folder, step);
  if (!isThere && step === newestStep(folder, record))
    throw new CheckpointError(missing(path));
  const saved = await readCheckpoint(folder, step);
  if (saved.settings === null)
    refuseMisfit(settings, saved.state, basename(path));
  return saved;
}

/** The steps at which it could go on, newest first. */
async function stillThere(
  folder: string,
  record: RunRecord,
): Promise<number[]> {
  const steps: number[] = [];
  for (const step of checkpointSteps(folder).reverse())
    if ((await checkpointProblem(folder, step, record.settings)) === null)
      steps.push(step);
  return steps.includes(0) || !hasBeginning(record) ? steps : [...steps, 0];
}

function refusal(problem: string, left: readonly number[]): string {
  if (left.length === 0)
    return `${problem}, and the run has no other checkpoint to resume from; fork its parent again.`;
  const last = left.at(-1);
  const choice = left.length === 1 ? "" : `${left.slice(0, -1).join(", ")} or `;
  return `${problem}; say where to resume instead (--at): at step ${choice}${last}, and what was trained after that is set aside.`;
}
