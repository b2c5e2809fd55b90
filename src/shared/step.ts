/**
 * One training step as data: which arrays it consumes; what it gives is in `metrics.ts`.
 * The trainer draws every input in the order listed here and both engines are fed by the same names, so that one
 * seed means the same run on either.
 */
import type { Shape } from "./layers";
import type { Network } from "./settings/network";
import { kindOf } from "./layers";
import { lossOf } from "./losses";
import { classCount } from "./settings/labels";
import { inferShapes, withoutFinalSigmoid } from "./settings/network";
import type { StepMetric } from "./metrics";
import type { NetworkRole, TrainingSettings } from "./settings/settings";

/** One array that a step consumes; the batch is its first axis. */
export type StepInput =
  /** Images in the data's range, `[channels, height, width]` or flat, as the discriminator's input shape says. */
  | { kind: "real"; name: "real"; shape: Shape }
  /** The classes of the real images, one-hot; the fakes of the step have the same. Of conditional GANs only. */
  | { kind: "labels"; name: "labels"; shape: Shape }
  /** N(0, 1). */
  | { kind: "noise"; name: string; shape: Shape }
  /** N(0, 1) times the deviation of the step. */
  | { kind: "instance-noise"; name: string; shape: Shape }
  /** One part of what the augmentation of an update's images draws. */
  | {
      kind: "augmentation";
      name: string;
      shape: Shape;
      update: NetworkRole;
      part: AugmentationPart;
    }
  /** Uniform in [0, 1): how much of a mixed image is fake. */
  | { kind: "mixture"; name: "mixture"; shape: Shape }
  /** 0 with probability `rate`, else 1 / (1 - rate); `[features]`, or `[channels, 1, 1]` for a whole channel. */
  | { kind: "mask"; name: string; shape: Shape; rate: number };

/**
 * `color`: what is added for brightness, and the factors of saturation and contrast. `rows` and `columns`: the matrices that
 * a moved image lies between. `cutRows` and `cutColumns`: 1 where a hole is.
 */
export type AugmentationPart =
  | "color"
  | "rows"
  | "columns"
  | "cutRows"
  | "cutColumns";

/**
 * The passes through each network in one step. `fake` feeds D's update, `score` G's; they share one pass through the
 * generator where the second update sees the same images. `mixed` are the images between real and fake of a gradient
 * penalty, `paired` the real ones that G's update compares its own with.
 */
export type DiscriminatorPass = "real" | "fake" | "score" | "mixed" | "paired";
const generatorPasses = ["fake", "score"] as const;
export type GeneratorPass = (typeof generatorPasses)[number];

/** Which passes a step makes through D. */
function discriminatorPassesOf({
  improvements,
  objective,
}: StepSettings): DiscriminatorPass[] {
  const passes: DiscriminatorPass[] = ["real", "fake", "score"];
  if (improvements.penalties.interpolated !== null) passes.push("mixed");
  if (lossOf(objective).isPaired) passes.push("paired");
  return passes;
}

/** Which generator passes a step makes: one where both updates look at the same images. */
function generatorPassesOf(settings: StepSettings): GeneratorPass[] {
  return settings.objective.secondUpdate === "same-images"
    ? ["fake"]
    : [...generatorPasses];
}

/** The discriminator as the losses see it: what it gives are logits, or a critic's outputs. */
export function criticOf(
  settings: Pick<StepSettings, "discriminator" | "objective">,
): Network {
  return lossOf(settings.objective).isCrossEntropy
    ? withoutFinalSigmoid(settings.discriminator)
    : settings.discriminator;
}

/** The parts of the settings that decide what a step consumes. */
export type StepSettings = Pick<
  TrainingSettings,
  "generator" | "discriminator" | "objective" | "improvements"
>;

/** Every input of one step, in the order in which the trainer draws them. */
export function stepInputs(settings: StepSettings): StepInput[] {
  const { generator, discriminator, objective } = settings;
  const noise: StepInput[] = [
    { kind: "noise", name: "noise.fake", shape: generator.input },
  ];
  if (objective.secondUpdate === "fresh-noise")
    noise.push({ kind: "noise", name: "noise.score", shape: generator.input });
  return [
    { kind: "real", name: "real", shape: discriminator.input },
    ...labels(settings),
    ...noise,
    ...masks("generator", generator, generatorPassesOf(settings)),
    ...masks("discriminator", discriminator, discriminatorPassesOf(settings)),
    ...disturbances(settings),
  ];
}

function labels(settings: StepSettings): StepInput[] {
  const classes = classCount(settings);
  if (classes === null) return [];
  return [{ kind: "labels", name: "labels", shape: [classes] }];
}

/** What is added to the images that D sees in one pass. */
export function instanceNoiseName(pass: DiscriminatorPass): string {
  return `instance.${pass}`;
}

/** `augmentation.generator.color`: both kinds of images of an update are disturbed by the same numbers. */
export function augmentationName(
  update: NetworkRole,
  part: AugmentationPart,
): string {
  return `augmentation.${update}.${part}`;
}

/** Which parts there are, with their shapes. */
function augmentationParts(
  settings: StepSettings,
): [AugmentationPart, Shape][] {
  const { augmentation } = settings.improvements;
  const [, height, width] = imageShapeOf(settings);
  return [
    ...(augmentation?.color ? [["color", [3]] as const] : []),
    ...(augmentation?.translation
      ? [
          ["rows", [height, height]] as const,
          ["columns", [width, width]] as const,
        ]
      : []),
    ...(augmentation?.cutout
      ? [["cutRows", [height]] as const, ["cutColumns", [width]] as const]
      : []),
  ].map(([part, shape]) => [part, [...shape]]);
}

/** `[channels, height, width]` of what D judges; where its input is flat, of one grey square or of one in three colours. */
export function imageShapeOf({
  discriminator: { input },
}: Pick<StepSettings, "discriminator">): Shape {
  if (input.length === 3) return input;
  const side = Math.sqrt(input[0]);
  if (Number.isInteger(side)) return [1, side, side];
  return [3, Math.sqrt(input[0] / 3), Math.sqrt(input[0] / 3)];
}

function disturbances(settings: StepSettings): StepInput[] {
  const { improvements, discriminator } = settings;
  const inputs: StepInput[] = [];
  if (improvements.instanceNoise)
    for (const pass of discriminatorPassesOf(settings))
      inputs.push({
        kind: "instance-noise",
        name: instanceNoiseName(pass),
        shape: discriminator.input,
      });
  if (improvements.augmentation)
    for (const update of ["discriminator", "generator"] as const)
      for (const [part, shape] of augmentationParts(settings))
        inputs.push({
          kind: "augmentation",
          name: augmentationName(update, part),
          shape,
          update,
          part,
        });
  if (improvements.penalties.interpolated !== null)
    inputs.push({ kind: "mixture", name: "mixture", shape: [1] });
  return inputs;
}

/** The name of a dropout layer's mask in one pass: `mask.discriminator.3.fake`. */
export function maskName(
  role: NetworkRole,
  layer: number,
  pass: DiscriminatorPass | GeneratorPass,
): string {
  return `mask.${role}.${layer}.${pass}`;
}

function masks(
  role: NetworkRole,
  network: Network,
  passes: readonly (DiscriminatorPass | GeneratorPass)[],
): StepInput[] {
  const shapes = inferShapes(network);
  return network.layers.flatMap((layer, index) => {
    const shape = kindOf(layer.type).mask?.(shapes[index]);
    if (!shape || !("rate" in layer)) return [];
    return passes.map((pass) => ({
      kind: "mask" as const,
      name: maskName(role, index, pass),
      shape,
      rate: layer.rate,
    }));
  });
}

/** The figures of consecutive steps, column-wise, as an engine gives them and a recorder writes them. */
export interface MetricBlock {
  /** The number of the first step, counted from 1. */
  firstStep: number;
  rows: number;
  /** `columns[stepMetrics.indexOf(metric)][row]`; NaN of a metric that the run has not. */
  columns: Float32Array[];
  /** The metrics that the run has, in order. */
  tags: readonly StepMetric[];
  /** 1 where the generator was updated; elsewhere its metrics do not exist. */
  generatorUpdated: Uint8Array;
  /** Seconds since 1970 at the end of each step. */
  times: Float64Array;
}
