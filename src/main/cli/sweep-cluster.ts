/** A sweep on other machines: its runs are given to Slurm, or written down as a Job for Kubernetes. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { stringify } from "yaml";
import { errorMessage } from "../../shared/errors";
import type { SweepManifest } from "../../shared/sweeps/manifest";
import type { Application } from "../host/app";
import type { SlurmOptions } from "../sweep/cluster/batch-script";
import { kubernetesJob } from "../sweep/cluster/kubernetes";
import { asUsage, CommandFailure } from "./failure";
import { parseCount, parseText } from "./options";
import { printJson, printLine } from "./terminal";
import type { Terminal } from "./terminal";

const runners = ["here", "slurm", "kubernetes"] as const;
type Runner = (typeof runners)[number];

export interface RunnerOptions {
  runner?: Runner;
  parallel?: number;
  partition?: string;
  time?: string;
  setUp?: string;
  sbatch: string[];
  image?: string;
  claim?: string;
  mount: string;
  namespace?: string;
  cpu: string;
  memory: string;
  gpus: number;
}

export function addRunnerOptions(command: Command, byDefault: string): Command {
  return command
    .addOption(
      new Option(
        "--runner <where>",
        `where to train (default: ${byDefault})`,
      ).choices(runners),
    )
    .option(
      "--parallel <n>",
      "Slurm, Kubernetes: at most so many runs at once",
      parseCount,
    )
    .option("--partition <name>", "Slurm: the partition", parseWord)
    .option(
      "--time <limit>",
      "Slurm: the time limit of a task, such as 2:00:00; a longer run continues in another",
      parseWord,
    )
    .option(
      "--set-up <file>",
      "Slurm: shell lines that come before the training, such as `module load nodejs`",
      parseText,
    )
    .option(
      "--sbatch <option>",
      "Slurm: a further option of sbatch, such as --sbatch=--gres=gpu:1; repeatable",
      (text: string, before: string[]) => [...before, parseLine(text)],
      [],
    )
    .option(
      "--image <image>",
      "Kubernetes: an image that has gan-workbench",
      parseWord,
    )
    .option(
      "--claim <name>",
      "Kubernetes: the volume claim that holds the library",
      parseWord,
    )
    .option(
      "--mount <path>",
      "Kubernetes: where the library lies in the container",
      parsePath,
      "/library",
    )
    .option("--namespace <name>", "Kubernetes: the namespace", parseWord)
    .option("--cpu <cores>", "Kubernetes: cores for each run", parseWord, "2")
    .option(
      "--memory <size>",
      "Kubernetes: memory for each run",
      parseWord,
      "4Gi",
    )
    .addOption(
      new Option("--gpus <n>", "Kubernetes: NVIDIA's GPUs for each run")
        .argParser(parseCount)
        .default(0),
    );
}

/** Submits what has no result yet. */
export async function giveToSlurm(
  application: Application,
  { id }: SweepManifest,
  options: RunnerOptions & { json?: boolean },
  terminal: Terminal,
): Promise<void> {
  const asked = await slurmOptions(options);
  const jobs = await asUsage(() =>
    application.sweeps.submit(id, ownCommand(), asked),
  );
  if (options.json)
    return printJson(terminal, { type: "submitted", sweep: id, jobs });
  const runs = jobs.reduce((sum, { indices }) => sum + indices.length, 0);
  printLine(
    terminal,
    runs === 0
      ? `Sweep ${id}: nothing is missing.`
      : `Sweep ${id}: ${runs} ${runs === 1 ? "run" : "runs"} submitted as Slurm job ${jobs.map((job) => job.id).join(", ")}; \`gan-workbench sweep status ${id}\` follows them.`,
  );
}

/** What `--runner slurm --dry-run` prints: nothing is made or submitted. */
export async function printScripts(
  application: Application,
  sweep: { id: string; count: number },
  options: RunnerOptions,
  terminal: Terminal,
): Promise<void> {
  const indices = Array.from({ length: sweep.count }, (_, index) => index);
  const scripts = await application.sweeps.scripts(
    { id: sweep.id, indices },
    ownCommand(),
    await slurmOptions(options),
  );
  for (const script of scripts) printLine(terminal, script.trimEnd());
}

/** The Job as YAML, and where it was written; the user's own kubectl applies it. */
export async function writeForKubernetes(
  application: Application,
  { entries, id }: SweepManifest,
  options: RunnerOptions & { json?: boolean },
  terminal: Terminal,
): Promise<void> {
  const path = await application.sweeps.keepBeside(
    id,
    "kubernetes.yaml",
    kubernetesText({ id, count: entries.length }, options),
  );
  if (options.json) printJson(terminal, { type: "written", sweep: id, path });
  else printLine(terminal, `Sweep ${id}: kubectl apply -f ${path}`);
}

/** Throws a CommandFailure where the image or the claim is missing. */
export function kubernetesText(
  { count, id }: { id: string; count: number },
  { image, claim, mount, namespace, parallel, ...rest }: RunnerOptions,
): string {
  if (image === undefined || claim === undefined)
    throw new CommandFailure(
      "--runner kubernetes needs --image, which has gan-workbench, and --claim, the volume claim that holds the library.",
      2,
    );
  return stringify(
    kubernetesJob(id, count, {
      image,
      claim,
      library: mount,
      namespace: namespace ?? null,
      parallel: parallel ?? count,
      cpu: rest.cpu,
      memory: rest.memory,
      gpus: rest.gpus,
    }),
  );
}

/** This program as a node of the cluster finds it, and what it needs to know. */
function ownCommand(): {
  command: string[];
  environment: Record<string, string>;
} {
  const home = process.env.GAN_WORKBENCH_HOME;
  return {
    command: [process.execPath, resolve(process.argv[1])],
    environment:
      home === undefined ? {} : { GAN_WORKBENCH_HOME: resolve(home) },
  };
}

async function slurmOptions(options: RunnerOptions): Promise<SlurmOptions> {
  const { parallel, partition, sbatch, setUp, time } = options;
  return {
    partition: partition ?? null,
    parallel: parallel ?? null,
    time: time ?? null,
    setUp: setUp === undefined ? null : await readSetUp(setUp),
    more: sbatch,
  };
}

async function readSetUp(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new CommandFailure(
      `The lines of --set-up cannot be read: ${errorMessage(error)}.`,
      2,
    );
  }
}

function parseWord(text: string): string {
  if (!/^[\w.:/@,+-]+$/.test(text))
    throw new InvalidArgumentError(
      "It must be one word of letters, digits and . : / @ , + - _.",
    );
  return text;
}

function parsePath(text: string): string {
  if (!/^\/[\w./-]*$/.test(text))
    throw new InvalidArgumentError(
      "It must be a whole path of letters, digits and . _ - /.",
    );
  return text;
}

/** It becomes a line of the script. */
function parseLine(text: string): string {
  if (!text.startsWith("-") || /\p{Cc}/u.test(text))
    throw new InvalidArgumentError(
      "It must be an option of sbatch that begins with -, on one line.",
    );
  return text;
}
