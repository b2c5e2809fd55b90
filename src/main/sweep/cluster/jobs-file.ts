/** `slurm.json` beside a sweep's manifest: which of Slurm's jobs train which of its runs. */
import { join } from "node:path";
import { z } from "zod";
import { errorCode } from "../../../shared/errors";
import { writeAtomically } from "../../disk/atomic";
import type { FileLayer } from "../../disk/file-layer";
import { RunError } from "../../runs/run-error";
import { readPlainText } from "../../disk/plain-file";

const jobSchema = z.object({
  /** Slurm's number of the array. */
  id: z.string().regex(/^\d{1,12}$/),
  /** The index in the sweep of each task, by the task's number. */
  indices: z.array(z.int().nonnegative()).max(10_000),
  /** ISO 8601. */
  submittedAt: z.string().max(40),
});
export type ClusterJob = z.infer<typeof jobSchema>;

const jobsSchema = z.object({
  version: z.literal(1),
  /** Oldest first: a later job took over the runs that it names. */
  jobs: z.array(jobSchema).max(10_000),
});

/** Empty where nothing was given to Slurm. Throws a RunError where it is damaged. */
export function readJobs(folder: string): ClusterJob[] {
  const path = join(folder, "slurm.json");
  try {
    return jobsSchema.parse(JSON.parse(readPlainText(path))).jobs;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw new RunError(
      `${path} is damaged, so Slurm's jobs of this sweep are not known; delete it, and \`squeue --me\` shows what still runs.`,
      { cause: error },
    );
  }
}

export async function addJob(
  files: FileLayer,
  folder: string,
  job: ClusterJob,
): Promise<void> {
  const jobs = [...readJobs(folder), job];
  const text = JSON.stringify({ version: 1, jobs }, null, 1) + "\n";
  await writeAtomically(files, join(folder, "slurm.json"), text);
}
