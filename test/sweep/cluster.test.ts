/** What clusters are given: the script runs in a real shell, and Kubernetes' own schema reads the Job. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Job } from "kubernetes-models/batch/v1";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { kubernetesText } from "../../src/main/cli/sweep-cluster";
import { batchScript } from "../../src/main/sweep/cluster/batch-script";
import type { SlurmOptions } from "../../src/main/sweep/cluster/batch-script";

const plain: SlurmOptions = {
  partition: null,
  parallel: null,
  time: null,
  setUp: null,
  more: [],
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "it's a library "));
});
afterEach(() => rm(folder, { recursive: true }));

/** Stands in for the training: says what it was told, and how it ends is its second word. */
const training = `
  const [code, ...told] = process.argv.slice(2);
  process.on("SIGTERM", () => setTimeout(() => process.exit(75), 200));
  console.log(JSON.stringify(told));
  setTimeout(() => process.exit(Number(code)), 10000);
  if (code !== "75") setTimeout(() => process.exit(Number(code)), 50);
`;

async function runTask(code: number, signal: NodeJS.Signals | null) {
  const program = join(folder, "train.cjs");
  await writeFile(program, training);
  const script = join(folder, "job.sh");
  const job = {
    sweep: "s",
    library: folder,
    logs: folder,
    indices: [4, 9],
    command: [process.execPath, program, String(code)],
    environment: { GAN_WORKBENCH_HOME: folder },
  };
  const requeue = `scontrol() { echo "$*" >'${join(folder, "asked").replaceAll("'", `'\\''`)}'; }`;
  await writeFile(script, batchScript(job, { ...plain, setUp: requeue }));
  const shell = spawn("bash", [script], {
    env: {
      ...process.env,
      SLURM_ARRAY_TASK_ID: "1",
      SLURM_ARRAY_JOB_ID: "12",
    },
  });
  let out = "";
  shell.stdout.on("data", (text: Buffer) => {
    out += text.toString();
    if (signal) shell.kill(signal);
  });
  const ended = await new Promise((resolve) => shell.on("exit", resolve));
  const asked = await readFile(join(folder, "asked"), "utf8").catch(() => "");
  return { ended, asked, told: JSON.parse(out) as string[] };
}

describe("the script of a Slurm array", () => {
  it("trains its run, and ends as that ended", async () => {
    const told = ["sweep", "run", "s", "9", "--library", folder, "--json"];
    expect(await runTask(3, null)).toEqual({ ended: 3, asked: "", told });
  });

  it("has its run saved when its time is up, and puts itself back in the queue", async () => {
    expect(await runTask(75, "SIGUSR1")).toMatchObject({
      ended: 75,
      asked: "requeue 12_1\n",
    });
  });

  it("has its run saved when it is cancelled, and does not come back", async () => {
    expect(await runTask(75, "SIGTERM")).toMatchObject({
      ended: 75,
      asked: "",
    });
  });

  it("has the options that were asked for", () => {
    const job = {
      sweep: "s",
      library: "/l",
      logs: "/l/sweeps/s",
      indices: [0, 1, 2],
      command: ["gan-workbench"],
      environment: {},
    };
    const script = batchScript(job, {
      partition: "main",
      parallel: 2,
      time: "1:00:00",
      setUp: "module load nodejs\n",
      more: ["--comment=two words"],
    });
    expect(script.split("\n").slice(0, 14)).toEqual([
      "#!/bin/bash",
      "#SBATCH --job-name=gan-s",
      "#SBATCH --array=0-2%2",
      "#SBATCH --output=/l/sweeps/s/slurm-%A_%a.log",
      "#SBATCH --open-mode=append",
      "#SBATCH --requeue",
      "#SBATCH --signal=B:USR1@90",
      "#SBATCH --partition=main",
      "#SBATCH --time=1:00:00",
      '#SBATCH "--comment=two words"',
      "",
      "# Each task trains one run of the sweep s.",
      "indices=(0 1 2)",
      "index=${indices[$SLURM_ARRAY_TASK_ID]}",
    ]);
  });
});

describe("the Job of Kubernetes", () => {
  const options = {
    sbatch: [],
    mount: "/library",
    cpu: "2",
    memory: "4Gi",
    gpus: 1,
    image: "registry.example/gan:1",
    claim: "gan-library",
    parallel: 3,
  };

  it("is a Job by the API's own schema, with what a sweep needs", () => {
    const text = kubernetesText({ id: "My_Sweep.1", count: 8 }, options);
    const job = new Job(parse(text) as ConstructorParameters<typeof Job>[0]);
    job.validate();
    expect(job).toMatchObject({
      metadata: { name: "gan-my-sweep-1" },
      spec: {
        completionMode: "Indexed",
        completions: 8,
        parallelism: 3,
        maxFailedIndexes: 8,
        podFailurePolicy: {
          rules: [
            { action: "Ignore" },
            { action: "FailIndex", onExitCodes: { values: [2, 3] } },
          ],
        },
      },
    });
    expect(job.spec?.template.spec?.containers[0].command?.[2]).toBe(
      'exec gan-workbench sweep run My_Sweep.1 "$JOB_COMPLETION_INDEX" --library /library --json',
    );
  });

  it("that the schema does not know is refused by it", () => {
    const text = kubernetesText({ id: "s", count: 8 }, options);
    const wrong = text.replace("completions: 8", "completions: many");
    const job = new Job(parse(wrong) as ConstructorParameters<typeof Job>[0]);
    expect(() => {
      job.validate();
    }).toThrow("completions");
  });

  it("needs an image and a claim", () => {
    expect(() =>
      kubernetesText({ id: "s", count: 8 }, { ...options, claim: undefined }),
    ).toThrow("--claim");
  });
});
