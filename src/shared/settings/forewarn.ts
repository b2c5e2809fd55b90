/**
 * What is known to go wrong before anything is trained: settings that a run can start with and will not learn with. Each is a
 * sentence with its reason; `checkSettings` refuses what cannot start at all.
 */
import { isAcrossBatch } from "../layers";
import type { Layer } from "../layers";
import type { SettingChange } from "./change";
import { lossOf } from "../losses";
import type { Network } from "./network";
import type { TrainingSettings } from "./settings";

/** What is known of the images, where they were looked at. */
export interface KnownImages {
  /** Pixels a side before they are resized; null where the images differ. */
  side: number | null;
}

/** Rates above these throw networks of these sizes about (Radford et al. 2015 found 0.001 too high for Adam). */
const highRate = { adam: 2e-3, rmsprop: 2e-3, sgd: 0.5 };
/** Plain SGD's steps are its rate times the gradient; Adam's are about the rate itself, whatever the gradient is. */
const sgdRate = { low: 1e-3, usual: 0.03 };
/** Enlarged by more, images have no detail of their own. */
const mostEnlarged = 2;

export interface Forewarning {
  text: string;
  /** The one difference that mends it, where it can be made in a fork too; null where the reader has to choose. */
  change: SettingChange | null;
}

export function forewarn(
  settings: TrainingSettings,
  images: KnownImages | null,
): Forewarning[] {
  return [
    rangeOf(settings),
    saturationOf(settings),
    batchOf(settings),
    boundOfCritic(settings),
    ...ratesOf(settings),
    lowRateOf(settings),
    sizeOf(settings, images),
  ].filter((warning) => warning !== null);
}

function rangeOf({ data, generator }: TrainingSettings): Forewarning | null {
  const last = lastShaping(generator);
  const isUnit = data.range === "unit";
  if (last === "tanh" && isUnit)
    return {
      text: "G ends in Tanh, which gives values from −1 to 1, and the images are scaled to 0 … 1: every negative value gives a fake away. Scale the images to −1 … 1.",
      change: ["data.range", "symmetric"],
    };
  if (last === "sigmoid" && !isUnit)
    return {
      text: "G ends in Sigmoid, which gives values from 0 to 1, and the images are scaled to −1 … 1: G can never be darker than mid-grey. Scale the images to 0 … 1.",
      change: ["data.range", "unit"],
    };
  if (last === "relu")
    return {
      text: "G ends in ReLU, which gives nothing below 0 and has no gradient there; end it in Tanh or Sigmoid.",
      change: null,
    };
  return null;
}

/** The activation that decides which values G gives; null where none does. */
function lastShaping({ layers }: Network): Layer["type"] | null {
  const shaping = layers.findLast(
    ({ type }) => type !== "reshape" && type !== "flatten",
  );
  return shaping && ["tanh", "sigmoid", "relu"].includes(shaping.type)
    ? shaping.type
    : null;
}

/** The loss takes one sigmoid off; what lies under another has no more than 1 to say. */
function saturationOf({
  discriminator: { layers },
  objective,
}: TrainingSettings): Forewarning | null {
  const sigmoids = layers.filter(({ type }) => type === "sigmoid").length;
  const isTwice =
    layers.at(-1)?.type === "sigmoid" && layers.at(-2)?.type === "sigmoid";
  if (isTwice)
    return {
      text: "D ends in Sigmoid twice, so that what it says stays between 0.5 and 0.73 and hardly has a gradient; remove one.",
      change: ["discriminator.layers", layers.slice(0, -1)],
    };
  return lossOf(objective).isCritic && sigmoids > 0
    ? {
        text: "D has a Sigmoid, and a critic's outputs must have no bounds; remove it.",
        change: [
          "discriminator.layers",
          layers.filter(({ type }) => type !== "sigmoid"),
        ],
      }
    : null;
}

function batchOf({
  schedule: { batchSize },
  generator,
  discriminator,
}: TrainingSettings): Forewarning | null {
  const normalises = [generator, discriminator].some(({ layers }) =>
    isAcrossBatch(layers),
  );
  if (batchSize > 1) return null;
  return {
    text: normalises
      ? "With one image a batch, batch normalisation has nothing to take a mean of; use 32 or more."
      : "One image a batch gives gradients that mostly cancel out; use 32 or more.",
    change: ["schedule.batchSize", 64],
  };
}

function boundOfCritic({
  objective,
  improvements: { penalties, spectralNorm },
}: TrainingSettings): Forewarning | null {
  if (!lossOf(objective).isCritic || objective.clip !== null) return null;
  const isBound =
    spectralNorm || Object.values(penalties).some((weight) => weight !== null);
  return isBound
    ? null
    : {
        text: "Nothing bounds the critic, so that its loss grows without end: clip its weights (0.01), or turn the gradient penalty on.",
        change: ["objective.clip", 0.01],
      };
}

function ratesOf({ optimizers }: TrainingSettings): Forewarning[] {
  return (["discriminator", "generator"] as const).flatMap((role) => {
    const { type, learningRate } = optimizers[role];
    const name = role === "generator" ? "G" : "D";
    return learningRate > highRate[type]
      ? [
          {
            text: `${name}'s learning rate of ${learningRate} is far above what is usual (0.0001 to 0.001 for Adam); losses will jump, or stop being numbers.`,
            change: null,
          },
        ]
      : [];
  });
}

/** Adam's rate left in place when the optimiser was changed. */
function lowRateOf({ optimizers }: TrainingSettings): Forewarning | null {
  const low = (["generator", "discriminator"] as const).filter((role) => {
    const optimizer = optimizers[role];
    return (
      optimizer.type === "sgd" &&
      optimizer.learningRate / (1 - optimizer.momentum) < sgdRate.low
    );
  });
  const [role] = low;
  if (!role) return null;
  const path =
    low.length > 1 ? "learningRate" : `optimizers.${role}.learningRate`;
  const name = role === "generator" ? "G" : "D";
  return {
    text: `${low.length > 1 ? "The" : `${name}'s`} learning rate of ${optimizers[role].learningRate} is one for Adam: plain SGD moves by the rate times a small gradient, and would need a hundred times as many steps. ${sgdRate.usual} is usual.`,
    change: [path, sgdRate.usual],
  };
}

function sizeOf(
  { data: { size } }: TrainingSettings,
  images: KnownImages | null,
): Forewarning | null {
  const side = images?.side ?? null;
  return side !== null && size > mostEnlarged * side
    ? {
        text: `Images of ${side} x ${side} are enlarged to ${size} x ${size}: that has no more detail, and costs ${Math.round((size / side) ** 2)} times as much.`,
        change: null,
      }
    : null;
}
