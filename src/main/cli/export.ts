/** `export`: pictures, figures and networks of runs as files; the same requests as the window's. */
import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import {
  defaultLook,
  exportRequestSchema,
} from "../../shared/contract/exports";
import {
  askedFormats,
  exportFormats,
} from "../../shared/contract/export-formats";
import type {
  ExportFormat,
  ExportRequest,
} from "../../shared/contract/exports";
import type { ZodError } from "zod";
import { weightChoiceSchema } from "../../shared/run";
import { explain } from "../../shared/settings/explain";
import type { Application } from "../host/app";
import type { SavedExport } from "../host/exports";
import { asUsage, CommandFailure } from "./failure";
import { addLibraryOptions, parseText } from "./options";
import type { LibraryOptions } from "./options";
import { createProgressBar } from "./progress-bar";
import { findRecord, withRuns } from "./session";
import { printJson, printLine } from "./terminal";
import type { Terminal } from "./terminal";

interface ExportOptions extends LibraryOptions {
  format: ExportFormat;
  out: string;
  force?: boolean;
  step?: number | "last" | "all";
  at?: number | "last" | "all";
  count?: number;
  seed?: number;
  weights?: string;
  as?: string;
  tiles?: number[];
  perRow?: number;
  padding?: number;
  scale?: number;
  smooth?: boolean;
  labels?: boolean;
  caption?: string[];
  background?: string;
  fps?: number;
  hold?: number;
  frames?: number;
  stamp: boolean;
  rows?: number;
  tags?: string[];
  axis?: string;
  smoothing?: number;
  commonScale?: boolean;
  groupSeeds: boolean;
  width?: number;
  height?: number;
  title?: string;
  across?: string;
  down?: string;
  held?: string[];
  ofSeed?: number;
}

export function addExport(program: Command, terminal: Terminal): void {
  const command = program
    .command("export <run...>")
    .summary("write pictures, metrics or networks of a run to a file")
    .description(
      `write pictures, metrics or networks of a run to a file:\n${listFormats()}`,
    )
    .addOption(
      new Option("--format <format>", "what to write")
        .choices(askedFormats)
        .makeOptionMandatory(),
    )
    .requiredOption(
      "--out <path>",
      "the file, or the folder for many files",
      parseText,
    )
    .option("--force", "replace what is there")
    .option("--step <n|last|all>", "which step (default: last)", parseStep)
    .addOption(
      new Option(
        "--weights <which>",
        "of G, in networks and new samples: their average, where the run keeps one, or the last (default: average)",
      ).choices(weightChoiceSchema.options),
    );
  addSampleOptions(command);
  addPictureOptions(command);
  addMatrixOptions(command);
  addChartOptions(command);
  addLibraryOptions(command).action(
    async (words: string[], options: ExportOptions) => {
      await withRuns(options.library, (application) =>
        exportRuns(application, words, options, terminal),
      );
    },
  );
}

/** Makes an export with a progress bar. Ctrl-C leaves nothing behind. */
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
  process.once("SIGINT", interrupt);
  try {
    return await application.saveExport(request, target, {
      id,
      force,
      signal: abort.signal,
    });
  } finally {
    process.removeListener("SIGINT", interrupt);
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

/** Throws a CommandFailure that names what does not fit. */
function requestFrom(
  runs: readonly string[],
  options: ExportOptions,
): ExportRequest {
  const first = oneRequest(runs, options);
  if (runs.length === 1 || !("run" in first)) return first;
  return exportRequestSchema.parse({
    format: "many",
    requests: runs.map((run) => ({ ...first, run })),
  });
}

function oneRequest(
  runs: readonly string[],
  options: ExportOptions,
): ExportRequest {
  const { format, fps, hold, smooth, tags, ...rest } = options;
  const asked = {
    ...rest,
    format,
    run: runs[0],
    runs,
    framesPerSecond: fps,
    holdLast: hold,
    as: rest.as ?? formOf(rest.out),
    tags,
    held: Object.fromEntries((options.held ?? []).map(pairOf)),
    look: {
      ...defaultLook,
      ...defined({
        tiles: options.tiles,
        perRow: options.perRow,
        padding: options.padding,
        scale: options.scale,
        labels: options.labels ?? (options.caption && true),
        caption: options.caption,
        background: options.background,
      }),
      ...(smooth && { resample: "smooth" }),
    },
  };
  const request = exportRequestSchema.safeParse(asked);
  if (!request.success)
    throw new CommandFailure(wrongRequest(request.error), 2);
  return request.data;
}

/** `key=value`. */
function pairOf(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1)
    throw new CommandFailure(
      `--held needs a setting and its value, such as batchSize=64, not ${text}.`,
      2,
    );
  return [text.slice(0, at), text.slice(at + 1)];
}

/** What the name of the file asks for. */
function formOf(path: string): string {
  return /\.(zip|npz)$/i.exec(path)?.[1].toLowerCase() ?? "folder";
}

/** A request's field by the option that fills it. */
const optionNames: Readonly<Record<string, string>> = {
  framesPerSecond: "fps",
  holdLast: "hold",
};

function wrongRequest(error: ZodError): string {
  const words = explain(error).replace(/^look\./, "");
  const option = words.replace(/^\w+/, (field) => {
    const name = optionNames[field] ?? field;
    return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  });
  return `--${option}.`;
}

function addSampleOptions(command: Command): void {
  command
    .option(
      "--at <n|last>",
      "the checkpoint of new samples (default: last)",
      parseStep,
    )
    .option("--count <n>", "how many new samples (default: 1000)", parseNumber)
    .option("--seed <n>", "of their latent vectors (default: 0)", parseNumber)
    .option(
      "--as <form>",
      "new samples as folder, zip or npz (default: as --out ends, or a folder)",
    );
}

function addPictureOptions(command: Command): void {
  command
    .option("--scale <n>", "pixels per pixel of the sample", parseNumber)
    .option("--smooth", "resample smoothly instead of in squares")
    .option("--tiles <list>", "tiles by number: 0,3,7", parseNumbers)
    .option("--per-row <n>", "tiles per row", parseNumber)
    .option(
      "--padding <n>",
      "pixels between tiles (default: as saved)",
      parseNumber,
    )
    .option(
      "--background <#rrggbb>",
      "what lies between tiles (default: as saved)",
    )
    .option("--labels", "write the run's name and the step into the picture")
    .option(
      "--caption <list>",
      "settings and metrics beside the name: rate,seed,loss/generator",
      parseWords,
    )
    .option("--rows <n>", "rows of a sheet", parseNumber)
    .option("--fps <n>", "frames per second", parseNumber)
    .option("--hold <seconds>", "how long the last frame stays", parseNumber)
    .option("--frames <n>", "at most n frames", parseNumber)
    .option("--no-stamp", "leave the step out of the corner");
}

function addMatrixOptions(command: Command): void {
  command
    .option(
      "--across <path>",
      "the setting of a matrix's columns: schedule.batchSize (default: chosen)",
    )
    .option("--down <path>", "the setting of its rows")
    .option(
      "--held <path=value>",
      "what else varies, held at a value: batchSize=64 (repeatable)",
      (text: string, before: string[] = []) => [...before, text],
    )
    .option(
      "--of-seed <n>",
      "the seed whose run stands in each cell (default: the first)",
      parseNumber,
    );
}

function addChartOptions(command: Command): void {
  command
    .option(
      "--tags <list>",
      "metrics of a chart: loss/generator,score/real",
      parseWords,
    )
    .option("--axis <axis>", "step, epoch, relative or wall")
    .option(
      "--smoothing <weight>",
      "0 to 0.999, as in TensorBoard",
      parseNumber,
    )
    .option("--common-scale", "bring all discriminator losses to one scale")
    .option("--no-group-seeds", "draw every seed as a curve of its own")
    .option("--width <pixels>", "of a chart", parseNumber)
    .option("--height <pixels>", "of a chart", parseNumber)
    .option("--title <title>", "of a report");
}

function listFormats(): string {
  return askedFormats
    .map((name) => `  ${name.padEnd(12)} ${exportFormats[name].summary}`)
    .join("\n");
}

function parseStep(text: string): number | "last" | "all" {
  if (text === "last" || text === "all") return text;
  if (!/^\d{1,12}$/.test(text))
    throw new InvalidArgumentError("It must be a step, `last` or `all`.");
  return Number(text);
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value))
    throw new InvalidArgumentError("It must be a number.");
  return value;
}

function parseNumbers(text: string): number[] {
  return text.split(",").map(parseNumber);
}

function parseWords(text: string): string[] {
  return text.split(",").map((word) => word.trim());
}

/** Without what was not said, so that defaults stay. */
function defined(options: object): object {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
}
