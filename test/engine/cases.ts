/**
 * The models that all engines and PyTorch are asked to train: every preset, and a small network for each loss,
 * order, optimiser and layer. A case is plain data and a seed; its weights and inputs follow from them, so that the
 * fixtures hold results only (`test/reference/engine.py` writes them).
 */
import type { ModelSettings, ModelState } from "../../src/main/engine/engine";
import { copyState, initialState } from "../../src/main/graph/parameters";
import { volume } from "../../src/shared/layers";
import { tutorials } from "../../src/shared/settings/presets";
import { classCount } from "../../src/shared/settings/labels";
import * as l from "../../src/shared/settings/presets/layers";
import { dcganNetworks } from "../../src/shared/settings/presets/lecture-dcgan";
import type { Improvements } from "../../src/shared/settings/improvements";
import {
  noImprovements,
  wholeAugmentation,
} from "../../src/shared/settings/improvements";
import { Random } from "../../src/shared/random";
import type {
  Objective,
  OptimizerSettings,
} from "../../src/shared/settings/settings";
import { AugmentationDraws } from "../../src/main/trainer/augmentation";
import type { StepInput } from "../../src/shared/step";
import { imageShapeOf, stepInputs } from "../../src/shared/step";
import type { Networks } from "./small-networks";
import {
  colored,
  concatenated,
  dropped,
  kernels,
  normalized,
  plain,
  pooled,
  projected,
  upsampled,
} from "./small-networks";

export interface EngineCase {
  name: string;
  model: ModelSettings;
  batch: number;
  /** One per step. */
  generatorUpdates: boolean[];
  /** Too much arithmetic for TensorFlow.js in plain JavaScript, which checks the exports. */
  heavy: boolean;
}

const samplesInBatch = 8;
export const stepsInCase = 3;
/** Images in the forward fixtures; unlike the batch, to show that any count works. */
export const forwardCount = 5;

/** The last state that was drawn: millions of draws for some cases, and the tests of one follow one another. */
let drawn: { name: string; state: ModelState } | null = null;

const heavyPresets = ["jrtechs-gan", "jrtechs-dcgan"];

export const engineCases: EngineCase[] = [...presetCases(), ...smallCases()];

/** Weights, statistics and optimiser memory as they could be some steps into a run. */
export function stateOf(engineCase: EngineCase): ModelState {
  if (drawn?.name !== engineCase.name)
    drawn = { name: engineCase.name, state: drawState(engineCase) };
  return copyState(drawn.state);
}

function drawState({ name, model }: EngineCase): ModelState {
  const state = initialState(model, Random.fromSeed(1, `${name} weights`));
  const random = Random.fromSeed(2, `${name} state`);
  for (const [key, { data }] of state) {
    const draw = warmValue(key, random);
    for (let i = 0; i < data.length; i++) data[i] = draw(data[i]);
  }
  return state;
}

/** The inputs of all steps, by name: `[steps, batch, ...shape]`. */
export function inputsOf(
  { name, model, batch }: EngineCase,
  steps = stepsInCase,
): Map<string, Float32Array> {
  const random = Random.fromSeed(3, `${name} inputs`);
  return new Map(
    stepInputs(model).map((input) => {
      const data = new Float32Array(steps * batch * volume(input.shape));
      if (input.kind === "augmentation")
        drawAugmentation(input, model, data, random);
      else if (input.kind === "mixture")
        for (let i = 0; i < data.length; i++) data[i] = random.uniform();
      else if (input.kind === "noise" || input.kind === "instance-noise")
        random.fillNormal(data);
      else if (input.kind === "labels")
        drawLabels(data, volume(input.shape), random);
      else if (input.kind === "mask") random.fillMask(data, input.rate);
      else fillImages(data, random);
      return [input.name, data];
    }),
  );
}

/** What the forward fixtures look at: latent vectors and images. */
export function forwardInputsOf({ name, model }: EngineCase): {
  latents: Float32Array;
  images: Float32Array;
  /** Of both; undefined where the networks read none. Rows between classes, which any program must take. */
  labels: Float32Array | undefined;
} {
  const random = Random.fromSeed(4, `${name} forward`);
  const latents = new Float32Array(
    forwardCount * volume(model.generator.input),
  );
  const images = new Float32Array(
    forwardCount * volume(model.discriminator.input),
  );
  random.fillNormal(latents);
  fillImages(images, random);
  const classes = classCount(model);
  if (classes === null) return { latents, images, labels: undefined };
  const labels = new Float32Array(forwardCount * classes);
  drawLabels(labels, classes, random);
  for (let i = 0; i < classes; i++) labels[i] = 1 / classes;
  return { latents, images, labels };
}

/** One-hot rows. */
function drawLabels(
  target: Float32Array,
  classes: number,
  random: Random,
): void {
  for (let row = 0; row < target.length; row += classes)
    target[row + random.below(classes)] = 1;
}

/** As the trainer draws it, part by part. */
function drawAugmentation(
  input: Extract<StepInput, { kind: "augmentation" }>,
  model: ModelSettings,
  target: Float32Array,
  random: Random,
): void {
  const { augmentation } = model.improvements;
  const [, size] = imageShapeOf(model);
  if (!augmentation) return;
  const draws = new AugmentationDraws(augmentation, {
    size,
    range: "symmetric",
  });
  const count = target.length / volume(input.shape);
  draws.fill(
    (part) =>
      part === input.part ? target : new Float32Array(count * size * size),
    count,
    0.8,
    random,
  );
}

function fillImages(target: Float32Array, random: Random): void {
  for (let i = 0; i < target.length; i++) target[i] = 2 * random.uniform() - 1;
}

function warmValue(key: string, random: Random): (value: number) => number {
  if (key.endsWith(".step")) return () => 3;
  if (key.endsWith(".square_sum")) return () => 1e-4 * (0.5 + random.uniform());
  if (key.endsWith("gradient_sum") || key.endsWith("momentum_buffer"))
    return () => 3e-3 * random.normal();
  if (key.startsWith("average."))
    return (value) => value + 0.1 * random.normal();
  if (key.endsWith(".running_var")) return () => 0.5 + random.uniform();
  if (key.endsWith(".running_mean")) return () => 0.1 * random.normal();
  if (key.endsWith(".bias")) return (value) => value + 0.05 * random.normal();
  return (value) => value;
}

function presetCases(): EngineCase[] {
  const cases = tutorials
    .filter(({ id }) => id !== "lecture-dcgan")
    .map(({ id, settings }) => caseOf(id, settings, heavyPresets.includes(id)));
  const lecture = tutorials.find(({ id }) => id === "lecture-dcgan");
  if (!lecture) return cases;
  const withWidth = (channels: 1 | 3, width: number): ModelSettings => ({
    ...lecture.settings,
    ...dcganNetworks(channels, width),
  });
  return [
    ...cases,
    caseOf("lecture-dcgan", withWidth(1, 4), true),
    caseOf("lecture-dcgan-colour", withWidth(3, 4), true),
    caseOf("lecture-dcgan-thin", withWidth(1, 1)),
  ];
}

function smallCases(): EngineCase[] {
  const orders = (["discriminator-first", "generator-first"] as const).flatMap(
    (order) =>
      (["fresh-noise", "same-noise", "same-images"] as const).map(
        (secondUpdate) =>
          small(`${order}-${secondUpdate}`, {
            networks: normalized,
            objective: { order, secondUpdate },
          }),
      ),
  );
  const losses = (
    ["minimax", "wasserstein", "least-squares", "hinge"] as const
  ).map((loss) => small(`loss-${loss}`, { objective: { loss } }));
  return [
    ...orders,
    ...losses,
    small("mean-reduction", { objective: { reduction: "mean" } }),
    small("generator-every-second-step", {
      networks: normalized,
      objective: { generatorEvery: 2 },
    }),
    small("generator-first-every-second-step", {
      networks: normalized,
      objective: { order: "generator-first", generatorEvery: 2 },
    }),
    small("sgd", { optimizer: sgd(0) }),
    small("sgd-momentum", { optimizer: sgd(0.9) }),
    small("rmsprop", { optimizer: rmsprop() }),
    small("adam-eps", { optimizer: unusualAdam() }),
    small("clip", { objective: { clip: 0.2 } }),
    ...improvedCases(),
    ...conditionalCases(),
    small("dropout", { networks: dropped }),
    small("kernels", { networks: kernels }),
    small("upsample", { networks: upsampled }),
  ];
}

/** Each way to tell networks of classes alone, and with improvements. */
function conditionalCases(): EngineCase[] {
  const { penalties } = noImprovements;
  return [
    small("labels-concatenated", { networks: concatenated }),
    small("labels-concatenated-augmented", {
      networks: concatenated,
      objective: { loss: "least-squares" },
      improvements: { augmentation: wholeAugmentation },
    }),
    small("labels-projected", {
      networks: projected,
      objective: { loss: "hinge" },
    }),
    small("labels-pooled", {
      networks: pooled,
      objective: { order: "generator-first", secondUpdate: "same-images" },
    }),
    small("labels-spectral-average", {
      networks: pooled,
      objective: { loss: "hinge" },
      improvements: {
        average: { halfLife: 20, rampUp: 0.5 },
        spectralNorm: true,
      },
    }),
    small("labels-penalties", {
      networks: projected,
      objective: { loss: "wasserstein" },
      improvements: { penalties: { ...penalties, interpolated: 2, real: 1 } },
    }),
  ];
}

/** Each improvement alone, and together. */
function improvedCases(): EngineCase[] {
  const nothing = {
    ...wholeAugmentation,
    color: false,
    translation: false,
    cutout: false,
  };
  const noPenalties = noImprovements.penalties;
  const average = { halfLife: 20, rampUp: 0.5 };
  const instanceNoise = { deviation: 1, steps: 10 };
  return [
    small("average", {
      networks: normalized,
      improvements: { average },
    }),
    small("average-every-second-step", {
      objective: { order: "generator-first", generatorEvery: 2 },
      optimizer: sgd(0),
      improvements: { average: { halfLife: 9, rampUp: null } },
    }),
    small("smoothing", { improvements: { smoothing: 0.1 } }),
    small("smoothing-least-squares", {
      objective: { loss: "least-squares", reduction: "mean" },
      improvements: { smoothing: 0.2 },
    }),
    small("instance-noise", {
      networks: normalized,
      improvements: { instanceNoise },
    }),
    small("instance-noise-joined", { improvements: { instanceNoise } }),
    small("gradient-limit", {
      networks: normalized,
      improvements: { gradientLimit: 0.02 },
    }),
    ...(["real", "fake", "interpolated"] as const).flatMap((kind) => [
      small(`penalty-${kind}`, {
        objective: { loss: "wasserstein" },
        improvements: { penalties: { ...noPenalties, [kind]: 2 } },
      }),
      small(`penalty-${kind}-convolutions`, {
        networks: kernels,
        objective: { order: "generator-first", secondUpdate: "same-images" },
        improvements: { penalties: { ...noPenalties, [kind]: 0.5 } },
      }),
    ]),
    small("penalties-dropout", {
      networks: dropped,
      improvements: { penalties: { interpolated: 3, real: 1, fake: 2 } },
    }),
    small("spectral-norm", {
      networks: colored,
      objective: { loss: "hinge", order: "generator-first" },
      improvements: { spectralNorm: true },
    }),
    small("spectral-norm-dropout", {
      networks: dropped,
      improvements: { spectralNorm: true, smoothing: 0.1 },
    }),
    small("relativistic", { objective: { loss: "relativistic" } }),
    small("relativistic-normalized", {
      networks: normalized,
      objective: { loss: "relativistic", reduction: "mean" },
      improvements: { instanceNoise },
    }),
    small("r3gan", {
      networks: colored,
      objective: { loss: "relativistic" },
      improvements: {
        average,
        penalties: { interpolated: null, real: 1, fake: 1 },
        augmentation: {
          ...wholeAugmentation,
          adaptive: { target: 0.6, swing: 1000 },
        },
      },
    }),
    ...(["color", "translation", "cutout"] as const).map((kind) =>
      small(`augmentation-${kind}`, {
        networks: colored,
        improvements: { augmentation: { ...nothing, [kind]: true } },
      }),
    ),
    small("augmentation-grey", {
      improvements: {
        augmentation: {
          ...wholeAugmentation,
          adaptive: { target: 0, swing: 100 },
        },
      },
    }),
    small("augmentation-normalized", {
      networks: normalized,
      objective: { order: "generator-first", secondUpdate: "same-images" },
      improvements: { augmentation: wholeAugmentation, instanceNoise },
    }),
    small("gradient-limit-unreached", {
      improvements: { gradientLimit: 100, smoothing: 0.1, average },
    }),
  ];
}

function small(
  name: string,
  change: {
    networks?: (probability: boolean) => Networks;
    objective?: Partial<Objective>;
    optimizer?: OptimizerSettings;
    improvements?: Partial<Improvements>;
  },
): EngineCase {
  const objective = { ...l.classicObjective, ...change.objective };
  const probability = ["non-saturating", "minimax"].includes(objective.loss);
  return caseOf(name, {
    ...(change.networks ?? plain)(probability),
    objective,
    optimizers: l.both(change.optimizer ?? l.adam(1e-3)),
    improvements: { ...noImprovements, ...change.improvements },
  });
}

function caseOf(name: string, model: ModelSettings, heavy = false): EngineCase {
  const { generator, discriminator, objective, optimizers, improvements } =
    model;
  return {
    name,
    model: { generator, discriminator, objective, optimizers, improvements },
    batch: samplesInBatch,
    generatorUpdates: Array.from(
      { length: stepsInCase },
      (_, step) => step % objective.generatorEvery === 0,
    ),
    heavy,
  };
}

function sgd(momentum: number): OptimizerSettings {
  return { type: "sgd", learningRate: 0.03, momentum };
}

function unusualAdam(): OptimizerSettings {
  return {
    type: "adam",
    learningRate: 1e-2,
    beta1: 0.5,
    beta2: 0.999,
    eps: 1e-3,
  };
}

function rmsprop(): OptimizerSettings {
  return { type: "rmsprop", learningRate: 1e-3, alpha: 0.9, eps: 1e-6 };
}
