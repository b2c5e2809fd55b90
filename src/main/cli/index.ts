/** The built command line begins here; `bin/gan-workbench.mjs` loads it. */
import "../no-telemetry";
import { createInterface } from "node:readline/promises";
import { explainCode } from "../runs/recording/telling";
import { runCommandLine } from "./program";

const abandoned = new AbortController();
process.stdout.on("error", whenBroken);
process.stderr.on("error", () => undefined);

const exitCode = await runCommandLine(process.argv.slice(2), {
  out: process.stdout,
  error: process.stderr,
  ask: process.stdin.isTTY ? askThere : null,
  abandoned: abandoned.signal,
});
process.exitCode ??= exitCode;

/** A reader may have had enough (`| head -1`), and then all is well; what is lost on a full disk is a failure. */
function whenBroken(error: NodeJS.ErrnoException): void {
  if (abandoned.signal.aborted) return;
  abandoned.abort();
  if (error.code === "EPIPE") return;
  process.exitCode = 1;
  const reason = explainCode(error.code ?? null) ?? error.message;
  process.stderr.write(`The output could not be written: ${reason}.\n`);
}

async function askThere(question: string): Promise<boolean> {
  const lines = createInterface({
    input: process.stdin,
    output: process.stderr,
  });
  const answer = await lines.question(`${question} [y/N] `);
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}
