/** `list`: what is in the library. */
import type { Command } from "commander";
import type { RunListing } from "../../shared/run";
import { addLibraryOptions } from "./options";
import type { LibraryOptions } from "./options";
import { withRuns } from "./session";
import { printJson, printLine, printTable } from "./terminal";
import type { Terminal } from "./terminal";

export function addList(program: Command, terminal: Terminal): void {
  const command = program
    .command("list")
    .description("list the runs of the library, newest first");
  addLibraryOptions(command).action(async (options: LibraryOptions) => {
    await withRuns(options.library, async (application) => {
      const listings = await application.listRuns();
      if (options.json) printJson(terminal, listings);
      else if (listings.length === 0)
        printLine(
          terminal,
          "No runs here yet; `gan-workbench train --preset jaketae-mlp` makes one.",
        );
      else
        printTable(terminal, [
          ["RUN", "STATE", "STEP", "DATA", "NAME"],
          ...listings.map(row),
        ]);
    });
  });
}

function row(listing: RunListing): string[] {
  if (listing.kind === "damaged")
    return [listing.id, "damaged", "-", "-", listing.reason];
  const { id, state, progress, data, name } = listing.record;
  return [
    id,
    state,
    `${progress.step}/${progress.totalSteps}`,
    data?.title ?? "-",
    name,
  ];
}
