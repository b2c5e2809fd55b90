/**
 * `resume`: goes on with a run from its last checkpoint, as if it had never stopped. With changed settings it says what
 * differs and asks first.
 */
import type { Command } from "commander";
import { settingRows } from "../../shared/settings/differences";
import type { TrainingSettings } from "../../shared/settings/settings";
import { asUsage, CommandFailure } from "./failure";
import { followRun } from "./follow";
import {
  addLibraryOptions,
  lengthOption,
  parseStep,
  setOption,
  totalOf,
} from "./options";
import type { Length, LibraryOptions } from "./options";
import { findRecord, withRuns } from "./session";
import { applySets } from "./set";
import { engineOption } from "./setting-options";
import type { Terminal } from "./terminal";

interface ResumeOptions extends LibraryOptions {
  at?: number;
  steps?: Length;
  set: string[];
  engine?: TrainingSettings["engine"]["id"];
  yes?: boolean;
}

export function addResume(program: Command, terminal: Terminal): void {
  const command = program
    .command("resume <run>")
    .description("resume a run from its last checkpoint (`last` works too)")
    .addOption(lengthOption())
    .option(
      "--at <step>",
      "the checkpoint to resume from, 0 to start over; what was trained after it is set aside (default: the newest)",
      parseStep,
    )
    .addOption(engineOption())
    .addOption(setOption())
    .option("--yes", "resume with changed settings without asking");
  addLibraryOptions(command).action(
    async (words: string, options: ResumeOptions) => {
      await withRuns(options.library, async (application) => {
        const listing = await asUsage(async () => {
          const { id, settings, progress } = await findRecord(
            application,
            words,
          );
          const { at, engine } = options;
          const sets = engine
            ? [...options.set, `engine.id=${engine}`]
            : options.set;
          const steps = totalOf(options.steps, at ?? progress.step);
          const changed =
            settings && sets.length > 0 ? applySets(settings, sets) : undefined;
          if (settings && changed)
            await agree(settings, changed, Boolean(options.yes), terminal);
          const resumed = await application.handlers.training.resume({
            run: id,
            at,
            steps,
            settings: changed,
          });
          const { totalSteps, step } = progress;
          if (steps && steps !== totalSteps && steps > step && totalSteps > 0)
            terminal.error.write(
              `The length changes from ${totalSteps} to ${steps} steps.\n`,
            );
          return resumed;
        });
        await followRun(application, listing, terminal, Boolean(options.json));
      });
    },
  );
}

/** Says what differs. Throws a CommandFailure where nobody agrees to it. */
async function agree(
  saved: TrainingSettings,
  now: TrainingSettings,
  isAgreed: boolean,
  terminal: Terminal,
): Promise<void> {
  const changes = settingRows([saved, now]).filter(({ differs }) => differs);
  for (const { label, values } of changes)
    terminal.error.write(
      `${label}: ${values[0] ?? "none"} so far, ${values[1] ?? "none"} from here on\n`,
    );
  if (isAgreed || changes.length === 0) return;
  if (!terminal.ask)
    throw new CommandFailure(
      "The settings differ from those the run was trained with; add --yes to resume with them.",
      2,
    );
  if (!(await terminal.ask("Resume with the changed settings?")))
    throw new CommandFailure("The run was left as it is.", 2);
}
