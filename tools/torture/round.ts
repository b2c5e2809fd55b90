/**
 * One round of the torture: the real command line trains, is killed at a random moment, and what it left is examined.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { MetricSeries } from "../../src/main/runs/curves/metric-series";
import { createStore } from "../../src/main/runs/store";
import { isActive } from "../../src/shared/run";

export const commandLine = resolve(
  import.meta.dirname,
  "../../bin/gan-workbench.mjs",
);

/** Why nothing can be tortured here; null where it can. */
export function missingBuild(): string | null {
  const built = resolve(import.meta.dirname, "../../out/main/cli.js");
  return existsSync(built)
    ? null
    : "The application is not built; run npm run build.";
}

/** The tutorials' shortest log interval on this preset is 400 steps; this is stricter. */
const logInterval = 50;

const training = [
  ["train", "--preset", "jaketae-mlp", "--dataset", "strokes"],
  ["--set", 'data.limit={"count":640,"pick":"first"}'],
  ["--set", `log.cadence.every=${logInterval}`],
  ["--set", "checkpoints.everySteps=50", "--set", "checkpoints.keepLast=2"],
  ["--set", "engine.spinning=false", "--steps", "1000000"],
].flat();

export interface Killed {
  run: string | null;
  /** The last step that the process had told before it died. */
  told: number;
  /** The last step on the disk. */
  kept: number;
  newestCheckpoint: number;
  /** What should never happen, a sentence each. */
  problems: string[];
}

/**
 * Trains a new run, or goes on with one, and kills the process `afterMs` from the moment it starts or, with
 * `fromFirstStep`, from the first step that it tells.
 */
export async function tortureRound(
  library: string,
  resume: string | null,
  { afterMs, fromFirstStep }: { afterMs: number; fromFirstStep: boolean },
): Promise<Killed> {
  const what = resume === null ? training : ["resume", resume];
  const child = spawn(
    process.execPath,
    [commandLine, ...what, "--library", library, "--json"],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const ended = once(child, "close");
  let run = resume;
  let told = 0;
  let begin = 0;
  let errors = "";
  child.stderr.on("data", (text: Buffer) => (errors += text.toString()));
  const firstStep = new Promise<void>((begun) => {
    createInterface(child.stdout).on("line", (line) => {
      const event = lineSchema.safeParse(JSON.parse(line)).data;
      if (!event) return;
      run = event.run;
      told = Math.max(told, event.step ?? 0);
      // At its start a run says where it stands; a step that follows was trained here.
      if (event.type === "started") begin = told;
      else if (told > begin) begun();
    });
  });
  if (fromFirstStep) await Promise.race([firstStep, ended]);
  await Promise.race([wait(afterMs), ended]);
  const died = child.exitCode;
  child.kill("SIGKILL");
  await ended;
  const left = await examine(library, run, told);
  if (died !== null)
    left.problems.push(`The process ended by itself (${died}): ${errors}`);
  return left;
}

const lineSchema = z.object({
  type: z.enum(["progress", "log", "started"]),
  run: z.string(),
  step: z.int().optional(),
});

/** Opens the library as the next start of the application does. */
async function examine(
  library: string,
  run: string | null,
  told: number,
): Promise<Killed> {
  const problems: string[] = [];
  const left = { run, told, kept: 0, newestCheckpoint: 0, problems };
  if (!existsSync(join(library, "runs"))) return left;
  const store = await createStore(library);
  for (const listing of await store.list()) {
    if (listing.kind === "damaged") {
      problems.push(`${listing.id} is unreadable: ${listing.reason}`);
      continue;
    }
    const { record, checkpoints } = listing;
    if (isActive(record.state))
      problems.push(`${record.id} still claims to be ${record.state}.`);
    for (const step of checkpoints)
      await store.readCheckpoint(record.id, step).catch((error: unknown) => {
        problems.push(String(error));
      });
    const kept = await contiguousSteps(store.folder(record.id), problems);
    if (record.id !== run) continue;
    left.kept = kept;
    left.newestCheckpoint = checkpoints.at(-1) ?? 0;
  }
  if (told - left.kept > logInterval)
    problems.push(`${told - left.kept} steps were told and lost.`);
  if (left.kept < left.newestCheckpoint)
    problems.push("A checkpoint is ahead of the curves.");
  await store.close();
  return left;
}

async function contiguousSteps(
  folder: string,
  problems: string[],
): Promise<number> {
  const { groups, damaged } = await new MetricSeries(folder).read();
  if (damaged > 0) problems.push(`${folder} has ${damaged} damaged records.`);
  const steps = groups.at(0)?.steps ?? new Float64Array();
  const wrong = steps.findIndex((step, row) => step !== row + 1);
  if (wrong >= 0)
    problems.push(`${folder} has step ${steps[wrong]} in place ${wrong + 1}.`);
  return steps.length;
}
