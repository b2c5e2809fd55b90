/** `engines`: what can train here, on what device, and why or why not; `--setup cuda` brings what TensorFlow needs. */
import type { Command } from "commander";
import { Option } from "commander";
import type { EngineListing } from "../../shared/contract/app";
import { errorMessage } from "../../shared/errors";
import { formatMs } from "../../shared/milliseconds";
import type { Application } from "../host/app";
import { onEndSignal } from "./end-signal";
import { CommandFailure } from "./failure";
import { addLibraryOptions } from "./options";
import type { LibraryOptions } from "./options";
import { createProgressBar } from "./progress-bar";
import { withRuns } from "./session";
import { printJson, printLine, printTable } from "./terminal";
import type { Terminal } from "./terminal";

interface EnginesOptions extends LibraryOptions {
  setup?: "cuda";
  test?: boolean;
}

export function addEngines(program: Command, terminal: Terminal): void {
  const command = program
    .command("engines")
    .description("list the engines: tested or not, their device, and why")
    .option("--test", "test all of them again")
    .addOption(
      new Option(
        "--setup <what>",
        "download what an engine needs, where it can work, and test it",
      ).choices(["cuda"]),
    );
  addLibraryOptions(command).action(async (options: EnginesOptions) => {
    await withRuns(options.library, async (application) => {
      const engines = await act(application, options, terminal);
      if (options.json) printJson(terminal, engines);
      else
        printTable(terminal, [
          ["ENGINE", "SELF-TEST", "DEVICE, VERSION, AND WHY"],
          ...engines.flatMap(rowsOf),
        ]);
      const cuda = engines.find(({ id }) => id === "tfjs");
      if (options.setup && !cuda?.available)
        throw new CommandFailure(cuda?.reason ?? "CUDA does not work here.", 1);
    });
  });
}

async function act(
  application: Application,
  options: EnginesOptions,
  terminal: Terminal,
): Promise<EngineListing[]> {
  const { app } = application.handlers;
  if (options.setup) return setUpCuda(application, options, terminal);
  let engines = await app.engines({});
  if (options.test)
    for (const { id } of engines) engines = await app.testEngine({ id });
  return engines;
}

async function setUpCuda(
  application: Application,
  { json }: EnginesOptions,
  terminal: Terminal,
): Promise<EngineListing[]> {
  const { app } = application.handlers;
  const cancel = () => void app.cancelCuda({});
  const bar = createProgressBar(terminal.error);
  const stop = application.onEvent((event) => {
    if (event.type === "task-progress") bar.showTask(event.task);
  });
  const forgetSignals = onEndSignal(cancel);
  try {
    const { driver, files, bytes } = await app.cudaPlan({});
    if (!json) {
      printLine(terminal, `${driver}. Downloading ${megabytes(bytes)}:`);
      for (const { url, bytes } of files)
        printLine(terminal, `  ${megabytes(bytes)}  ${url}`);
    }
    return await app.setUpCuda({});
  } catch (error) {
    throw new CommandFailure(errorMessage(error), 1);
  } finally {
    bar.clear();
    stop();
    forgetSignals();
  }
}

function rowsOf(engine: EngineListing): string[][] {
  const { id, device, version, reason, selfTest, choice } = engine;
  if (!selfTest) return [[id, "-", reason ?? choice]];
  const time = `${formatMs(selfTest.msPerStep)} a step of a small network`;
  return [
    [id, "passed", `${device}; ${version}`],
    ["", "", `${time}. ${choice}`],
  ];
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
