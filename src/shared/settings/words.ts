/**
 * What people call each setting and its choices: the form, Settings, Compare and the command line's tables say the same.
 * Paths are those of `settings.ts`, which files and flags keep.
 */
import { losses } from "../losses";
import type { Network } from "./network";
import type { Cadence, DataSettings, Schedule } from "./settings";
import type { LossName } from "../losses";

export interface SettingWords {
  label: string;
  /** Behind a number. */
  unit?: string;
  /** What people call each choice. */
  choices?: Readonly<Record<string, string>>;
  /** What null is; `none` otherwise. */
  none?: string;
  /** Of several values that are one setting to people, and so one row of a table. */
  text?: (value: never) => string;
}

const weightChoices: Readonly<Record<string, string>> = {
  "uniform-fan-in": "PyTorch's",
  normal: "normal",
  "he-normal": "He normal",
};

export const initializerNumbers: Readonly<Record<string, string>> = {
  mean: "mean",
  std: "standard deviation",
};

export const optimizerTitles: Readonly<Record<string, string>> = {
  adam: "Adam",
  rmsprop: "RMSprop",
  sgd: "SGD",
};

type InitializerKey = keyof Network["initializers"];

/** Of a learning rate and the other numbers of an optimizer. */
export const optimizerLabels: Readonly<Record<string, string>> = {
  type: "optimizer",
  learningRate: "learning rate",
  beta1: "beta 1",
  beta2: "beta 2",
  eps: "epsilon",
};

/** By the kind of layer that they initialize. */
export const initializerWords: Record<
  InitializerKey,
  { title: string; choices: Readonly<Record<string, string>> }
> = {
  dense: { title: "Linear", choices: weightChoices },
  conv: { title: "Conv", choices: weightChoices },
  batchNorm: {
    title: "Batch norm",
    choices: { ones: "at one", normal: "normal" },
  },
};

const lossTitles = Object.fromEntries(
  Object.entries(losses).map(([name, { title }]) => [name, title]),
) as Record<LossName, string>;

export const settingWords = {
  preset: { label: "Preset" },
  "data.source": { label: "Data set" },
  "data.size": { label: "Pixels a side" },
  "data.channels": { label: "Colour", choices: { 1: "grey", 3: "colour" } },
  "data.range": {
    label: "Values",
    choices: { symmetric: "−1 to 1", unit: "0 to 1" },
  },
  "data.fit": {
    label: "Not square",
    choices: { crop: "cropped", pad: "padded" },
  },
  "data.classes": { label: "Classes", none: "all" },
  "data.limit": {
    label: "At most",
    none: "all images",
    text: ({ count, pick }: NonNullable<DataSettings["limit"]>) =>
      pick === "first" ? `the first ${count} images` : `${count} images`,
  },
  "data.flip": {
    label: "Mirrored",
    choices: { false: "never", true: "half of the time" },
  },
  "data.heldOut": {
    label: "Held out",
    text: (share: number) => `${Number((100 * share).toFixed(2))} %`,
  },
  "data.strokesSeed": { label: "Seed of the strokes", none: "the run's" },
  "generator.network": { label: "Generator" },
  "discriminator.network": { label: "Discriminator" },
  "objective.loss": { label: "Loss", choices: lossTitles },
  "objective.reduction": {
    label: "D's loss is",
    choices: { sum: "real + fake", mean: "half of real + fake" },
  },
  "objective.order": {
    label: "Who moves first",
    choices: { "discriminator-first": "D", "generator-first": "G" },
  },
  "objective.secondUpdate": {
    label: "Second update sees",
    choices: {
      "fresh-noise": "fresh noise",
      "same-noise": "the same noise",
      "same-images": "the same images",
    },
  },
  "objective.generatorEvery": { label: "G moves every", unit: "steps" },
  "objective.clip": { label: "Clip D's weights to ±", none: "no" },
  "schedule.batchSize": { label: "Batch size" },
  "schedule.order": {
    label: "Order",
    choices: { shuffle: "shuffled", random: "random" },
  },
  "schedule.lastBatch": {
    label: "Short last batch",
    choices: { drop: "left out", keep: "used" },
  },
  "schedule.length": {
    label: "Length",
    text: ({ count, unit }: Schedule["length"]) => `${count} ${unit}`,
  },
  "sampling.count": { label: "Images a grid" },
  "sampling.cadences": {
    label: "A grid",
    text: (cadences: Cadence[]) =>
      cadences.map(cadenceText).join(", ") || "never",
  },
  "sampling.mode": {
    label: "Batch norm in samples",
    choices: {
      batch: "batch statistics",
      evaluation: "running statistics",
    },
  },
  "sampling.grid.perRow": { label: "Images a row" },
  "sampling.grid.padding": { label: "Pixels between images" },
  "sampling.grid.padValue": { label: "Grey between images" },
  "sampling.grid.normalize": { label: "Stretch the contrast of a grid" },
  "log.cadence": { label: "A line", text: cadenceText },
  "log.template": { label: "Line" },
  "checkpoints.everySteps": { label: "A checkpoint every", unit: "steps" },
  "checkpoints.everyMinutes": { label: "And every", unit: "min" },
  "checkpoints.keepLast": { label: "Newest to keep" },
  "checkpoints.keepBest": {
    label: "The most balanced",
    choices: { true: "kept too", false: "not kept" },
  },
  "engine.id": { label: "Engine", choices: { auto: "automatic" } },
  "engine.threads": { label: "Threads", none: "automatic" },
  "engine.spinning": {
    label: "Waiting threads",
    choices: { auto: "automatic", false: "sleep", true: "spin" },
  },
  seed: { label: "Seed" },
} satisfies Record<string, SettingWords>;

/** The words of a setting, if it has any. */
function wordsAt(path: string): SettingWords | undefined {
  const all: Readonly<Record<string, SettingWords>> = settingWords;
  return all[path];
}

/** What a setting is called in a table: `G learning rate`, `D: Linear weights`. */
export function labelOf(path: string): string {
  const [section, second, ...rest] = path.split(".");
  if (section === "optimizers") {
    const key = rest.join(" ");
    return `${letterOf(second)} ${optimizerLabels[key] ?? key}`;
  }
  if (second === "initializers") {
    const [kind, key] = rest;
    const { title } = initializerWords[kind as InitializerKey];
    const number = initializerNumbers[key];
    return `${letterOf(section)}: ${title} weights${number ? `, ${number}` : ""}`;
  }
  return wordsAt(path)?.label ?? inPlainWords(path);
}

/** The value of a setting as a table has it. */
export function settingInWords(path: string, value: unknown): string {
  const words = wordsAt(path);
  if (value === null || value === undefined) return words?.none ?? "none";
  const chosen = choicesAt(path)?.[String(value)];
  if (chosen !== undefined) return chosen;
  const text = words?.text?.(value as never) ?? plainText(value);
  return words?.unit ? `${text} ${words.unit}` : text;
}

/** Whether a setting of several values is one row of a table. */
export function isOneSetting(path: string): boolean {
  return wordsAt(path)?.text !== undefined;
}

function choicesAt(path: string): Readonly<Record<string, string>> | undefined {
  const [section, second, kind] = path.split(".");
  if (section === "optimizers") return optimizerTitles;
  return second === "initializers"
    ? initializerWords[kind as InitializerKey].choices
    : wordsAt(path)?.choices;
}

function letterOf(network: string): string {
  return network === "generator" ? "G" : "D";
}

function plainText(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return Array.isArray(value) ? value.map(plainText).join(", ") : String(value);
}

/** `every 100 steps of an epoch, from the first`, `every epoch`. */
function cadenceText(cadence: Cadence): string {
  const { every } = cadence;
  if (cadence.unit === "epoch")
    return every === 1 ? "every epoch" : `every ${every} epochs`;
  const steps = every === 1 ? "every step" : `every ${every} steps`;
  const within = cadence.within === "epoch" ? " of an epoch" : "";
  return `${steps}${within}${cadence.at === "start" ? ", from the first" : ""}`;
}

/** `memory (GiB)`: what has no words of its own; a unit at the end of a key keeps its letters. */
function inPlainWords(path: string): string {
  const words = path
    .split(".")
    .map((key) => {
      const [, word, unit] = /^(.*?)(GiB)?$/.exec(key) ?? [];
      const plain = word.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
      return unit ? `${plain} (${unit})` : plain;
    })
    .join(" ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
