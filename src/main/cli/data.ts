/** `data`: what a data set is and what is wrong with it, without training on it. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { DataReport } from "../../shared/contract/data";
import type { Application } from "../host/app";
import { asUsage } from "./failure";
import { addLibraryOptions } from "./options";
import type { LibraryOptions } from "./options";
import { withRuns } from "./session";
import { printJson, printLine, printTable } from "./terminal";
import type { Terminal } from "./terminal";
import { showTasks } from "./setting-options";

/** More names than fit a screen help nobody. */
const mostListed = 40;

export function addData(program: Command, terminal: Terminal): void {
  const command = program
    .command("data <path>")
    .description(
      "describe a data set: a folder, ZIP, IDX or NumPy file, or strokes, mnist, fashion-mnist",
    );
  addLibraryOptions(command).action(
    async (path: string, options: LibraryOptions) => {
      await withRuns(options.library, async (application) => {
        const report = await asUsage(() =>
          inspect(application, path, terminal),
        );
        if (options.json) printJson(terminal, report);
        else describe(terminal, report);
      });
    },
  );
}

async function inspect(
  application: Application,
  path: string,
  terminal: Terminal,
): Promise<DataReport> {
  const { data } = application.handlers;
  const isNamed = (await data.list({})).some(({ source }) => source === path);
  const source = isNamed && !existsSync(path) ? path : resolve(path);
  return showTasks(application, terminal, false, () =>
    data.inspect({ source }),
  );
}

function describe(terminal: Terminal, report: DataReport): void {
  const { images, height, width, channels, classes, heldOut } = report;
  const { min, max, mean, levels, skipped, warnings } = report;
  const size =
    height === null || width === null
      ? "of different sizes"
      : `of ${width} x ${height}`;
  printTable(terminal, [
    ["images", `${images} ${size}, ${channels === 1 ? "grey" : "colour"}`],
    [
      "grey levels",
      `${min} to ${max}, mean ${mean.toFixed(1)}; ${levels} of 256`,
    ],
    ["held out", heldOut === 0 ? "none" : String(heldOut)],
    ["classes", listed(classes.map(({ name, count }) => `${name} (${count})`))],
    ["left out", skipped.length === 0 ? "none" : String(skipped.length)],
  ]);
  for (const { name, reason } of skipped.slice(0, mostListed))
    printLine(terminal, `  ${name}: ${reason}`);
  for (const warning of warnings) printLine(terminal, `Warning: ${warning}`);
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const rest = names.length - mostListed;
  const shown = names.slice(0, mostListed).join(", ");
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}
