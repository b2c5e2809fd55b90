/** `compare`: runs side by side: what differs between them, and what came of it. */
import { metricTitle } from "../../shared/metrics";
import { resolve } from "node:path";
import { Option } from "commander";
import type { Command } from "commander";
import { compareQuality } from "../../shared/compare-quality";
import { compareRuns } from "../../shared/compare-runs";
import type { RunComparison } from "../../shared/compare-runs";
import {
  exportRequestSchema,
  maxCompared,
} from "../../shared/contract/exports";
import { formatValue } from "../../shared/format-value";
import { boundOf, stampOf } from "../../shared/quality";
import type { Quality } from "../../shared/quality";
import type { RunRecord } from "../../shared/run";
import type { Application } from "../host/app";
import { writeExport } from "./export";
import { asUsage, CommandFailure } from "./failure";
import { libraryOption } from "./options";
import { findRecord, withRuns } from "./session";
import { printJson, printLine, printTable } from "./terminal";
import type { Terminal } from "./terminal";

interface CompareOptions {
  library?: string;
  json?: boolean;
  html?: string;
  force?: boolean;
}

export function addCompare(program: Command, terminal: Terminal): void {
  program
    .command("compare <run> <runs...>")
    .description(`put 2 to ${maxCompared} runs side by side`)
    .addOption(libraryOption())
    .addOption(
      new Option(
        "--html <file>",
        "write a report that works offline",
      ).conflicts("json"),
    )
    .option("--json", "write JSON, for programs")
    .option("--force", "replace an existing report")
    .action(
      async (first: string, others: string[], options: CompareOptions) => {
        const words = [first, ...others];
        if (words.length > maxCompared)
          throw new CommandFailure(
            `At most ${maxCompared} runs stand side by side; these are ${words.length}.`,
            2,
          );
        await withRuns(options.library, async (application) => {
          const records: RunRecord[] = [];
          for (const word of words)
            records.push(await findRecord(application, word));
          if (options.html !== undefined) {
            const request = exportRequestSchema.parse({
              format: "html",
              runs: records.map(({ id }) => id),
            });
            const target = resolve(options.html);
            const force = Boolean(options.force);
            await asUsage(() =>
              writeExport(application, request, target, force, terminal),
            );
            printLine(terminal, target);
            return;
          }
          const newest = await newestOf(application, records);
          const quality = compareQuality(newest);
          if (options.json)
            printJson(terminal, { ...compareRuns(records), quality });
          else {
            describe(terminal, compareRuns(records));
            describeQuality(terminal, records, newest);
          }
        });
      },
    );
}

/** The newest measurement of each run. */
function newestOf(
  { handlers }: Application,
  records: readonly RunRecord[],
): Promise<(Quality | null)[]> {
  return Promise.all(
    records.map(async ({ id }) => {
      const measured = await handlers.quality.list({ run: id });
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
  for (const group of comparison.seedGroups) {
    printLine(terminal, "");
    printLine(
      terminal,
      `${group.runs.join(", ")} differ only in their seed; mean and spread of the last values:`,
    );
    printTable(terminal, [
      ["METRIC", "MEAN", "SPREAD"],
      ...Object.entries(group.last).map(([tag, { mean, deviation }]) => [
        metricTitle(tag),
        figure(mean),
        figure(deviation),
      ]),
    ]);
  }
}

function figure(value: number | null): string {
  return value === null ? "-" : value.toPrecision(5);
}
