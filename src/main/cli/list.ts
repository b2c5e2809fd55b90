/** `list`: what is in the library. */
import type { Command } from "commander";
import { verdictOf } from "../../shared/doctor/finding";
import type { RunListing } from "../../shared/run";
import type { Application } from "../host/app";
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
      const listings = await judged(application);
      if (options.json) printJson(terminal, listings);
      else if (listings.length === 0)
        printLine(
          terminal,
          "No runs here yet; `gan-workbench train --preset jaketae-mlp` makes one.",
        );
      else
        printTable(terminal, [
          ["RUN", "STATE", "VERDICT", "STEP", "DATA", "NAME"],
          ...listings.map(row),
        ]);
    });
  });
}

/** What nobody has looked at since it ended is judged now, and kept. */
async function judged(application: Application): Promise<RunListing[]> {
  const { diagnose } = application.handlers.doctor;
  const listings: RunListing[] = [];
  for (const listing of await application.listRuns()) {
    if (listing.kind === "damaged" || listing.record.verdict) {
      listings.push(listing);
      continue;
    }
    const { record } = listing;
    // The list is there without it, too.
    const verdict = await Promise.resolve(diagnose({ run: record.id })).then(
      verdictOf,
      () => null,
    );
    listings.push({ ...listing, record: { ...record, verdict } });
  }
  return listings;
}

function row(listing: RunListing): string[] {
  if (listing.kind === "damaged")
    return [listing.id, "damaged", "-", "-", "-", listing.reason];
  const { id, state, verdict, progress, data, name } = listing.record;
  return [
    id,
    state,
    verdict?.id ?? "-",
    `${progress.step}/${progress.totalSteps}`,
    data?.title ?? "-",
    name,
  ];
}
