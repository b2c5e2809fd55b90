/** The command line for tests: the real one, in this process or in one of its own, on a temporary library. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { runCommandLine } from "../../src/main/cli/program";

export interface Outcome {
  code: number | null;
  out: string;
  error: string;
}

/** A home of a test file's own, for the command line in this process too; gone when its tests are over. */
export function temporaryHome(): () => string {
  let home = "";
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "command-line-"));
    process.env.GAN_WORKBENCH_HOME = home;
  });
  afterAll(async () => {
    delete process.env.GAN_WORKBENCH_HOME;
    await rm(home, { recursive: true });
  });
  return () => home;
}

/** Runs in this process. */
export async function runHere(...args: string[]): Promise<Outcome> {
  const outcome: Outcome = { code: null, out: "", error: "" };
  outcome.code = await runCommandLine(args, {
    out: { write: (text) => (outcome.out += text) },
    error: { write: (text) => (outcome.error += text) },
    ask: null,
  });
  return outcome;
}

/** Each line of standard output as JSON. */
export function jsonLines({ out }: Outcome): Record<string, unknown>[] {
  return out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Trains 30 steps with a checkpoint every 10, in this process, and gives the run's id. */
export async function trainHere(library: string): Promise<string> {
  const trained = await runHere(
    ...["train", "--preset", "jaketae-mlp", "--dataset", "strokes"],
    ...["--set", 'data.limit={"count":640,"pick":"first"}', "--json"],
    ...["--set", "checkpoints.everySteps=10", "--steps", "30"],
    ...["--set", "engine.spinning=false", "--library", library],
  );
  return String(jsonLines(trained).at(-1)?.run);
}

const root = resolve(import.meta.dirname, "../..");

export const command = join(root, "bin/gan-workbench.mjs");

/** Why nothing can run in a process of its own, or null: that is the built command line. */
export const notBuilt = existsSync(join(root, "out/main/cli.js"))
  ? null
  : "needs `npm run build`";

/** Runs in a process of its own; `onOut` may send it signals. */
export function runApart(
  args: string[],
  home: string,
  onOut: (text: string, signal: (name: NodeJS.Signals) => void) => void = () =>
    undefined,
): Promise<Outcome> {
  const child = spawn(process.execPath, [command, ...args], {
    env: { ...process.env, GAN_WORKBENCH_HOME: home },
  });
  const outcome: Outcome = { code: null, out: "", error: "" };
  child.stdout.on("data", (text: Buffer) => {
    outcome.out += text.toString();
    onOut(outcome.out, (name) => child.kill(name));
  });
  child.stderr.on("data", (text: Buffer) => (outcome.error += text.toString()));
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => done({ ...outcome, code }));
  });
}
