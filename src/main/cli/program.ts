/**
 * The command line: its commands, their options, and what becomes of failures. 0: all of it was done; what the other
 * exit codes mean is in `failure.ts`.
 */
import { Command, CommanderError } from "commander";
import { errorMessage } from "../../shared/errors";
import { findVersion } from "../host/open";
import { addBundle } from "./bundle";
import { addCompare } from "./compare";
import { addEngines } from "./engines";
import { addDoctor } from "./doctor";
import { addData } from "./data";
import { addEvaluate } from "./evaluate";
import { addExport } from "./export";
import { CommandFailure } from "./failure";
import { addFork } from "./fork";
import { addImport } from "./import";
import { addLibrary } from "./library";
import { addList } from "./list";
import { addQueue } from "./queue";
import { addRepair } from "./repair";
import { addResume } from "./resume";
import { addServe } from "./serve";
import { addShow } from "./show";
import { addSweep } from "./sweep";
import { oneLine } from "./terminal";
import type { Terminal } from "./terminal";
import { addTournament } from "./tournament";
import { addTrain } from "./train";
import { usageSentence } from "./usage";

/** Gives the exit code; never throws. */
export async function runCommandLine(
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const program = createProgram(terminal);
  try {
    await program.parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    // Commander has already printed its own sentence.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    terminal.error.write(`${oneLine(errorMessage(error))}\n`);
    return error instanceof CommandFailure ? error.exitCode : 1;
  }
}

function createProgram(terminal: Terminal): Command {
  const program = new Command("gan-workbench")
    .description(
      "Train generative adversarial networks, and keep every run. Without a window.",
    )
    .version(findVersion())
    .configureOutput({
      writeOut: (text) => void terminal.out.write(text),
      writeErr: (text) => void terminal.error.write(text),
      outputError: (text, write) => write(`${usageSentence(text)}\n`),
    })
    .exitOverride();
  addTrain(program, terminal);
  addRepair(program, terminal);
  addResume(program, terminal);
  addFork(program, terminal);
  addSweep(program, terminal);
  addQueue(program, terminal);
  addList(program, terminal);
  addShow(program, terminal);
  addLibrary(program, terminal);
  addCompare(program, terminal);
  addEvaluate(program, terminal);
  addDoctor(program, terminal);
  addTournament(program, terminal);
  addExport(program, terminal);
  addData(program, terminal);
  addImport(program, terminal);
  addBundle(program, terminal);
  addEngines(program, terminal);
  addServe(program, terminal);
  return program;
}
