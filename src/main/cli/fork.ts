/** `fork`: a new run that begins at a checkpoint of another, with some settings changed. */
import { Option } from "commander";
import type { Command } from "commander";
import { changesOf, findingIds, trialOf } from "../../shared/doctor/finding";
import type { FindingId } from "../../shared/doctor/finding";
import type { TrialPlan } from "../../shared/doctor/trial";
import { withChanges } from "../../shared/settings/change";
import type { SettingChange } from "../../shared/settings/change";
import type { RunRecord } from "../../shared/run";
import { plannedSteps, untilStep } from "../../shared/settings/length";
import type { TrainingSettings } from "../../shared/settings/settings";
import type { Application } from "../host/app";
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
  finding?: FindingId;
  control?: boolean;
}

export function addFork(program: Command, terminal: Terminal): void {
  const command = program
    .command("fork <run>")
    .description("start a new run from another run's checkpoint")
    .option(
      "--at <step>",
      "which checkpoint; 0 begins as the run did (default: the last)",
      parseStep,
    )
    .addOption(
      new Option(
        "--finding <id>",
        "take the fork that `gan-workbench doctor` offers for this finding: its checkpoint and its one difference",
      )
        .choices(findingIds)
        .conflicts(["at", "set"]),
    )
    .option(
      "--control",
      "with --finding: train the same steps without the difference, which tells whether that was the reason",
    )
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
          const offer = await offerOf(application, parent.record.id, options);
          const step = offer?.step ?? options.at ?? parent.checkpoints.at(-1);
          if (
            step === undefined ||
            (step > 0 && !parent.checkpoints.includes(step))
          )
            throw new CommandFailure(
              parent.checkpoints.length === 0
                ? `The run ${words} has no checkpoint to begin from; --at 0 begins as it did.`
                : `The run ${words} has no checkpoint at step ${step}; it has ${parent.checkpoints.join(", ")}.`,
              2,
            );
          const settings = await prepare(
            application,
            lengthened(
              changeSettings(offered(parent.record.settings, offer), {
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
            trial: offer?.trial,
          });
        });
        await followRun(application, listing, terminal, Boolean(options.json));
      });
    },
  );
}

interface Offer {
  step: number;
  changes: readonly SettingChange[];
  trial: TrialPlan;
}

/** What the doctor offers for the finding that was named; null where none was. */
async function offerOf(
  application: Application,
  run: string,
  { finding: id, control }: ForkOptions,
): Promise<Offer | null> {
  if (!id) {
    if (control)
      throw new CommandFailure(
        "--control needs --finding: a control is compared with a fork that takes the doctor's advice.",
        2,
      );
    return null;
  }
  const { findings } = await application.handlers.doctor.diagnose({ run });
  const finding = findings.find((one) => one.id === id);
  if (!finding?.fork)
    throw new CommandFailure(
      finding
        ? `The doctor offers no fork for ${id}: ${finding.advice}`
        : `The doctor does not find ${id} in this run; it finds ${findings.map((one) => one.id).join(", ")}.`,
      2,
    );
  const trial = trialOf(finding);
  return {
    step: finding.fork.step,
    changes: control ? [] : changesOf(finding.fork),
    trial: control ? { ...trial, role: "control" } : trial,
  };
}

function offered(
  settings: TrainingSettings,
  offer: Offer | null,
): TrainingSettings {
  return offer ? withChanges(settings, offer.changes) : settings;
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
