/** The built command line begins here; `bin/gan-workbench.mjs` loads it. */
import { createInterface } from "node:readline/promises";
import { runCommandLine } from "./program";

process.exitCode = await runCommandLine(process.argv.slice(2), {
  out: process.stdout,
  error: process.stderr,
  ask: process.stdin.isTTY ? askThere : null,
});

async function askThere(question: string): Promise<boolean> {
  const lines = createInterface({
    input: process.stdin,
    output: process.stderr,
  });
  const answer = await lines.question(`${question} [y/N] `);
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}
