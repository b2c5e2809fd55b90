/**
 * Takes checkpoints and grids out of runs by a rule. What is taken lies in `<library>/pruned/<token>/<run>/` as it lay in
 * the run, so that it goes back by the same renames, until the trash is emptied.
 */
import { randomBytes } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { PruneRule } from "../../../shared/contract/room";
import { spreadEvenly } from "../../../shared/curves/timeline";
import type { FileLayer } from "../../disk/file-layer";
import { filesIn } from "../../disk/folder-size";
import { checkpointSteps, stepsIn } from "../checkpoints/checkpoints";
import { RunError } from "../run-error";
import {
  checkpointFile,
  prunedFolder,
  runFolder,
  sampleFile,
  samplesFolder,
} from "./layout";

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
  for (const { id, files } of runs) {
    const folder = runFolder(library, id);
    const target = join(prunedFolder(library), token, id);
    for (const path of files)
      await move(disk, path, join(target, relative(folder, path)));
  }
  return token;
}

/** Gives the runs that have their files again. What has come in their place meanwhile stays. */
export async function restorePruned(
  disk: FileLayer,
  library: string,
  token: string,
): Promise<string[]> {
  const from = join(prunedFolder(library), token);
  if (!existsSync(from))
    throw new RunError("These files are not in the trash any more.");
  const ids = new Set<string>();
  for (const path of filesIn(from)) {
    const [id, ...rest] = relative(from, path).split(/[\\/]/);
    const target = join(runFolder(library, id), ...rest);
    if (!existsSync(runFolder(library, id)) || existsSync(target)) continue;
    await move(disk, path, target);
    ids.add(id);
  }
  return [...ids];
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
