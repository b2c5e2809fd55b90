/** The built command line begins here; `bin/gan-workbench.mjs` loads it. */
import { runCommandLine } from "./program";

process.exitCode = await runCommandLine(process.argv.slice(2), {
  out: process.stdout,
  error: process.stderr,
});
