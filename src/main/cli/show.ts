/** `show`: everything that is known of one run. */
import { labelOf } from "../../shared/metric-names";
import type { Command } from "commander";
import type { RunListing } from "../../shared/run";
import { addLibraryOptions } from "./options";
import type { LibraryOptions } from "./options";
import { findRun, withRuns } from "./session";
import { printJson, printLine, printTable } from "./terminal";
import type { Terminal } from "./terminal";

export function addShow(program: Command, terminal: Terminal): void {
  const command = program
    .command("show <run>")
    .description(
      "show one run: by id, the beginning of it, its name, or `last`",
    );
  addLibraryOptions(command).action(
    async (words: string, options: LibraryOptions) => {
      await withRuns(options.library, async (application) => {
        const listing = await findRun(application, words);
        if (options.json) printJson(terminal, listing);
        else describe(terminal, listing);
      });
    },
  );
}

function describe(terminal: Terminal, listing: RunListing): void {
  if (listing.kind === "damaged") {
    printLine(terminal, `${listing.id} is damaged: ${listing.reason}`);
    return;
  }
  const { record, samples, checkpoints } = listing;
  const { progress, data, environment, settings } = record;
  printTable(
    terminal,
    [
      ["run", record.id],
      ["name", record.name],
      ["state", [record.state, record.reason].filter(Boolean).join(": ")],
      ["created", record.createdAt],
      ["preset", settings?.preset ?? "-"],
      ["data", data ? `${data.title}, ${data.count} images` : "-"],
      [
        "steps",
        `${progress.step} of ${progress.totalSteps}, ${progress.seconds.toFixed(1)} s`,
      ],
      ["seed", settings ? String(settings.seed) : "-"],
      [
        "engine",
        environment ? `${environment.engine}, ${environment.device}` : "-",
      ],
      ...(environment?.choice ? [["", environment.choice]] : []),
      ["samples", `${samples.length} grids`],
      ["checkpoints", checkpoints.join(", ") || "none"],
      ["tags", record.tags.join(", ") || "none"],
    ].map((row) => row.map((cell) => cell)),
  );
  const metrics = Object.entries(record.summary);
  if (metrics.length === 0) return;
  printLine(terminal, "");
  printTable(terminal, [
    ["METRIC", "LAST", "MIN", "MAX"],
    ...metrics.map(([tag, { last, min, max, beside }]) => [
      labelOf(
        Object.hasOwn(record.metricNames, tag) ? record.metricNames[tag] : tag,
        [record],
      ),
      figure(last),
      ...(beside === undefined ? [figure(min), figure(max)] : [beside]),
    ]),
  ]);
}

function figure(value: number | null): string {
  return value === null ? "-" : value.toPrecision(5);
}
