/** The command line for tests: the real one, in this process or in one of its own, on a temporary library. */
import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { runCommandLine } from "../../src/main/cli/program";

export interface Outcome {
  code: number | null;
  out: string;
  error: string;
}

/** Runs in this process. */
export async function runHere(...args: string[]): Promise<Outcome> {
  const outcome: Outcome = { code: null, out: "", error: "" };
  outcome.code = await runCommandLine(args, {
    out: { write: (text) => (outcome.out += text) },
    error: { write: (text) => (outcome.error += text) },
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

/** Runs in a process of its own; `onOut` may send it signals. */
export function runApart(
  args: string[],
  home: string,
  onOut: (text: string, signal: (name: NodeJS.Signals) => void) => void = () =>
    undefined,
): Promise<Outcome> {
  const root = resolve(import.meta.dirname, "../..");
  const child = spawn(
    process.execPath,
    ["--import", "tsx", join(root, "src/main/cli/index.ts"), ...args],
    { cwd: root, env: { ...process.env, GAN_WORKBENCH_HOME: home } },
  );
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
