/** `resume`: goes on with a run from its last checkpoint, as if it had never stopped. */
import type { Command } from "commander";
import { asUsage } from "./failure";
import { followRun } from "./follow";
import { addLibraryOptions, parseCount } from "./options";
import type { LibraryOptions } from "./options";
import { findRecord, withApplication } from "./session";
import type { Terminal } from "./terminal";

interface ResumeOptions extends LibraryOptions {
  steps?: number;
}

export function addResume(program: Command, terminal: Terminal): void {
  const command = program
    .command("resume <run>")
    .description("go on with a run from its last checkpoint (`last` works too)")
    .option("--steps <n>", "the new total of steps", parseCount);
  addLibraryOptions(command).action(
    async (words: string, options: ResumeOptions) => {
      await withApplication(options.library, async (application) => {
        const listing = await asUsage(async () => {
          const { id, progress } = await findRecord(application, words);
          const { steps } = options;
          if (steps && steps !== progress.totalSteps && progress.totalSteps > 0)
            terminal.error.write(
              `The length changes from ${progress.totalSteps} to ${steps} steps; everything else is as it was.\n`,
            );
          return application.handlers.training.resume({
            run: id,
            steps: steps ?? null,
          });
        });
        await followRun(application, listing, terminal, Boolean(options.json));
      });
    },
  );
}
