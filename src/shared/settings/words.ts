/**
 * What people call each setting and its choices: the form, Settings, Compare and the command line's tables say the same.
 * Paths are those of `settings.ts`, which files and flags keep.
 */
import { lossNames, losses } from "../losses";
import type { DataIdentity } from "../run";
import type { Network, NormInitializer, WeightInitializer } from "./network";
import type { Improvements } from "./improvements";
import type { Cadence, DataSettings, Schedule } from "./settings";
import {
  augmentationText,
  cadenceText,
  penaltiesText,
  percent,
  plainText,
  rateScheduleText,
} from "./texts";

interface Choice {
  value: string | number | boolean;
  label: string;
}

export interface SettingWords {
  label: string;
  /** Behind a number. */
  unit?: string;
  choices?: readonly Choice[];
  /** What null is; `none` otherwise. */
  none?: string;
  /** Of several values that are one setting to people, and so one row of a table. */
  text?: (value: never) => string;
}

const weightChoices = [
  { value: "uniform-fan-in", label: "PyTorch's" },
  { value: "normal", label: "normal" },
  { value: "he-normal", label: "He normal" },
] as const;

export const initializerNumbers = {
  mean: "Mean",
  std: "Standard deviation",
} as const;

export const optimizerTypes = [
  { value: "adam", label: "Adam" },
  { value: "rmsprop", label: "RMSprop" },
  { value: "sgd", label: "SGD" },
] as const;

/** Of an optimiser, behind the letter of its network. */
const optimizerLabels = {
  type: "optimiser",
  learningRate: "learning rate",
  beta1: "beta 1",
  beta2: "beta 2",
  eps: "epsilon",
  alpha: "alpha",
  momentum: "momentum",
} as const;

type Initializer = WeightInitializer | NormInitializer;
type InitializerKey = keyof Network["initializers"];

/** By the kind of layer that they initialize. */
export const initializerWords: Record<
  InitializerKey,
  {
    title: string;
    choices: readonly { value: Initializer["type"]; label: string }[];
  }
> = {
  dense: { title: "Linear", choices: weightChoices },
  conv: { title: "Conv", choices: weightChoices },
  batchNorm: {
    title: "Batch norm",
    choices: [
      { value: "ones", label: "at one" },
      { value: "normal", label: "normal" },
    ],
  },
};

const lossChoices = lossNames.map((value) => ({
  value,
  label: losses[value].title,
}));

export const settingWords = {
  preset: { label: "Preset" },
  "data.source": { label: "Data set" },
  "data.size": { label: "Pixels a side" },
  "data.channels": {
    label: "Colour",
    choices: [
      { value: 1, label: "grey" },
      { value: 3, label: "colour" },
    ],
  },
  "data.range": {
    label: "Pixel values",
    choices: [
      { value: "symmetric", label: "−1 to 1" },
      { value: "unit", label: "0 to 1" },
    ],
  },
  "data.fit": {
    label: "Non-square images",
    choices: [
      { value: "crop", label: "cropped" },
      { value: "pad", label: "padded" },
    ],
  },
  "data.classes": { label: "Classes", none: "all" },
  "data.limit": {
    label: "Number of images",
    none: "all images",
    text: ({ count, pick }: NonNullable<DataSettings["limit"]>) =>
      pick === "first" ? `the first ${count} images` : `${count} images`,
  },
  "data.flip": {
    label: "Mirrored",
    choices: [
      { value: false, label: "never" },
      { value: true, label: "half of the time" },
    ],
  },
  "data.heldOut": {
    label: "Held out",
    text: percent,
  },
  "data.strokesSeed": { label: "Seed of the strokes", none: "the run's" },
  "generator.network": { label: "Generator" },
  "discriminator.network": { label: "Discriminator" },
  "objective.loss": { label: "Loss", choices: lossChoices },
  "objective.reduction": {
    label: "D loss is",
    choices: [
      { value: "sum", label: "real + fake" },
      { value: "mean", label: "half of real + fake" },
    ],
  },
  "objective.order": {
    label: "Updated first",
    choices: [
      { value: "discriminator-first", label: "D" },
      { value: "generator-first", label: "G" },
    ],
  },
  "objective.secondUpdate": {
    label: "Second update sees",
    choices: [
      { value: "fresh-noise", label: "fresh noise" },
      { value: "same-noise", label: "the same noise" },
      { value: "same-images", label: "the same images" },
    ],
  },
  "objective.generatorEvery": { label: "Update G every", unit: "steps" },
  "objective.clip": { label: "Clip D's weights to ±", none: "no" },
  "schedule.batchSize": { label: "Batch size" },
  "schedule.order": {
    label: "Order of images",
    choices: [
      { value: "shuffle", label: "shuffled" },
      { value: "random", label: "random" },
    ],
  },
  "schedule.lastBatch": {
    label: "Short last batch",
    choices: [
      { value: "drop", label: "left out" },
      { value: "keep", label: "used" },
    ],
  },
  "schedule.length": {
    label: "Length",
    text: ({ count, unit }: Schedule["length"]) => `${count} ${unit}`,
  },
  "sampling.count": { label: "Images per grid" },
  "sampling.cadences": {
    label: "Sample grid",
    text: (cadences: Cadence[]) =>
      cadences.map(cadenceText).join(", ") || "never",
  },
  "sampling.mode": {
    label: "Batch norm in samples",
    choices: [
      { value: "batch", label: "batch statistics" },
      { value: "evaluation", label: "running statistics" },
    ],
  },
  "sampling.grid.perRow": { label: "Images per row" },
  "sampling.grid.padding": { label: "Pixels between images" },
  "sampling.grid.padValue": { label: "Grey between images" },
  "sampling.grid.normalize": { label: "Stretch the contrast of a grid" },
  "log.cadence": { label: "Log line", text: cadenceText },
  "log.template": { label: "Text of a log line" },
  "log.tensorboard": {
    label: "TensorBoard log",
    choices: [
      { value: true, label: "the tutorial's, with the grids" },
      { value: false, label: "none besides the run's own" },
    ],
  },
  "checkpoints.everySteps": { label: "Checkpoint every", unit: "steps" },
  "checkpoints.everyMinutes": { label: "Checkpoint also every", unit: "min" },
  "checkpoints.keepLast": { label: "Checkpoints kept" },
  "checkpoints.keepBest": {
    label: "Best checkpoint",
    choices: [
      { value: true, label: "kept" },
      { value: false, label: "not kept" },
    ],
  },
  "engine.id": {
    label: "Engine",
    choices: [{ value: "auto", label: "automatic" }],
  },
  "engine.threads": { label: "Threads", none: "automatic" },
  "engine.spinning": {
    label: "Waiting threads",
    choices: [
      { value: "auto", label: "automatic" },
      { value: false, label: "sleep" },
      { value: true, label: "spin" },
    ],
  },
  "improvements.average": {
    label: "Average of G's weights",
    none: "off",
    text: ({ halfLife, rampUp }: NonNullable<Improvements["average"]>) =>
      `half-life ${halfLife} images${rampUp === null ? "" : `, at most ${rampUp} of those so far`}`,
  },
  "improvements.smoothing": { label: "Label smoothing" },
  "improvements.instanceNoise": {
    label: "Instance noise",
    none: "off",
    text: (noise: NonNullable<Improvements["instanceNoise"]>) =>
      `${noise.deviation}, to 0 at step ${noise.steps}`,
  },
  "improvements.rateSchedule": {
    label: "Learning rates over time",
    text: rateScheduleText,
  },
  "improvements.rateSchedule.shape": {
    label: "Learning rates",
    choices: [
      { value: "constant", label: "stay" },
      { value: "linear", label: "fall in a line" },
      { value: "cosine", label: "fall as a cosine" },
    ],
  },
  "improvements.rateSchedule.from": {
    label: "Falling after",
    unit: "of the run",
  },
  "improvements.rateSchedule.warmUp": { label: "Warm-up", unit: "steps" },
  "improvements.gradientLimit": {
    label: "Limit of a gradient's norm",
    none: "off",
  },
  "improvements.penalties": {
    label: "Gradient penalties",
    text: penaltiesText,
  },
  "improvements.penalties.interpolated": { label: "WGAN-GP: lambda" },
  "improvements.penalties.real": { label: "R1: gamma" },
  "improvements.penalties.fake": { label: "R2: gamma" },
  "improvements.spectralNorm": {
    label: "Spectral norm of D",
    choices: [
      { value: false, label: "off" },
      { value: true, label: "on" },
    ],
  },
  "improvements.augmentation": {
    label: "Augmentation",
    none: "off",
    text: augmentationText,
  },
  seed: { label: "Seed" },
} satisfies Record<string, SettingWords>;

/** What a record says of the images that were trained on. No settings: `data.heldOut` is a share, this is what came of it. */
const imageWords: Readonly<Record<string, SettingWords>> = {
  "images.title": { label: "Data set" },
  "images.hash": { label: "Data hash" },
  "images.count": { label: "Images" },
  "images.classes": { label: "Classes in the data" },
  "images.heldOut": {
    label: "Held out",
    text: ({ count, from }: NonNullable<DataIdentity["heldOut"]>) =>
      `${count} (${from})`,
  },
  "images.trainedOnTestPart": { label: "Trained on a test part" },
  "images.shortcut": { label: "Shortcut in the data" },
};

/** The words of a setting: the form's and the tables'. */
export function wordsAt(path: string): SettingWords {
  return ownWordsAt(path) ?? { label: inPlainWords(path) };
}

/** Of a part of a setting it is what the whole is called: `Length` of `schedule.length.count`. */
export function labelOfSetting(path: string): string {
  for (let at = path; at; at = at.slice(0, Math.max(0, at.lastIndexOf(".")))) {
    const words = ownWordsAt(at);
    if (words) return words.label;
  }
  return inPlainWords(path);
}

function ownWordsAt(path: string): SettingWords | null {
  const all: Readonly<Record<string, SettingWords>> = settingWords;
  return (
    all[path] ??
    imageWords[path] ??
    optimizerWordsAt(path) ??
    initializerWordsAt(path)
  );
}

/** The value of a setting as a table has it. */
export function settingInWords(path: string, value: unknown): string {
  const { choices, none, text, unit } = wordsAt(path);
  if (value === null || value === undefined) return none ?? "none";
  const chosen = choices?.find((one) => one.value === value);
  if (chosen) return chosen.label;
  const words = text?.(value as never) ?? plainText(value);
  return unit ? `${words} ${unit}` : words;
}

/** Whether a setting of several values is one row of a table. */
export function isOneSetting(path: string): boolean {
  return wordsAt(path).text !== undefined;
}

/** `G learning rate`. */
function optimizerWordsAt(path: string): SettingWords | null {
  const [section, network, key] = path.split(".");
  if (section !== "optimizers" || !key) return null;
  const labels: Readonly<Record<string, string>> = optimizerLabels;
  return {
    label: `${letterOf(network)} ${labels[key] ?? key}`,
    ...(key === "type" ? { choices: optimizerTypes } : {}),
  };
}

/** `D: Linear weights`, `D: Linear weights, mean`. */
function initializerWordsAt(path: string): SettingWords | null {
  const [network, section, kind, key] = path.split(".");
  if (section !== "initializers" || !key) return null;
  const { title, choices } = initializerWords[kind as InitializerKey];
  const label = `${letterOf(network)}: ${title} weights`;
  if (key === "type") return { label, choices };
  const numbers: Readonly<Record<string, string>> = initializerNumbers;
  return { label: `${label}, ${(numbers[key] ?? key).toLowerCase()}` };
}

function letterOf(network: string): string {
  return network === "generator" ? "G" : "D";
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
