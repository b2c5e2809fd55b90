/** Seed 004 and the comparison it comes from: one vanilla GAN, one DCGAN, one WGAN on the same digits. */
import type { Network } from "../network";
import type { Preset, TrainingSettings } from "../settings";
import * as l from "./layers";

const source: Preset["source"] = {
  title: "GANs in PyTorch",
  author: "jrtechs (Jeffery Russell)",
  url: "https://github.com/jrtechs/CSCI-431-final-GANs",
};

/** The tutorial prints a line for every batch; here one comes with each grid. */
const everyGrid = {
  unit: "step",
  every: 400,
  within: "run",
  at: "start",
} as const;

const shared = {
  ...l.common,
  objective: {
    loss: "non-saturating",
    reduction: "mean",
    order: "generator-first",
    secondUpdate: "same-images",
    generatorEvery: 1,
    clip: null,
  },
  optimizers: l.both(l.adam(2e-4, 0.5)),
  schedule: {
    batchSize: 64,
    order: "shuffle",
    lastBatch: "keep",
    length: { unit: "epochs", count: 200 },
  },
  sampling: {
    count: 25,
    cadences: [everyGrid],
    mode: "batch",
    grid: l.grid(5, true),
  },
  log: {
    cadence: everyGrid,
    template:
      "[Epoch {epochIndex}/{epochs}] [Batch {batchIndex}/{stepsPerEpoch}] [Batches Done: {iteration}] [D loss: {dLoss:.6f}] [G loss: {gLoss:.6f}]",
    tensorboard: true,
  },
} satisfies Partial<TrainingSettings>;

export function mlpGenerator(size: number): Network {
  return {
    input: [100],
    layers: [
      ...l.sequential("model", [
        l.dense(128),
        l.leakyRelu,
        ...[256, 512, 1024].flatMap((units) => [
          l.dense(units),
          l.batchNorm(0.8),
          l.leakyRelu,
        ]),
        l.dense(size * size),
        l.tanh,
      ]),
      l.reshape([1, size, size]),
    ],
    initializers: l.pytorchDefaults,
  };
}

/** Without the sigmoid it is WGAN's critic. */
export function mlpDiscriminator(size: number, probability: boolean): Network {
  return {
    input: [1, size, size],
    layers: [
      l.flatten,
      ...l.sequential("model", [
        l.dense(512),
        l.leakyRelu,
        l.dense(256),
        l.leakyRelu,
        l.dense(1),
        ...(probability ? [l.sigmoid] : []),
      ]),
    ],
    initializers: l.pytorchDefaults,
  };
}

export const jrtechsGan: Preset = {
  id: "jrtechs-gan",
  title: "Deep MLP with batch norm",
  summary:
    "Five layers with batch normalisation at 32 pixels; the generator moves first and both updates share its images.",
  source,
  settings: {
    ...shared,
    preset: "jrtechs-gan",
    data: l.images("mnist", 32, "symmetric"),
    generator: mlpGenerator(32),
    discriminator: mlpDiscriminator(32, true),
  },
};

export const jrtechsDcgan: Preset = {
  id: "jrtechs-dcgan",
  title: "DCGAN 32 x 32",
  summary:
    "Up-sampling and 3 x 3 convolutions against a small discriminator with dropout; the clearest digits of the three.",
  source,
  settings: {
    ...shared,
    preset: "jrtechs-dcgan",
    data: l.images("mnist", 32, "symmetric"),
    generator: {
      input: [100],
      layers: [
        ...l.sequential("l1", [l.dense(128 * 8 * 8)]),
        l.reshape([128, 8, 8]),
        ...l.sequential("conv_blocks", [
          l.batchNorm(),
          l.upsample(2),
          l.conv(128, 3, 1, 1, true),
          l.batchNorm(0.8),
          l.leakyRelu,
          l.upsample(2),
          l.conv(64, 3, 1, 1, true),
          l.batchNorm(0.8),
          l.leakyRelu,
          l.conv(1, 3, 1, 1, true),
          l.tanh,
        ]),
      ],
      initializers: l.dcganInitializers,
    },
    discriminator: {
      input: [1, 32, 32],
      layers: [
        ...l.sequential("model", [
          ...[16, 32, 64, 128].flatMap((filters) => [
            l.conv(filters, 3, 2, 1, true),
            l.leakyRelu,
            l.channelDropout(0.25),
            ...(filters === 16 ? [] : [l.batchNorm(0.8)]),
          ]),
        ]),
        l.flatten,
        ...l.sequential("adv_layer", [l.dense(1), l.sigmoid]),
      ],
      initializers: l.dcganInitializers,
    },
  },
};

export const jrtechsWgan: Preset = {
  id: "jrtechs-wgan",
  title: "Wasserstein GAN",
  summary:
    "A critic with clipped weights instead of a discriminator; its loss tracks the distance between real and fake.",
  source,
  settings: {
    ...shared,
    preset: "jrtechs-wgan",
    data: l.images("mnist", 28, "symmetric"),
    generator: mlpGenerator(28),
    discriminator: mlpDiscriminator(28, false),
    objective: {
      loss: "wasserstein",
      reduction: "sum",
      order: "discriminator-first",
      secondUpdate: "same-noise",
      generatorEvery: 5,
      clip: 0.01,
    },
    optimizers: l.both({
      type: "rmsprop",
      learningRate: 5e-5,
      alpha: 0.99,
      eps: 1e-8,
    }),
  },
};
