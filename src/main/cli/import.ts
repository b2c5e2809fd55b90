/** `import`: somebody else's log, or a run from another machine, as a run of this library. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { rowNumber } from "../../shared/contract/runs";
import { idOf } from "../../shared/run";
import type { RunListing } from "../../shared/run";
import { asUsage } from "./failure";
import { addLibraryOptions, parseText } from "./options";
import type { LibraryOptions } from "./options";
import { withApplication } from "./session";
import { oneLine, printJson, printLine } from "./terminal";
import type { Terminal } from "./terminal";

interface ImportOptions extends LibraryOptions {
  stepColumn?: string;
}

export function addImport(program: Command, terminal: Terminal): void {
  const command = program
    .command("import <path>")
    .description(
      "import a TensorBoard log, a CSV, a StyleGAN stats.jsonl or a bundle; prints the new run's id",
    );
  command.option(
    "--step-column <name>",
    `the column of a table that counts the steps, or "${rowNumber}"`,
    parseText,
  );
  addLibraryOptions(command).action(
    async (path: string, options: ImportOptions) => {
      await withApplication(options.library, async ({ handlers }) => {
        const listing = await asUsage(() =>
          handlers.runs.importFile({
            path: resolve(path),
            stepColumn: options.stepColumn ?? null,
          }),
        );
        const run = idOf(listing);
        const remarks = remarksOf(listing);
        for (const remark of remarks)
          terminal.error.write(`${oneLine(remark)}\n`);
        if (options.json)
          printJson(terminal, { type: "imported", run, remarks });
        else printLine(terminal, run);
      });
    },
  );
}

/** What was decided and left out. Those of a bundle are of its training, and known there. */
function remarksOf(listing: RunListing): string[] {
  if (listing.kind === "damaged" || listing.record.settings) return [];
  return listing.record.events.map(({ text }) => text);
}
