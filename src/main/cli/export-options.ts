/** The options of `export`, by what they are about; each fills a field of the request that the window fills too. */
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { askedFormats } from "../../shared/contract/export-formats";
import type { ExportFormat } from "../../shared/contract/exports";
import { weightChoiceSchema } from "../../shared/run";
import { parseText } from "./options";
import type { LibraryOptions } from "./options";

export interface ExportOptions extends LibraryOptions {
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

export function addExportOptions(command: Command): void {
  addCommonOptions(command);
  addSampleOptions(command);
  addPictureOptions(command);
  addMatrixOptions(command);
  addChartOptions(command);
}

function addCommonOptions(command: Command): void {
  command
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
