/** `fork`: a new run that begins at a checkpoint of another, with some settings changed. */
import type { Command } from "commander";
import { asUsage, CommandFailure } from "./failure";
import { followRun } from "./follow";
import { addLibraryOptions, nameOption, parseStep } from "./options";
import type { LibraryOptions } from "./options";
import { findRun, withRuns } from "./session";
import type { Terminal } from "./terminal";
import { addSettingOptions, changeSettings, prepare } from "./train";
import type { SettingOptions } from "./train";

interface ForkOptions extends LibraryOptions, SettingOptions {
  at?: number;
  name?: string;
}

export function addFork(program: Command, terminal: Terminal): void {
  const command = program
    .command("fork <run>")
    .description("begin a new run at a checkpoint of another")
    .option("--at <step>", "which checkpoint (default: the last)", parseStep)
    .addOption(nameOption());
  addSettingOptions(command);
  addLibraryOptions(command).action(
    async (words: string, options: ForkOptions) => {
      await withRuns(options.library, async (application) => {
        const listing = await asUsage(async () => {
          const parent = await findRun(application, words);
          if (parent.kind === "damaged" || parent.record.settings === null)
            throw new CommandFailure(
              `The run ${words} has no settings to begin from.`,
              2,
            );
          const step = options.at ?? parent.checkpoints.at(-1);
          if (step === undefined || !parent.checkpoints.includes(step))
            throw new CommandFailure(
              parent.checkpoints.length === 0
                ? `The run ${words} has no checkpoint to begin from.`
                : `The run ${words} has no checkpoint at step ${step}; it has ${parent.checkpoints.join(", ")}.`,
              2,
            );
          const settings = await prepare(
            application,
            changeSettings(parent.record.settings, options),
            terminal,
            options,
          );
          return application.handlers.training.fork({
            run: parent.record.id,
            step,
            settings,
            name: options.name ?? null,
          });
        });
        await followRun(application, listing, terminal, Boolean(options.json));
      });
    },
  );
}
