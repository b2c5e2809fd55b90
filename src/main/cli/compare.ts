/** `compare`: runs side by side: what differs between them, and what came of it; those that differ only in their seed are one. */
import { resolve } from "node:path";
import { Option } from "commander";
import type { Command } from "commander";
import { compareQuality } from "../../shared/compare-quality";
import { compareRuns } from "../../shared/compare-runs";
import type { RunComparison } from "../../shared/compare-runs";
import {
  configurationsOf,
  hasSeeds,
  maxConfigurations,
} from "../../shared/comparison/configurations";
import { qualityRows } from "../../shared/comparison/seed-table";
import { exportRequestSchema } from "../../shared/contract/exports";
import { formatValue } from "../../shared/format-value";
import { boundOf, stampOf } from "../../shared/quality";
import type { Quality } from "../../shared/quality";
import type { RunRecord } from "../../shared/run";
import type { Application } from "../host/app";
import { printOverSeeds } from "./compare-seeds";
import { writeExport } from "./export";
import { asUsage, CommandFailure } from "./failure";
import { libraryOption, parseText } from "./options";
import { findRecord, withRuns } from "./session";
import { printJson, printLine, printTable } from "./terminal";
import type { Terminal } from "./terminal";

/** Runs that one call gives. */
const atOnce = 200;

interface CompareOptions {
  library?: string;
  json?: boolean;
  html?: string;
  force?: boolean;
  sweep?: string;
  baseline?: string;
}

export function addCompare(program: Command, terminal: Terminal): void {
  program
    .command("compare [runs...]")
    .description(
      `put up to ${maxConfigurations} configurations side by side, each with any number of seeds`,
    )
    .addOption(libraryOption())
    .option("--sweep <id>", "all runs of a sweep", parseText)
    .option(
      "--baseline <run>",
      "a run of the configuration that the others are compared with (default: the first)",
      parseText,
    )
    .addOption(
      new Option(
        "--html <file>",
        "write a report that works offline",
      ).conflicts("json"),
    )
    .option("--json", "write JSON, for programs")
    .option("--force", "replace an existing report")
    .action(async (words: string[], options: CompareOptions) => {
      await withRuns(options.library, async (application) => {
        const records = await comparedRecords(application, words, options);
        if (options.html === undefined)
          await print(application, records, options, terminal);
        else await writeReport(application, records, options, terminal);
      });
    });
}

async function comparedRecords(
  application: Application,
  words: readonly string[],
  { sweep }: CompareOptions,
): Promise<RunRecord[]> {
  const records: RunRecord[] = [];
  for (const word of words) records.push(await findRecord(application, word));
  if (sweep !== undefined)
    records.push(...(await recordsOfSweep(application, sweep)));
  if (records.length < 2)
    throw new CommandFailure(
      sweep === undefined
        ? "A comparison needs two runs or more."
        : `The sweep ${sweep} has ${records.length === 0 ? "no run" : "only one run"} that can be read; \`gan-workbench sweep status ${sweep}\` says more.`,
      2,
    );
  const { length } = configurationsOf(records);
  if (length > maxConfigurations)
    throw new CommandFailure(
      `At most ${maxConfigurations} configurations stand side by side; these ${records.length} runs are ${length}.`,
      2,
    );
  return records;
}

/** Of those entries that have a run already. */
async function recordsOfSweep(
  { handlers }: Application,
  id: string,
): Promise<RunRecord[]> {
  const { entries } = await asUsage(async () => handlers.sweeps.get({ id }));
  const ids = entries.map(({ run }) => run);
  const records: RunRecord[] = [];
  for (let from = 0; from < ids.length; from += atOnce) {
    const some = ids.slice(from, from + atOnce);
    for (const listing of await handlers.runs.list({ ids: some }))
      if (listing.kind === "run") records.push(listing.record);
  }
  return records;
}

async function writeReport(
  application: Application,
  records: readonly RunRecord[],
  { force, html = "" }: CompareOptions,
  terminal: Terminal,
): Promise<void> {
  const runs = records.map(({ id }) => id);
  const request = exportRequestSchema.parse({ format: "html", runs });
  const target = resolve(html);
  await asUsage(() =>
    writeExport(application, request, target, Boolean(force), terminal),
  );
  printLine(terminal, target);
}

async function print(
  application: Application,
  records: readonly RunRecord[],
  { baseline: wanted, json }: CompareOptions,
  terminal: Terminal,
): Promise<void> {
  const baseline = await baselineOf(application, records, wanted);
  const newest = await newestOf(application, records);
  const configurations = configurationsOf(records);
  const compared = { records, configurations, baseline };
  const comparison = compareRuns(records, baseline);
  if (json) {
    const overSeeds = hasSeeds(configurations)
      ? qualityRows(newest, compared)
      : null;
    const quality = { ...compareQuality(newest), overSeeds };
    printJson(terminal, { ...comparison, quality });
    return;
  }
  describe(terminal, comparison);
  if (!hasSeeds(configurations)) {
    describeQuality(terminal, records, newest);
    return;
  }
  printOverSeeds(terminal, {
    compared,
    rows: comparison.overSeeds,
    heading: "LAST VALUE",
  });
  const quality = qualityRows(newest, compared);
  const stamped = newest.find((one) => one !== null);
  if (!stamped) return;
  printLine(terminal, "");
  if (quality.kind === "none") {
    printLine(terminal, quality.reason);
    return;
  }
  printLine(terminal, stampOf(stamped));
  printOverSeeds(terminal, {
    compared,
    rows: quality.rows,
    heading: "MEASURE",
  });
}

/** The index of the configuration that a run belongs to. */
async function baselineOf(
  application: Application,
  records: readonly RunRecord[],
  word: string | undefined,
): Promise<number> {
  if (word === undefined) return 0;
  const { id } = await findRecord(application, word);
  const index = configurationsOf(records).findIndex(({ runs }) =>
    runs.some((run) => records[run].id === id),
  );
  if (index < 0)
    throw new CommandFailure(
      `The run ${id} is not among those that are compared.`,
      2,
    );
  return index;
}

/** The newest measurement of each run. */
function newestOf(
  { handlers }: Application,
  records: readonly RunRecord[],
): Promise<(Quality | null)[]> {
  return Promise.all(
    records.map(async ({ id }) => {
      const measured = await handlers.quality.list({
        run: id,
        weights: "average",
      });
      return measured.at(-1) ?? null;
    }),
  );
}

function describeQuality(
  terminal: Terminal,
  records: readonly RunRecord[],
  newest: readonly (Quality | null)[],
): void {
  const stamped = newest.find((one) => one !== null);
  if (!stamped) return;
  printLine(terminal, "");
  const compared = compareQuality(newest);
  if (compared.kind === "none") {
    printLine(terminal, compared.reason);
    return;
  }
  printLine(terminal, stampOf(stamped));
  printTable(terminal, [
    ["MEASURE", ...records.map(({ name }) => name), "REAL IMAGES", "VERDICT"],
    ...compared.rows.map(({ title, measures, verdict }) => {
      const [bound = null] = measures.flatMap((one) =>
        one ? (boundOf(one) ?? []) : [],
      );
      return [
        title,
        ...measures.map((one) =>
          one && "value" in one
            ? `${formatValue(one.value)} (${formatValue(one.low)} to ${formatValue(one.high)})`
            : "-",
        ),
        bound === null ? "-" : formatValue(bound),
        verdict.kind === "better"
          ? `${records[verdict.index].name} is better`
          : verdict.kind === "none"
            ? "-"
            : "not distinguishable",
      ];
    }),
  ]);
}

function describe(terminal: Terminal, comparison: RunComparison): void {
  if (comparison.overSeeds.length > 0) {
    describeConfigurations(terminal, comparison);
    return;
  }
  const names = comparison.runs.map(({ name }) => name);
  const rows = [...comparison.settings, ...comparison.environment];
  printTable(terminal, [
    ["", ...names],
    ["run", ...comparison.runs.map(({ id }) => id)],
    ["state", ...comparison.runs.map(({ state }) => state)],
    ["steps", ...comparison.runs.map(({ step }) => String(step))],
    ...rows.map(({ label, values }) => [
      label,
      ...values.map((value) => value ?? "-"),
    ]),
  ]);
  if (rows.length === 0) printLine(terminal, "The settings are the same.");
  printLine(terminal, "");
  printTable(terminal, [
    ["LAST (SMALLEST AT STEP)", ...names],
    ...comparison.metrics.map(({ label, values }) => [
      label,
      ...values.map((value) =>
        value
          ? `${figure(value.last)} (${figure(value.min)} at ${value.minStep ?? "-"})`
          : "-",
      ),
    ]),
  ]);
}

/** A column a configuration: where its seeds differ, all their values. */
function describeConfigurations(
  terminal: Terminal,
  { configurations, environment, runs, settings }: RunComparison,
): void {
  const places = configurations.map((one) =>
    one.runs.map((run) => runs.findIndex(({ id }) => id === run)),
  );
  const joined = (values: readonly (string | null)[]) =>
    places.map((own) =>
      [...new Set(own.map((at) => values[at] ?? "-"))].join(", "),
    );
  printTable(terminal, [
    ["", ...configurations.map(({ name }) => name)],
    ["state", ...joined(runs.map(({ state }) => state))],
    ["steps", ...joined(runs.map(({ step }) => String(step)))],
    ...[...settings, ...environment].map(({ label, values }) => [
      label,
      ...joined(values),
    ]),
  ]);
}

function figure(value: number | null): string {
  return value === null ? "-" : value.toPrecision(5);
}
