/** `repair`: makes the record of a run again where its run.json is damaged or gone. */
import type { Command } from "commander";
import { asUsage } from "./failure";
import { addLibraryOptions } from "./options";
import type { LibraryOptions } from "./options";
import { idOf } from "../../shared/run";
import { findRun, withRuns } from "./session";
import { printJson, printLine } from "./terminal";
import type { Terminal } from "./terminal";

export function addRepair(program: Command, terminal: Terminal): void {
  const command = program
    .command("repair <run>")
    .description(
      "make a damaged run.json again from the run's checkpoints and event file",
    );
  addLibraryOptions(command).action(
    async (words: string, options: LibraryOptions) => {
      await withRuns(options.library, async (application) => {
        const found = await findRun(application, words);
        const run = idOf(found);
        const isSound = found.kind === "run";
        if (!isSound)
          await asUsage(() => application.handlers.runs.repair({ id: run }));
        if (options.json) printJson(terminal, { type: "repaired", run });
        else
          printLine(
            terminal,
            isSound
              ? `${run} can be read; nothing was changed.`
              : `${run} can be read again; what was in its run.json is in its set-aside folder.`,
          );
      });
    },
  );
}
