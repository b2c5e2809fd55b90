/**
 * Slurm as a sweep needs it: an array is submitted, its tasks are asked for, and it is cancelled. Slurm's own commands do
 * it, on a machine that has them; what became of the runs stands in the library, whatever Slurm says.
 */
import { execFile } from "node:child_process";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { errorCode } from "../../../shared/errors";
import type { EntryTask } from "../../../shared/sweeps/status";
import { writeAtomically } from "../../disk/atomic";
import type { FileLayer } from "../../disk/file-layer";
import { RunError } from "../../runs/run-error";
import { batchScript } from "./batch-script";
import type { BatchJob, SlurmOptions } from "./batch-script";
import { addJob, readJobs } from "./jobs-file";
import type { ClusterJob } from "./jobs-file";

const run = promisify(execFile);
const patience = { timeout: 60_000, maxBuffer: 64e6 };

/** Slurm's own default of MaxArraySize: the number of a task must be less. */
const usualArraySize = 1001;

/** Everything about a batch but its part of the indices. */
export type Batch = Omit<BatchJob, "indices">;

export class Slurm {
  constructor(private readonly files: FileLayer) {}

  /** The scripts that would be submitted for these indices: one for each MaxArraySize of them. */
  async scripts(
    batch: Batch,
    indices: readonly number[],
    options: SlurmOptions,
  ): Promise<string[]> {
    const parts = inParts(indices, await mostTasks());
    return parts.map((part) =>
      batchScript({ ...batch, indices: part }, options),
    );
  }

  /**
   * Gives the jobs. Rejects with a RunError of one sentence where Slurm refuses one; those before it are submitted then,
   * and known.
   */
  async submit(
    batch: Batch,
    indices: readonly number[],
    options: SlurmOptions,
  ): Promise<ClusterJob[]> {
    const parts = inParts(indices, await mostTasks());
    const submitted: ClusterJob[] = [];
    for (const part of parts) {
      const script = batchScript({ ...batch, indices: part }, options);
      const number = readJobs(batch.logs).length + 1;
      const path = join(batch.logs, `slurm-${number}.sh`);
      await writeAtomically(this.files, path, script);
      await chmod(path, 0o755);
      const id = await submitScript(path).catch((error: unknown) => {
        throw refused(error, submitted, indices.length);
      });
      const submittedAt = new Date().toISOString();
      const job = { id, indices: [...part], submittedAt };
      await addJob(this.files, batch.logs, job);
      submitted.push(job);
    }
    return submitted;
  }

  /** By index; null where nothing was given to Slurm, or it cannot be asked from here. */
  async tasks(folder: string): Promise<ReadonlyMap<number, EntryTask> | null> {
    const jobs = readJobs(folder);
    if (jobs.length === 0) return null;
    const lines = await squeue(jobs.map(({ id }) => id));
    if (lines === null) return null;
    const found = new Map(lines.map((task) => [task.id, task]));
    const byIndex = new Map<number, EntryTask>();
    for (const { id, indices } of jobs)
      indices.forEach((index, task) => {
        const name = `${id}_${task}`;
        // Slurm forgets what has ended after some minutes.
        const known = found.get(name) ?? {
          id: name,
          state: null,
          reason: null,
        };
        byIndex.set(index, known);
      });
    return byIndex;
  }

  /** Ends what waits and what runs; a run that trains is saved first. */
  async cancel(folder: string): Promise<void> {
    const ids = readJobs(folder).map(({ id }) => id);
    if (ids.length === 0) return;
    await run("scancel", ["--quiet", ...ids], patience).catch(
      (error: unknown) => {
        throw new RunError(
          `The jobs of this sweep could not be cancelled: ${sentence(error, "scancel")}`,
          { cause: error },
        );
      },
    );
  }
}

async function submitScript(path: string): Promise<string> {
  const { stdout } = await run("sbatch", ["--parsable", path], patience);
  // With several clusters `123;name`.
  return stdout.trim().split(";")[0];
}

/** MaxArraySize bounds the numbers of tasks, and so how many an array has. */
async function mostTasks(): Promise<number> {
  const { stdout } = await run("scontrol", ["show", "config"], patience).catch(
    () => ({ stdout: "" }),
  );
  const size = Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(stdout)?.[1]);
  return Math.max(1, (size || usualArraySize) - 1);
}

function inParts(indices: readonly number[], size: number): number[][] {
  const parts: number[][] = [];
  for (let start = 0; start < indices.length; start += size)
    parts.push(indices.slice(start, start + size));
  return parts;
}

/** Tasks by number and state, those that ended a moment ago too; null where Slurm cannot be asked. */
async function squeue(ids: readonly string[]): Promise<EntryTask[] | null> {
  const words = [
    ...["--noheader", "--array", "--states=all"],
    ...["--format=%F_%K|%T|%r", `--jobs=${ids.join(",")}`],
  ];
  try {
    const { stdout } = await run("squeue", words, patience);
    return stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => {
        const [id, state, reason] = line.trim().split("|");
        return { id, state, reason: reason === "None" ? null : reason };
      });
  } catch (error) {
    // It says so of a job that it has forgotten, where that is the only one.
    return String((error as { stderr?: string }).stderr).includes(
      "Invalid job id",
    )
      ? []
      : null;
  }
}

function refused(
  error: unknown,
  submitted: readonly ClusterJob[],
  count: number,
): RunError {
  const done = submitted.reduce((sum, { indices }) => sum + indices.length, 0);
  const before =
    done === 0
      ? "Nothing was submitted"
      : `${done} of ${count} runs were submitted`;
  return new RunError(`${before}: ${sentence(error, "sbatch")}`, {
    cause: error,
  });
}

/** Why one of Slurm's commands failed. */
function sentence(error: unknown, command: string): string {
  if (errorCode(error) === "ENOENT")
    return `there is no ${command} on this machine; call this on a machine of the cluster, such as its login node.`;
  const { killed, stderr } = error as { killed?: boolean; stderr?: string };
  if (killed) return `${command} gave no answer within a minute; try again.`;
  const lines = (stderr ?? "").split("\n").filter(Boolean);
  const said = (lines.at(-1) ?? String(error))
    .replace(/^\w+: (error: )?/, "")
    .replace(/^Batch job submission failed: /, "");
  return `Slurm says: ${said.replace(/\.?$/, ".")}`;
}
