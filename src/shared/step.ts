/**
 * One training step as data: which arrays it consumes; what it gives is in `metrics.ts`.
 * The trainer draws every input in the order listed here and both engines are fed by the same names, so that one
 * seed means the same run on either.
 */
import type { Shape } from "./layers";
import type { Network } from "./settings/network";
import { kindOf } from "./layers";
import { lossOf } from "./losses";
import { inferShapes, withoutFinalSigmoid } from "./settings/network";
import type { StepMetric } from "./metrics";
import type { NetworkRole, TrainingSettings } from "./settings/settings";

/** One array that a step consumes; the batch is its first axis. */
export type StepInput =
  /** Images in the data's range, `[channels, height, width]` or flat, as the discriminator's input shape says. */
  | { kind: "real"; name: "real"; shape: Shape }
  /** N(0, 1). */
  | { kind: "noise"; name: string; shape: Shape }
  /** N(0, 1) times the deviation of the step. */
  | { kind: "instance-noise"; name: string; shape: Shape }
  /** Uniform in [0, 1): how much of a mixed image is fake. */
  | { kind: "mixture"; name: "mixture"; shape: Shape }
  /** 0 with probability `rate`, else 1 / (1 - rate); `[features]`, or `[channels, 1, 1]` for a whole channel. */
  | { kind: "mask"; name: string; shape: Shape; rate: number };

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
    ...noise,
    ...masks("generator", generator, generatorPassesOf(settings)),
    ...masks("discriminator", discriminator, discriminatorPassesOf(settings)),
    ...disturbances(settings),
  ];
}

/** What is added to the images that D sees in one pass. */
export function instanceNoiseName(pass: DiscriminatorPass): string {
  return `instance.${pass}`;
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
