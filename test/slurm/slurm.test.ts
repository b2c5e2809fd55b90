/**
 * A sweep of four on a real Slurm cluster of this machine, through a shared library: one run is killed, one stopped, and
 * what is missing is run again. With `npm run test:slurm -- --requeue` a task that is told that its time is up, too.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isActive } from "../../src/shared/run";
import type { RunState } from "../../src/shared/run";
import type { EntryStatus, SweepStatus } from "../../src/shared/sweeps/status";
import {
  launchBrowser,
  openPage,
  serve,
} from "../../bench/window/browser-mode";
import { notBuilt } from "../cli/command-line";
import { Cluster, whyNot } from "./cluster";

const run = promisify(execFile);
const program = resolve(import.meta.dirname, "../../bin/gan-workbench.mjs");
const reason = whyNot() ?? (notBuilt ? "npm run build comes first" : null);

let cluster: Cluster;
let home: string;

describe.skipIf(reason !== null)(
  `on Slurm${reason === null ? "" : ` (skipped: ${reason})`}`,
  () => {
    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), "sweep-on-slurm-"));
      cluster = await Cluster.start();
    }, 60_000);
    afterAll(async () => {
      await cluster.stop();
      await rm(home, { recursive: true, force: true });
    }, 60_000);

    it("trains a sweep, and makes up what was killed and stopped", async () => {
      const dry = await sweep("start", ...four("s"), "--dry-run");
      expect(dry).toContain("#SBATCH --array=0-3%2");
      expect(dry).toContain("#SBATCH --signal=B:USR1@90");
      await sweep("start", ...four("s"));

      const [first, second] = await until(async () => {
        const { entries } = await status("s");
        const training = entries.filter(({ state }) => state === "training");
        return training.length === 2 ? training : null;
      });
      expect(first.task).toMatchObject({ state: "RUNNING" });
      expect((await status("s")).counts).toEqual({ training: 2, waiting: 2 });
      // Nothing is missing while Slurm has it.
      expect(await sweep("rerun", "s")).toContain("nothing is missing");
      await kill(first, "SIGKILL");
      await kill(second, "SIGTERM");

      const ended = await until(async () => {
        const found = await status("s");
        const isUnderWay = ({ state }: EntryStatus) =>
          state === "waiting" || isActive(state as RunState);
        return found.entries.some(isUnderWay) ? null : found;
      });
      expect(ended.unfinished).toEqual(
        [first.index, second.index].sort((a, b) => a - b),
      );
      expect(ended.entries[first.index].state).toBe("interrupted");
      expect(ended.entries[second.index].state).toBe("stopped");
      expect(ended.counts.finished).toBe(2);

      // It goes to Slurm again, because it was there, and waits as long as the partition is down.
      const partition = (state: string) =>
        cluster.ask("scontrol", "update", "PartitionName=main", state);
      partition("State=DOWN");
      expect(await sweep("rerun", "s", "--missing")).toContain(
        "2 runs submitted as Slurm job",
      );
      const { run } = ended.entries[first.index];
      expect(await whoResumes(run)).toMatch(
        /^Task \d+_\d waits in Slurm.s queue \(PartitionDown\)\./,
      );
      partition("State=UP");
      const done = await until(async () => {
        const found = await status("s");
        return found.done ? found : null;
      });
      expect(done.counts).toEqual({ finished: 4 });
      expect(done.entries.map(({ step }) => step)).toEqual([
        1500, 1500, 1500, 1500,
      ]);
    }, 240_000);

    it("is cancelled with its run saved, and says what Slurm refuses", async () => {
      await sweep("start", ...four("c", 1_000_000));
      await until(async () => {
        const { counts } = await status("c");
        return counts.training === 2 || null;
      });
      await sweep("cancel", "c");
      const found = await until(async () => {
        const { counts, entries } = await status("c");
        return counts.training === undefined && counts.waiting === undefined
          ? entries
          : null;
      });
      expect(found.map(({ state }) => state)).toContain("stopped");
      const gone = sweep(
        "start",
        ...four("p"),
        ...["--partition", "elsewhere"],
      );
      await expect(gone).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringContaining(
          "Nothing was submitted: Slurm says: Invalid partition name specified.",
        ) as string,
      });
    }, 240_000);

    it.runIf(process.env.GAN_WORKBENCH_TEST_REQUEUE)(
      "goes on in another task where its time is up",
      async () => {
        // No more than have a place: whoever is put back would wait for the others to end.
        await sweep("start", ...sweepOf("r", 1_000_000, "1e-4,2e-4", 1));
        const training = await until(async () => {
          const { entries } = await status("r");
          return entries.find(({ step }) => step > 0) ?? null;
        });
        const { index } = training;
        // What Slurm sends the batch shell 90 seconds before a task's time is up.
        const task = training.task?.id ?? "";
        cluster.ask("scancel", "--signal=USR1", "--batch", task);
        const again = await until(async () => {
          const entry = (await status("r")).entries[index];
          return entry.state === "waiting" ? entry : null;
        });
        expect(again.step).toBeGreaterThan(0);
        const on = await until(async () => {
          const entry = (await status("r")).entries[index];
          return entry.state === "training" && entry.step > again.step
            ? entry
            : null;
        }, 300);
        expect(on.task?.id).toBe(task);
        await sweep("cancel", "r");
      },
      600_000,
    );
  },
);

function four(id: string, steps = 1500): string[] {
  return sweepOf(id, steps, "1e-4,2e-4", 2);
}

/** At most two of its runs have a place at once. */
function sweepOf(
  id: string,
  steps: number,
  rates: string,
  seeds: number,
): string[] {
  return [
    ...["--id", id, "--preset", "jaketae-mlp", "--dataset", "strokes"],
    ...[
      "--steps",
      String(steps),
      "--set",
      'data.limit={"count":640,"pick":"first"}',
    ],
    ...["--set", "checkpoints.everySteps=50", "--set", "engine.spinning=false"],
    ...["--runner", "slurm", "--parallel", "2"],
    ...["--vary", `learningRate=${rates}`, "--seeds", String(seeds)],
  ];
}

async function sweep(verb: string, ...words: string[]): Promise<string> {
  const all = ["sweep", verb, ...words, "--library", join(home, "library")];
  const { stdout } = await run(process.execPath, [program, ...all], {
    env: { ...cluster.environment, GAN_WORKBENCH_HOME: home },
  });
  return stdout;
}

/** What the window says to somebody who would resume it. */
async function whoResumes(run: string): Promise<string> {
  const served = await serve(home, cluster.environment);
  const browser = await launchBrowser();
  try {
    const page = await openPage(browser);
    await page.goto(served.url);
    await page.getByRole("list", { name: "Runs" }).waitFor();
    await page.evaluate(`location.hash = "#/run/${run}"`);
    await page.getByRole("button", { name: "Resume…" }).click();
    const said = page
      .getByRole("dialog")
      .getByRole("status")
      .filter({ hasText: "It resumes this run" });
    return (await said.innerText()).replaceAll(/\s+/g, " ");
  } finally {
    await browser.close();
    await served.close();
  }
}

async function status(id: string): Promise<SweepStatus> {
  return JSON.parse(await sweep("status", id, "--json")) as SweepStatus;
}

/** The process that trains it, as its lock says. */
async function kill(entry: EntryStatus, signal: NodeJS.Signals) {
  const path = join(home, "library/runs", entry.run, "lock");
  const { pid } = JSON.parse(await readFile(path, "utf8")) as { pid: number };
  process.kill(pid, signal);
}

async function until<T>(
  find: () => Promise<T | null>,
  seconds = 120,
): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    const found = await find();
    if (found !== null) return found;
    await delay(300);
  }
  throw new Error(
    `It did not come within ${seconds} seconds: ${find}\n${cluster.ask("squeue", "--states=all")}`,
  );
}
