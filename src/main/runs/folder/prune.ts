/**
 * Takes checkpoints and grids out of runs by a rule. What is taken lies in `<library>/pruned/<token>/<run>/` as it lay in
 * the run, so that it goes back by the same renames, until the trash is emptied. `prune.json` beside it says what is to
 * be taken before the first file is, so that a pruning which a crash cut off is finished, and can be undone, later.
 */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { z } from "zod";
import type { PrunedSet, PruneRule } from "../../../shared/contract/room";
import { spreadEvenly } from "../../../shared/curves/timeline";
import { runIdSchema } from "../../../shared/run";
import { writeAtomically } from "../../disk/atomic";
import type { FileLayer } from "../../disk/file-layer";
import { filesIn } from "../../disk/folder-size";
import { namesIn } from "../../disk/names-in";
import { checkpointSteps, stepsIn } from "../checkpoints/checkpoints";
import { RunError } from "../run-error";
import {
  checkpointFile,
  prunedFolder,
  runFolder,
  sampleFile,
  samplesFolder,
} from "./layout";
import { trainerOf } from "./trainer";

/** The files of a run that a rule takes, and their bytes. */
export function prunable(
  folder: string,
  rule: PruneRule,
): { files: string[]; bytes: number } {
  const files = [
    ...taken(checkpointSteps(folder), newest(rule.checkpoints)).map((step) =>
      checkpointFile(folder, step),
    ),
    ...(["last", "average"] as const).flatMap((weights) =>
      taken(
        stepsIn(samplesFolder(folder, weights), "png"),
        spread(rule.grids),
      ).map((step) => sampleFile(folder, step, weights)),
    ),
  ];
  const sizes = files.map((path) => statSync(path).size);
  return { files, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Gives the token that puts them back. */
export async function prune(
  disk: FileLayer,
  library: string,
  runs: readonly { id: string; files: readonly string[] }[],
): Promise<string> {
  const token = randomBytes(8).toString("hex");
  const note: PruneNote = {
    version: 1,
    at: new Date().toISOString(),
    taken: runs.map(({ id, files }) => ({
      id,
      files: files.map((path) => relative(runFolder(library, id), path)),
    })),
    done: false,
  };
  await disk.makeFolder(takenFolder(library, token));
  await writeNote(disk, library, token, note);
  await take(disk, library, token, note);
  return token;
}

/** Finishes what a crash cut off. Runs that are trained now stay as they are. */
export async function finishPrunes(
  disk: FileLayer,
  library: string,
): Promise<void> {
  for (const token of await namesIn(prunedFolder(library))) {
    const note = readNote(library, token);
    if (note && !note.done) await take(disk, library, token, note);
  }
}

/** What can be put back, newest first. */
export async function prunedSets(library: string): Promise<PrunedSet[]> {
  const sets: PrunedSet[] = [];
  for (const token of await namesIn(prunedFolder(library))) {
    const note = readNote(library, token);
    if (!note) continue;
    const files = [...prunedFiles(library, token)];
    if (files.length === 0) continue;
    const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0);
    const runs = note.taken.map(({ id }) => id);
    sets.push({ token, at: note.at, runs, files: files.length, bytes });
  }
  return sets.sort((a, b) => (a.at < b.at ? 1 : -1));
}

/** Gives the runs that have their files again. What has come in their place meanwhile stays. */
export async function restorePruned(
  disk: FileLayer,
  library: string,
  token: string,
): Promise<string[]> {
  const from = takenFolder(library, token);
  if (!existsSync(from))
    throw new RunError("These files are not in the trash any more.");
  const ids = new Set<string>();
  for (const path of prunedFiles(library, token)) {
    const [id, ...rest] = relative(from, path).split(/[\\/]/);
    const target = join(runFolder(library, id), ...rest);
    if (!existsSync(runFolder(library, id)) || existsSync(target)) continue;
    await move(disk, path, target);
    ids.add(id);
  }
  if (prunedFiles(library, token).next().done) await disk.remove(from);
  return [...ids];
}

async function take(
  disk: FileLayer,
  library: string,
  token: string,
  note: PruneNote,
): Promise<void> {
  for (const { id, files } of note.taken) {
    const folder = runFolder(library, id);
    if (!existsSync(folder) || (await trainerOf(folder))) continue;
    for (const file of files) {
      const from = join(folder, file);
      const to = join(takenFolder(library, token), id, file);
      if (existsSync(from) && !existsSync(to)) await move(disk, from, to);
    }
  }
  await writeNote(disk, library, token, { ...note, done: true });
}

const takenPath =
  /^(checkpoints|samples|samples-average)[\\/]step-\d+\.[a-z]+$/;
const noteSchema = z.object({
  version: z.literal(1),
  at: z.string(),
  /** Paths in the run's folder. */
  taken: z.array(
    z.object({ id: runIdSchema, files: z.array(z.string().regex(takenPath)) }),
  ),
  /** Whether all of it was taken; what is put back afterwards stays there. */
  done: z.boolean(),
});
type PruneNote = z.infer<typeof noteSchema>;

const takenFolder = (library: string, token: string) =>
  join(prunedFolder(library), token);
const noteFile = (library: string, token: string) =>
  join(takenFolder(library, token), "prune.json");

/** Null where there is none, or none that can be read: its files lie there until the trash is emptied. */
function readNote(library: string, token: string): PruneNote | null {
  try {
    const text = readFileSync(noteFile(library, token), "utf8");
    return noteSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function writeNote(
  disk: FileLayer,
  library: string,
  token: string,
  note: PruneNote,
): Promise<void> {
  const text = JSON.stringify(note) + "\n";
  return writeAtomically(disk, noteFile(library, token), text);
}

function* prunedFiles(library: string, token: string): Generator<string> {
  const folder = takenFolder(library, token);
  for (const path of filesIn(folder)) if (dirname(path) !== folder) yield path;
}

async function move(disk: FileLayer, from: string, to: string): Promise<void> {
  await disk.makeFolder(dirname(to));
  await disk.rename(from, to);
  await disk.syncFolder(dirname(to));
  await disk.syncFolder(dirname(from));
}

type Keep = (steps: readonly number[]) => readonly number[];

function newest(count: number | null): Keep {
  return (steps) => (count === null ? steps : steps.slice(-count));
}

function spread(count: number | null): Keep {
  return (steps) => (count === null ? steps : spreadEvenly(steps, count));
}

/** The last is what a run goes on from, or is judged by. */
function taken(steps: readonly number[], keep: Keep): number[] {
  const kept = new Set([...keep(steps), ...steps.slice(-1)]);
  return steps.filter((step) => !kept.has(step));
}
