/**
 * One training step as data: which arrays it consumes, and which figures it gives.
 * The trainer draws every input in the order listed here and both engines are fed by the same names, so that one
 * seed means the same run on either.
 */
import type { Network, Shape } from "./settings/network";
import { inferShapes, withoutFinalSigmoid } from "./settings/network";
import type {
  NetworkRole,
  Objective,
  TrainingSettings,
} from "./settings/settings";

/** One array that a step consumes; the batch is its first axis. */
export type StepInput =
  /** Images in the data's range, `[channels, height, width]` or flat, as the discriminator's input shape says. */
  | { kind: "real"; name: "real"; shape: Shape }
  /** N(0, 1). */
  | { kind: "noise"; name: string; shape: Shape }
  /** 0 with probability `rate`, else 1 / (1 - rate); `[features]`, or `[channels, 1, 1]` for a whole channel. */
  | { kind: "mask"; name: string; shape: Shape; rate: number };

/**
 * The passes through each network in one step. `fake` feeds D's update, `score` G's; they share one pass through the
 * generator where the second update sees the same images.
 */
const discriminatorPasses = ["real", "fake", "score"] as const;
export type DiscriminatorPass = (typeof discriminatorPasses)[number];
const generatorPasses = ["fake", "score"] as const;
export type GeneratorPass = (typeof generatorPasses)[number];

/** Which generator passes a step makes: one where both updates look at the same images. */
function generatorPassesOf(settings: StepSettings): GeneratorPass[] {
  return settings.objective.secondUpdate === "same-images"
    ? ["fake"]
    : [...generatorPasses];
}

/**
 * Whether the loss is a binary cross-entropy: then a final sigmoid is taken off the discriminator, the loss is a
 * softplus of logits and scores are probabilities. The other losses take the network's output as it is.
 */
export function isCrossEntropy(loss: Objective["loss"]): boolean {
  return loss === "non-saturating" || loss === "minimax";
}

/** The discriminator as the losses see it: what it gives are logits, or a critic's outputs. */
export function criticOf(
  settings: Pick<StepSettings, "discriminator" | "objective">,
): Network {
  return isCrossEntropy(settings.objective.loss)
    ? withoutFinalSigmoid(settings.discriminator)
    : settings.discriminator;
}

/** The parts of the settings that decide what a step consumes. */
export type StepSettings = Pick<
  TrainingSettings,
  "generator" | "discriminator" | "objective"
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
    ...masks("discriminator", discriminator, discriminatorPasses),
  ];
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
    if (layer.type !== "dropout" && layer.type !== "channelDropout") return [];
    const shape =
      layer.type === "dropout" ? shapes[index] : [shapes[index][0], 1, 1];
    return passes.map((pass) => ({
      kind: "mask" as const,
      name: maskName(role, index, pass),
      shape,
      rate: layer.rate,
    }));
  });
}

/**
 * The figures of one step, in column order, named as TensorBoard shows them. Losses are those of the settings, each
 * part with `reduction` included, so that real + fake is the discriminator's loss; scores are mean probabilities
 * (without cross-entropy the mean critic output); gradients are L2 norms over all parameters, before clipping.
 * `score/fake` is D(G(z)) in D's update, `score/fake_after` in G's.
 */
export const stepMetrics = [
  "loss/discriminator",
  "loss/discriminator_real",
  "loss/discriminator_fake",
  "loss/generator",
  "score/real",
  "score/fake",
  "score/fake_after",
  "gradient/discriminator",
  "gradient/generator",
] as const;
export type StepMetric = (typeof stepMetrics)[number];

/** The figures that exist only where the generator was updated. */
export const generatorMetrics: readonly StepMetric[] = [
  "loss/generator",
  "score/fake_after",
  "gradient/generator",
];

/** The figures of consecutive steps, column-wise, as an engine gives them and a recorder writes them. */
export interface MetricBlock {
  /** The number of the first step, counted from 1. */
  firstStep: number;
  rows: number;
  /** `columns[stepMetrics.indexOf(metric)][row]`. */
  columns: Float32Array[];
  /** 1 where the generator was updated; elsewhere its metrics do not exist. */
  generatorUpdated: Uint8Array;
  /** Seconds since 1970 at the end of each step. */
  times: Float64Array;
}
