/** `bundle`: a run's whole folder as one ZIP, for another machine's `import`. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { idOf } from "../../shared/run";
import { createStore } from "../runs/store";
import { asUsage } from "./failure";
import { addLibraryOptions } from "./options";
import type { LibraryOptions } from "./options";
import { findRun, withRuns } from "./session";
import { printJson, printLine } from "./terminal";
import type { Terminal } from "./terminal";

interface BundleOptions extends LibraryOptions {
  force?: boolean;
}

export function addBundle(program: Command, terminal: Terminal): void {
  const command = program
    .command("bundle <run> <file>")
    .description("write a run as one ZIP that `import` takes")
    .option("--force", "replace an existing file");
  addLibraryOptions(command).action(
    async (words: string, file: string, options: BundleOptions) => {
      const target = resolve(file);
      await withRuns(options.library, async (application) => {
        const run = idOf(await findRun(application, words));
        const { library } = await application.handlers.app.info({});
        await asUsage(async () => {
          const store = await createStore(library, { make: false });
          await store.exportBundle(run, target, {
            force: Boolean(options.force),
          });
          await store.close();
        });
        if (options.json)
          printJson(terminal, { type: "bundled", run, path: target });
        else printLine(terminal, target);
      });
    },
  );
}
