/**
 * What `sbatch` is given: an array whose tasks each train one run of a sweep. A task is warned before its time is up, has
 * its training save, and is put back in Slurm's queue; so is one that has to make room for another job.
 * https://slurm.schedmd.com/sbatch.html: --array, --signal, --requeue, --open-mode.
 */
import { shellWord } from "./shell-word";

export interface SlurmOptions {
  partition: string | null;
  /** At most so many tasks at once; null leaves it to Slurm. */
  parallel: number | null;
  /** `2:00:00`, for each run; a longer one goes on in its next task. */
  time: string | null;
  /** Shell lines that come before the training, such as `module load nodejs`. */
  setUp: string | null;
  /** Further options of `sbatch`, as they are. */
  more: readonly string[];
}

export interface BatchJob {
  sweep: string;
  library: string;
  /** Where each task writes what it says: `slurm-JOB_TASK.log`. */
  logs: string;
  /** The indices of the runs, by the task's number. */
  indices: readonly number[];
  /** The program and its first words, as a node finds them. */
  command: readonly string[];
  /** Set for the training, beside what Slurm passes on. */
  environment: Readonly<Record<string, string>>;
}

/** Seconds before the end of its time at which a task is told; enough to save any network that fits a node. */
const warning = 90;

export function batchScript(job: BatchJob, options: SlurmOptions): string {
  const { indices, logs, sweep } = job;
  const parallel = options.parallel === null ? "" : `%${options.parallel}`;
  const directives = [
    `--job-name=gan-${sweep}`,
    `--array=0-${indices.length - 1}${parallel}`,
    `--output=${logs}/slurm-%A_%a.log`,
    "--open-mode=append",
    "--requeue",
    `--signal=B:USR1@${warning}`,
    ...(options.partition === null ? [] : [`--partition=${options.partition}`]),
    ...(options.time === null ? [] : [`--time=${options.time}`]),
    ...options.more,
  ];
  return [
    "#!/bin/bash",
    ...directives.map((directive) => `#SBATCH ${quoted(directive)}`),
    "",
    `# Each task trains one run of the sweep ${sweep}.`,
    `indices=(${indices.join(" ")})`,
    "index=${indices[$SLURM_ARRAY_TASK_ID]}",
    ...Object.entries(job.environment).map(
      ([name, value]) => `export ${name}=${shellWord(value)}`,
    ),
    ...(options.setUp === null ? [] : ["", options.setUp.trimEnd()]),
    "",
    training(job),
  ].join("\n");
}

/**
 * A signal reaches this shell, which passes it on and waits for the training to save. `wait` ends at a signal too: then it
 * waits again, for the exit code. Only who ran out of time (USR1) puts itself back: who is cancelled (TERM) is to end, and
 * who makes room for another is put back by Slurm.
 */
function training({ command, library, sweep }: BatchJob): string {
  const words = [...command, "sweep", "run", sweep].map(shellWord).join(" ");
  return `signals=0
timeIsUp=
training=
pass_on() { signals=$((signals + 1)); [ -z "$training" ] || kill -TERM "$training" 2>/dev/null; }
trap 'timeIsUp=yes; pass_on' USR1
trap pass_on TERM
${words} "$index" --library ${shellWord(library)} --json &
training=$!
while seen=$signals; wait "$training"; code=$?; [ "$signals" != "$seen" ]; do :; done

# 75: saved before its end.
if [ "$code" = 75 ] && [ -n "$timeIsUp" ]; then
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
fi
exit "$code"
`;
}

/** A value with blanks stands in quotes in a line that `sbatch` reads. */
function quoted(directive: string): string {
  return /[\s"]/.test(directive)
    ? `"${directive.replaceAll('"', '\\"')}"`
    : directive;
}
