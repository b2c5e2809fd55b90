/** `train`: a new run from a preset. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Option } from "commander";
import type { Command } from "commander";
import { checkSettings, imagesProblem } from "../../shared/settings/check";
import { withImages } from "../../shared/settings/fit-networks";
import { findPreset, presets } from "../../shared/settings/presets";
import type { TrainingSettings } from "../../shared/settings/settings";
import { engineIds } from "../../shared/settings/settings";
import { idOf } from "../../shared/run";
import type { RunListing, RunRecord } from "../../shared/run";
import { settingRows } from "../../shared/settings/differences";
import { plannedSteps } from "../../shared/settings/length";
import type { Application } from "../host/app";
import { asUsage, CommandFailure } from "./failure";
import { followRun } from "./follow";
import {
  addLibraryOptions,
  nameOption,
  parseCount,
  parseSeed,
  parseRunId,
  parseText,
  setOption,
} from "./options";
import type { LibraryOptions } from "./options";
import { nearest } from "./nearest";
import { createProgressBar } from "./progress-bar";
import { findRecord, withApplication } from "./session";
import { applySets } from "./set";
import { oneLine, printJson, printLine } from "./terminal";
import type { Terminal } from "./terminal";

export interface SettingOptions {
  dataset?: string;
  epochs?: number;
  /** The total. */
  steps?: number;
  seed?: number;
  engine?: TrainingSettings["engine"]["id"];
  set: string[];
}

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
      "the id of the run: starts it or, where it exists, goes on with it, so that the same command can be run again",
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

/** The run of that id; null where it is to be started. */
async function existingRun(
  application: Application,
  id: string | undefined,
): Promise<RunRecord | null> {
  if (id === undefined) return null;
  const listings = await application.handlers.runs.list({});
  const isThere = listings.some((listing) => idOf(listing) === id);
  return isThere ? findRecord(application, id) : null;
}

/**
 * Goes on with a run that its caller named, where it stands: unattended, so that the newest checkpoint that can be read
 * will do. Null where it has trained its whole length already. Throws where the command asks for another run.
 */
async function takeUp(
  application: Application,
  { id, settings: saved, progress }: RunRecord,
  { settings, options }: { settings: TrainingSettings; options: TrainOptions },
  terminal: Terminal,
): Promise<RunListing | null> {
  if (!saved)
    throw new CommandFailure(
      `The run ${id} was imported; choose another id.`,
      2,
    );
  const wanted = asked(settings, saved, options);
  const [other] = settingRows([
    {
      ...saved,
      schedule: { ...saved.schedule, length: wanted.schedule.length },
    },
    wanted,
  ]).filter(({ differs }) => differs);
  if (other)
    throw new CommandFailure(
      `The run ${id} was trained with other settings (${other.label}: ${other.values[0] ?? "none"}, not ${other.values[1] ?? "none"}); choose another id, or change it with \`gan-workbench resume\`.`,
      2,
    );
  const total = plannedSteps(wanted, progress.stepsPerEpoch);
  if (total > 0 && progress.step >= total) {
    const type = "finished";
    if (options.json)
      printJson(terminal, { type, run: id, steps: progress.step });
    else
      printLine(
        terminal,
        `The run ${id} has trained all of its ${progress.step} steps already.`,
      );
    return null;
  }
  const silence = application.onEvent((event) => {
    if (event.type !== "notice" || event.notice.run !== id) return;
    if (options.json) printJson(terminal, { ...event.notice, type: "notice" });
    else printLine(terminal, event.notice.text);
  });
  try {
    return await application.handlers.training.resume({
      run: id,
      at: "readable",
      steps: null,
      settings: wanted,
    });
  } finally {
    silence();
  }
}

/** What the command asks for: who names no data takes the run's, and a path means the same wherever it is said. */
function asked(
  settings: TrainingSettings,
  saved: TrainingSettings,
  options: TrainOptions,
): TrainingSettings {
  const { source } = settings.data;
  const isSame =
    !choosesData(options) || resolve(source) === resolve(saved.data.source);
  return isSame
    ? { ...settings, data: { ...settings.data, source: saved.data.source } }
    : settings;
}

function choosesData({ dataset, set }: SettingOptions): boolean {
  return (
    dataset !== undefined || set.some((text) => text.startsWith("data.source="))
  );
}

/** Nobody asked for a download: the preset's own data set where it is on this machine, otherwise strokes. */
async function withDataAtHand(
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
    .option("--seed <n>", "where chance begins", parseSeed)
    .addOption(
      new Option("--engine <id>", "what computes").choices([
        "auto",
        ...engineIds,
      ]),
    )
    .addOption(setOption());
}

/** Throws a CommandFailure that says which option is wrong. */
function settingsFrom(options: TrainOptions): TrainingSettings {
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
  const settings = fitted(applySets(before, options.set), before);
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

/** With networks that fit images of another size or colour, unless the settings fit as they are. */
function fitted(
  settings: TrainingSettings,
  { data: before }: TrainingSettings,
): TrainingSettings {
  const { size, channels } = settings.data;
  const isSame = size === before.size && channels === before.channels;
  return isSame || checkSettings(settings).length === 0
    ? settings
    : withImages(settings, { size, channels });
}

/** Finds what the data set's name means, and brings and reads it once with its progress, so that bad data start nothing. */
export async function prepare(
  application: Application,
  settings: TrainingSettings,
  terminal: Terminal,
  { json = false }: LibraryOptions,
): Promise<TrainingSettings> {
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
  const { count, warnings } = await showTasks(application, terminal, json, () =>
    application.handlers.data.prepare({ data }),
  );
  for (const text of warnings)
    if (json) printJson(terminal, { type: "notice", level: "warning", text });
    else terminal.error.write(`Warning: ${oneLine(text)}\n`);
  const problem = imagesProblem(settings, count);
  if (problem) throw new CommandFailure(problem, 2);
  return { ...settings, data };
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
