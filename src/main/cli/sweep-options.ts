/** What `sweep start` is asked for, as the plan of a sweep. */
import { Option } from "commander";
import type { Command } from "commander";
import { presets } from "../../shared/settings/presets";
import { withClasses } from "../../shared/settings/fit-networks";
import { classCount } from "../../shared/settings/labels";
import type { TrainingSettings } from "../../shared/settings/settings";
import { sweepIdSchema } from "../../shared/sweeps/manifest";
import { planSweep } from "../../shared/sweeps/plan";
import type { SweepPlan } from "../../shared/sweeps/plan";
import { listOf, parseAxis, SweepError } from "../../shared/sweeps/values";
import { InvalidArgumentError } from "commander";
import type { Application } from "../host/app";
import { CommandFailure } from "./failure";
import {
  addLibraryOptions,
  nameOption,
  parseCount,
  parseSeed,
} from "./options";
import type { LibraryOptions } from "./options";
import {
  addSettingOptions,
  choosesData,
  prepareImages,
  settingsFrom,
  withDataAtHand,
} from "./setting-options";
import type { PreparedSettings, SettingOptions } from "./setting-options";
import type { RunnerOptions } from "./sweep-cluster";
import type { Terminal } from "./terminal";

export interface SweepOptions
  extends LibraryOptions, SettingOptions, RunnerOptions {
  preset?: string;
  vary: string[];
  seeds?: number;
  random?: number;
  randomSeed?: number;
  earlyStop?: number;
  report?: boolean;
  id?: string;
  name?: string;
  atOnce: number;
  detach?: boolean;
  dryRun?: boolean;
}

/** A plan whose data are at hand. */
export interface PreparedPlan {
  plan: SweepPlan;
  /** How many images a configuration trains on. */
  images: (settings: TrainingSettings) => number | null;
}

export function addSweepOptions(command: Command): Command {
  const names = presets.map(({ id }) => id).join(", ");
  command
    .option("--preset <id>", `where to start: ${names}`)
    .option(
      "--vary <key=values>",
      "a setting and its values: learningRate=1e-4,2e-4, batchSize=32 .. 128 3, learningRate=1e-4 .. 1e-2 log 5; also preset=a,b and dataset=a,b; repeatable",
      (text: string, before: string[]) => [...before, text],
      [],
    )
    .option(
      "--seeds <n>",
      "train each variant with so many seeds, counted from --seed",
      parseCount,
    )
    .option(
      "--random <n>",
      "so many variants drawn at random from the values and ranges, instead of every combination",
      parseCount,
    )
    .option(
      "--random-seed <n>",
      "the seed of the random search (default: 0)",
      parseSeed,
    )
    .option(
      "--early-stop <step>",
      "from this step on, stop a run whose best Fréchet distance is worse than the median of the other variants; needs checkpoints that are measured while it trains",
      parseCount,
    )
    .option(
      "--report",
      "write a report of the comparison beside the manifest at the end",
    )
    .option(
      "--id <id>",
      "the id of the sweep: starts it or, where it exists, resumes it",
      parseSweepId,
    )
    .addOption(nameOption())
    .addOption(atOnceOption());
  addSettingOptions(
    command,
    new Option("--steps <n>", "train each for so many steps").argParser(
      parseCount,
    ),
  );
  return addLibraryOptions(
    command
      .option("--detach", "put it in the queue of the library, and end")
      .option("--dry-run", "only say what it would train"),
  );
}

export function atOnceOption(): Option {
  return new Option("--at-once <n>", "train so many runs at the same time")
    .argParser(parseCount)
    .default(1);
}

/** Throws a CommandFailure that says what is wrong. Prepares the data of every variant, so that bad data start nothing. */
export async function planFrom(
  application: Application,
  options: SweepOptions,
  terminal: Terminal,
): Promise<PreparedPlan> {
  const axes = refusing(() => options.vary.map(parseAxis));
  const varied = axes.find(({ key }) => key === "preset");
  const first = varied ? listOf(varied.values)[0] : undefined;
  const preset = options.preset ?? (typeof first === "string" ? first : null);
  if (preset === null)
    throw new CommandFailure(
      "--preset is missing; --help shows what is possible.",
      2,
    );
  const isChosen =
    choosesData(options) ||
    axes.some(({ key }) => key === "dataset" || key === "data.source");
  const bases = new Map<string, TrainingSettings>();
  for (const id of new Set([preset, ...(varied ? listOf(varied.values) : [])]))
    bases.set(
      String(id),
      await baseOf(
        application,
        { ...options, preset: String(id) },
        isChosen,
        terminal,
      ),
    );
  const settings = bases.get(preset) as TrainingSettings;
  const plan = refusing(() =>
    planSweep({
      settings,
      presets: [...bases.values()],
      axes,
      seeds: seedsFrom(options, settings),
      random:
        options.random === undefined
          ? null
          : { count: options.random, seed: options.randomSeed ?? 0 },
    }),
  );
  return prepared(application, plan, terminal, options);
}

async function baseOf(
  application: Application,
  options: SweepOptions & { preset: string },
  isChosen: boolean,
  terminal: Terminal,
): Promise<TrainingSettings> {
  const settings = settingsFrom(options);
  return isChosen ? settings : withDataAtHand(application, settings, terminal);
}

/** Each data set once, whatever the number of variants. */
async function prepared(
  application: Application,
  plan: SweepPlan,
  terminal: Terminal,
  options: SweepOptions,
): Promise<PreparedPlan> {
  const known = new Map<string, PreparedSettings>();
  const counts = new Map<TrainingSettings, number>();
  const configurations = [];
  for (const configuration of plan.configurations) {
    const { settings: before } = configuration;
    const { data, schedule } = before;
    const key = JSON.stringify([data, schedule, classCount(before)]);
    const prepared =
      known.get(key) ??
      (await prepareImages(application, before, terminal, options));
    known.set(key, prepared);
    const classes = classCount(prepared.settings);
    const fitted = classes === null ? before : withClasses(before, classes);
    const settings = { ...fitted, data: prepared.settings.data };
    counts.set(settings, prepared.images);
    configurations.push({ ...configuration, settings });
  }
  const images = (settings: TrainingSettings) => counts.get(settings) ?? null;
  return { plan: { ...plan, configurations }, images };
}

function seedsFrom(
  { seeds }: SweepOptions,
  { seed }: TrainingSettings,
): number[] {
  return Array.from({ length: seeds ?? 1 }, (_, index) => seed + index);
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SweepError) throw new CommandFailure(error.message, 2);
    throw error;
  }
}

function parseSweepId(text: string): string {
  const parsed = sweepIdSchema.safeParse(text);
  if (!parsed.success)
    throw new InvalidArgumentError(
      "It must be at most 90 letters, digits, dots, dashes and underscores that begin with a letter or digit, and a name that any system allows.",
    );
  return parsed.data;
}
