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
      const listings = await judged(application, terminal);
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

/** A list must not take long: what is not judged by then is judged by the next. */
const judgingMs = 2_000;

/** What nobody has looked at since it ended is judged now, and kept. */
async function judged(
  application: Application,
  terminal: Terminal,
): Promise<RunListing[]> {
  const end = performance.now() + judgingMs;
  const listings: RunListing[] = [];
  let left = 0;
  for (const listing of await application.listRuns()) {
    const isKnown = listing.kind === "damaged" || listing.record.verdict;
    if (isKnown || performance.now() > end) {
      listings.push(listing);
      if (!isKnown) left++;
    } else listings.push(await judge(application, listing));
  }
  if (left > 0)
    terminal.error.write(
      `${left} of these runs have no verdict yet; the next list judges more of them, and \`gan-workbench doctor RUN\` one.\n`,
    );
  return listings;
}

/** The list is there without a verdict, too. */
async function judge(
  { handlers }: Application,
  listing: Extract<RunListing, { kind: "run" }>,
): Promise<RunListing> {
  const { record } = listing;
  const verdict = await Promise.resolve(
    handlers.doctor.diagnose({ run: record.id }),
  ).then(verdictOf, () => null);
  return { ...listing, record: { ...record, verdict } };
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
