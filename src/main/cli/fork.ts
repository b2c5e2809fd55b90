/** `fork`: a new run that begins at a checkpoint of another, with some settings changed. */
import type { Command } from "commander";
import type { RunRecord } from "../../shared/run";
import { plannedSteps, untilStep } from "../../shared/settings/length";
import type { TrainingSettings } from "../../shared/settings/settings";
import { asUsage, CommandFailure } from "./failure";
import { followRun } from "./follow";
import {
  addLibraryOptions,
  lengthOption,
  nameOption,
  parseStep,
  totalOf,
} from "./options";
import type { Length, LibraryOptions } from "./options";
import { findRun, withRuns } from "./session";
import type { Terminal } from "./terminal";
import { addSettingOptions, changeSettings, prepare } from "./setting-options";
import type { SettingOptions } from "./setting-options";

interface ForkOptions extends LibraryOptions, Omit<SettingOptions, "steps"> {
  at?: number;
  steps?: Length;
  name?: string;
}

export function addFork(program: Command, terminal: Terminal): void {
  const command = program
    .command("fork <run>")
    .description("begin a new run at a checkpoint of another")
    .option("--at <step>", "which checkpoint (default: the last)", parseStep)
    .addOption(nameOption());
  addSettingOptions(command, lengthOption());
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
            lengthened(
              changeSettings(parent.record.settings, {
                ...options,
                steps: totalOf(options.steps, step) ?? undefined,
              }),
              { options, step, progress: parent.record.progress },
              terminal,
            ),
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

/** A fork of a run that has ended trains as long as that did, unless somebody says otherwise. */
function lengthened(
  settings: TrainingSettings,
  {
    options,
    step,
    progress,
  }: { options: ForkOptions; step: number; progress: RunRecord["progress"] },
  terminal: Terminal,
): TrainingSettings {
  const total = plannedSteps(settings, progress.stepsPerEpoch);
  const isSaid = options.steps ?? options.epochs;
  if (isSaid !== undefined || total === 0 || total > step) return settings;
  terminal.error.write(
    `It trains ${total} steps more, until step ${step + total}.\n`,
  );
  return untilStep(settings, step + total);
}
