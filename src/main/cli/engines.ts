/** `engines`: what can train here, on what device, and why or why not. */
import type { Command } from "commander";
import type { EngineListing } from "../../shared/contract/app";
import { formatMs } from "../../shared/milliseconds";
import { addLibraryOptions } from "./options";
import type { LibraryOptions } from "./options";
import { withRuns } from "./session";
import { printJson, printTable } from "./terminal";
import type { Terminal } from "./terminal";

export function addEngines(program: Command, terminal: Terminal): void {
  const command = program
    .command("engines")
    .description("list the engines: available or not, their device, and why");
  addLibraryOptions(command).action(async (options: LibraryOptions) => {
    await withRuns(options.library, async ({ handlers }) => {
      const engines = await handlers.app.engines({});
      if (options.json) printJson(terminal, engines);
      else
        printTable(terminal, [
          ["ENGINE", "SELF-TEST", "DEVICE, VERSION, AND WHY"],
          ...engines.flatMap(rowsOf),
        ]);
    });
  });
}

function rowsOf(engine: EngineListing): string[][] {
  const { id, device, version, reason, selfTest, choice } = engine;
  if (!selfTest) return [[id, "-", reason ?? choice]];
  return [
    [id, "passed", `${device}; ${version}`],
    [
      "",
      "",
      `${formatMs(selfTest.msPerStep)} a step of a small network. ${choice}`,
    ],
  ];
}
