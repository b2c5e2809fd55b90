/** `train`: a new run from a preset. */
import { Option } from "commander";
import type { Command } from "commander";
import { presets } from "../../shared/settings/presets";
import { asUsage } from "./failure";
import { followRun } from "./follow";
import {
  addLibraryOptions,
  nameOption,
  parseCount,
  parseRunId,
} from "./options";
import type { LibraryOptions } from "./options";
import { withApplication } from "./session";
import {
  addSettingOptions,
  choosesData,
  prepare,
  settingsFrom,
  withDataAtHand,
} from "./setting-options";
import type { SettingOptions } from "./setting-options";
import { existingRun, takeUp } from "./take-up";
import type { Terminal } from "./terminal";

interface TrainOptions extends LibraryOptions, SettingOptions {
  preset: string;
  runId?: string;
  name?: string;
}

export function addTrain(program: Command, terminal: Terminal): void {
  const names = presets.map(({ id }) => id).join(", ");
  const command = program
    .command("train")
    .description("train a new run and keep it in the library")
    .requiredOption("--preset <id>", `where to start: ${names}`)
    .option(
      "--run-id <id>",
      "the id of the run: starts it or, where it exists, resumes it, so that the same command can be run again",
      parseRunId,
    )
    .addOption(nameOption());
  addSettingOptions(
    command,
    new Option("--steps <n>", "train for so many steps").argParser(parseCount),
  );
  addLibraryOptions(command).action(async (options: TrainOptions) => {
    const settings = await asUsage(() => settingsFrom(options));
    await withApplication(options.library, async (application) => {
      const listing = await asUsage(async () => {
        const existing = await existingRun(application, options.runId);
        if (existing)
          return takeUp(application, existing, { settings, options }, terminal);
        const started = choosesData(options)
          ? settings
          : await withDataAtHand(application, settings, terminal);
        return application.handlers.training.start({
          id: options.runId,
          settings: await prepare(application, started, terminal, options),
          name: options.name ?? null,
        });
      });
      if (!listing) return;
      await followRun(application, listing, terminal, Boolean(options.json));
    });
  });
}
