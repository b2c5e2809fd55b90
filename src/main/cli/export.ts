/** `export`: pictures, metrics and networks of runs as files; the same requests as the window's. */
import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import type { Command } from "commander";
import {
  askedFormats,
  exportFormats,
} from "../../shared/contract/export-formats";
import type { ExportRequest } from "../../shared/contract/exports";
import type { Application } from "../host/app";
import type { SavedExport } from "../host/exports";
import { addExportOptions } from "./export-options";
import type { ExportOptions } from "./export-options";
import { requestFrom } from "./export-request";
import { onEndSignal } from "./end-signal";
import { asUsage, CommandFailure } from "./failure";
import { addLibraryOptions } from "./options";
import { createProgressBar } from "./progress-bar";
import { findRecord, withRuns } from "./session";
import { printJson, printLine } from "./terminal";
import type { Terminal } from "./terminal";

export function addExport(program: Command, terminal: Terminal): void {
  const command = program
    .command("export <run...>")
    .summary("write pictures, metrics or networks of a run to a file")
    .description(
      `write pictures, metrics or networks of a run to a file:\n${listFormats()}`,
    );
  addExportOptions(command);
  addLibraryOptions(command).action(
    async (words: string[], options: ExportOptions) => {
      await withRuns(options.library, (application) =>
        exportRuns(application, words, options, terminal),
      );
    },
  );
}

/** Makes an export with a progress bar. A signal to end leaves nothing behind. */
export async function writeExport(
  application: Application,
  request: ExportRequest,
  target: string,
  force: boolean,
  terminal: Terminal,
): Promise<SavedExport> {
  const id = randomUUID();
  const abort = new AbortController();
  const interrupt = () => {
    abort.abort(new CommandFailure("The export was cancelled.", 1));
  };
  const bar = createProgressBar(terminal.error);
  const silence = application.onEvent((event) => {
    if (event.type === "task-progress" && event.task.id === id)
      bar.showTask(event.task);
  });
  const forgetSignals = onEndSignal(interrupt);
  try {
    return await application.saveExport(request, target, {
      id,
      force,
      signal: abort.signal,
    });
  } finally {
    forgetSignals();
    silence();
    bar.clear();
  }
}

async function exportRuns(
  application: Application,
  words: readonly string[],
  options: ExportOptions,
  terminal: Terminal,
): Promise<void> {
  const runs: string[] = [];
  for (const word of words) runs.push((await findRecord(application, word)).id);
  const request = requestFrom(runs, options);
  const target = resolve(options.out);
  const { bytes, remarks } = await asUsage(() =>
    writeExport(application, request, target, Boolean(options.force), terminal),
  );
  for (const remark of remarks) terminal.error.write(`${remark}\n`);
  if (options.json)
    printJson(terminal, {
      type: "exported",
      format: options.format,
      runs,
      path: target,
      bytes,
      remarks,
    });
  else printLine(terminal, target);
}

function listFormats(): string {
  return askedFormats
    .map((name) => `  ${name.padEnd(12)} ${exportFormats[name].summary}`)
    .join("\n");
}
