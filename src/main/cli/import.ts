/** `import`: somebody else's log, or a run from another machine, as a run of this library. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { idOf } from "../../shared/run";
import { asUsage } from "./failure";
import { addLibraryOptions } from "./options";
import type { LibraryOptions } from "./options";
import { withApplication } from "./session";
import { printJson, printLine } from "./terminal";
import type { Terminal } from "./terminal";

export function addImport(program: Command, terminal: Terminal): void {
  const command = program
    .command("import <path>")
    .description(
      "take in a TensorBoard log, a CSV, a StyleGAN stats.jsonl or a bundle; prints the new run's id",
    );
  addLibraryOptions(command).action(
    async (path: string, options: LibraryOptions) => {
      await withApplication(options.library, async ({ handlers }) => {
        const listing = await asUsage(() =>
          handlers.runs.importFile({ path: resolve(path) }),
        );
        const run = idOf(listing);
        if (options.json) printJson(terminal, { type: "imported", run });
        else printLine(terminal, run);
      });
    },
  );
}
