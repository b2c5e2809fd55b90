/** The options that make settings of a preset or change those of a run, and what is brought and read before one starts. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Option } from "commander";
import type { Command } from "commander";
import { nearest } from "../../shared/nearest";
import { fittedTo } from "../../shared/settings/change";
import { checkSettings, imagesProblem } from "../../shared/settings/check";
import { withClasses } from "../../shared/settings/fit-networks";
import { classCount, labelsProblem } from "../../shared/settings/labels";
import { forewarn } from "../../shared/settings/forewarn";
import { findPreset, presets } from "../../shared/settings/presets";
import { engineIds } from "../../shared/settings/settings";
import type { TrainingSettings } from "../../shared/settings/settings";
import type { Application } from "../host/app";
import { CommandFailure } from "./failure";
import { parseCount, parseSeed, parseText, setOption } from "./options";
import type { LibraryOptions } from "./options";
import { createProgressBar } from "./progress-bar";
import { applySets } from "./set";
import { oneLine, printJson } from "./terminal";
import type { Terminal } from "./terminal";

export function engineOption(): Option {
  return new Option("--engine <id>", "the engine that trains").choices([
    "auto",
    ...engineIds,
  ]);
}

export interface SettingOptions {
  dataset?: string;
  epochs?: number;
  /** The total. */
  steps?: number;
  seed?: number;
  engine?: TrainingSettings["engine"]["id"];
  set: string[];
}

/** What `train` and `fork` let people change; `steps` is how a length in steps is said. */
export function addSettingOptions(command: Command, steps: Option): void {
  command
    .option(
      "--dataset <id or path>",
      "the images: strokes, mnist, fashion-mnist, a folder, or a ZIP, IDX or NumPy file (default: the preset's where it is on this machine, otherwise strokes)",
      parseText,
    )
    .addOption(
      new Option("--epochs <n>", "train for so many epochs")
        .argParser(parseCount)
        .conflicts("steps"),
    )
    .addOption(steps)
    .option("--seed <n>", "the random seed", parseSeed)
    .addOption(engineOption())
    .addOption(setOption());
}

/** Throws a CommandFailure that says which option is wrong. */
export function settingsFrom(
  options: SettingOptions & { preset: string },
): TrainingSettings {
  const preset = findPreset(options.preset);
  if (!preset) throw new CommandFailure(unknownPreset(options.preset), 2);
  return changeSettings(preset.settings, options);
}

function unknownPreset(id: string): string {
  const ids = presets.map((preset) => preset.id);
  const meant = nearest(id, ids);
  const advice = meant
    ? `did you mean ${meant}?`
    : `there are ${ids.join(", ")}.`;
  return `There is no preset ${id}; ${advice}`;
}

/** Throws a CommandFailure where the changed settings make no sense. */
export function changeSettings(
  before: TrainingSettings,
  options: SettingOptions,
): TrainingSettings {
  const settings = fittedTo(before, applySets(before, options.set));
  const { steps, epochs, seed, engine, dataset } = options;
  if (steps) settings.schedule.length = { unit: "steps", count: steps };
  if (epochs) settings.schedule.length = { unit: "epochs", count: epochs };
  if (seed !== undefined) settings.seed = seed;
  if (engine) settings.engine.id = engine;
  if (dataset) settings.data.source = dataset;
  const [problem] = checkSettings(settings);
  if (problem)
    throw new CommandFailure(`${problem.path}: ${problem.message}`, 2);
  return settings;
}

export function choosesData({ dataset, set }: SettingOptions): boolean {
  return (
    dataset !== undefined || set.some((text) => text.startsWith("data.source="))
  );
}

/** Nobody asked for a download: the preset's own data set where it is on this machine, otherwise strokes. */
export async function withDataAtHand(
  application: Application,
  settings: TrainingSettings,
  { error }: Terminal,
): Promise<TrainingSettings> {
  const { source } = settings.data;
  const listings = await application.handlers.data.list({});
  const own = listings.find((listing) => listing.source === source);
  if (!own || own.state === "ready") return settings;
  error.write(
    `${own.title} is not on this machine, so this run trains on strokes; --dataset ${source} downloads it.\n`,
  );
  return { ...settings, data: { ...settings.data, source: "strokes" } };
}

export interface PreparedSettings {
  settings: TrainingSettings;
  /** How many there are to train on. */
  images: number;
}

export async function prepare(
  application: Application,
  settings: TrainingSettings,
  terminal: Terminal,
  options: LibraryOptions,
): Promise<TrainingSettings> {
  return (await prepareImages(application, settings, terminal, options))
    .settings;
}

/** Finds what the data set's name means, and brings and reads it once with its progress, so that bad data start nothing. */
export async function prepareImages(
  application: Application,
  settings: TrainingSettings,
  terminal: Terminal,
  { json = false }: LibraryOptions,
): Promise<PreparedSettings> {
  const { source } = settings.data;
  const listings = await application.handlers.data.list({});
  const isKnown = listings.some((listing) => listing.source === source);
  const data = isKnown
    ? settings.data
    : { ...settings.data, source: resolve(source) };
  if (!isKnown && !existsSync(data.source)) {
    const meant = nearest(
      source,
      listings.map((listing) => listing.source),
    );
    if (meant)
      throw new CommandFailure(
        `There is no data set ${source}; did you mean ${meant}?`,
        2,
      );
  }
  const { count, classes, warnings } = await showTasks(
    application,
    terminal,
    json,
    () => application.handlers.data.prepare({ data }),
  );
  for (const text of [
    ...forewarn(settings, null).map((warning) => warning.text),
    ...warnings,
  ])
    if (json) printJson(terminal, { type: "notice", level: "warning", text });
    else terminal.error.write(`Warning: ${oneLine(text)}\n`);
  // Networks that read labels are for the classes that there are.
  const fitted =
    classes && classes.length >= 2 && classCount(settings) !== null
      ? withClasses(settings, classes.length)
      : settings;
  const problem =
    imagesProblem(fitted, count) ?? labelsProblem(fitted, data.source, classes);
  if (problem) throw new CommandFailure(problem, 2);
  return { settings: { ...fitted, data }, images: count };
}

/** Shows the progress of what the application does meanwhile, as a bar or as JSON. */
export async function showTasks<T>(
  application: Application,
  terminal: Terminal,
  json: boolean,
  work: () => Promise<T> | T,
): Promise<T> {
  const bar = createProgressBar(terminal.error);
  const silence = application.onEvent((event) => {
    if (event.type !== "task-progress") return;
    if (json) printJson(terminal, { ...event.task, type: "task" });
    else bar.showTask(event.task);
  });
  try {
    return await work();
  } finally {
    silence();
    bar.clear();
  }
}
