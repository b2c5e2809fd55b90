import type { Network } from "../network";
import { noImprovements, wholeAugmentation } from "../improvements";
import type { Preset } from "../settings";
import * as l from "./layers";

const everyGrid = {
  unit: "step",
  every: 250,
  within: "run",
  at: "end",
} as const;

/** D without normalisation, which penalties need. G keeps it: its layers are in a row and have no residual paths. */
function networks(width: number): {
  generator: Network;
  discriminator: Network;
} {
  const initializers = l.pytorchDefaults;
  return {
    generator: {
      input: [64, 1, 1],
      layers: l.sequential("net", [
        l.convTranspose(width * 8, 4, 1, 0, false),
        l.batchNorm(),
        l.leakyRelu,
        ...[4, 2, 1].flatMap((factor) => [
          l.convTranspose(width * factor, 4, 2, 1, false),
          l.batchNorm(),
          l.leakyRelu,
        ]),
        l.convTranspose(3, 4, 2, 1, true),
        l.tanh,
      ]),
      initializers,
    },
    discriminator: {
      input: [3, 64, 64],
      layers: [
        ...l.sequential("net", [
          ...[1, 2, 4, 8].flatMap((factor) => [
            l.conv(width * factor, 4, 2, 1, true),
            l.leakyRelu,
          ]),
          l.conv(1, 4, 1, 0, true),
        ]),
        l.flatten,
      ],
      initializers,
    },
  };
}

/** R3GAN's recipe in the size that two cores train in an evening. */
export const smallData64: Preset = {
  id: "small-data-64",
  title: "Few colour pictures, 64 x 64",
  summary:
    "For a folder of hundreds of colour pictures: pairs of real and fake, penalties on both, augmentation against memorizing, and the average of G. Shapes in minutes, pictures in an evening.",
  source: {
    title:
      "The GAN is dead; long live the GAN! (R3GAN), with ADA's augmentation",
    author: "Huang et al. 2024",
    url: "https://arxiv.org/abs/2501.05441",
  },
  settings: {
    ...l.common,
    preset: "small-data-64",
    data: { ...l.images("strokes", 64, "symmetric"), channels: 3 },
    ...networks(32),
    objective: {
      loss: "relativistic",
      reduction: "sum",
      order: "discriminator-first",
      secondUpdate: "fresh-noise",
      generatorEvery: 1,
      clip: null,
    },
    optimizers: l.both({
      type: "adam",
      learningRate: 2e-4,
      beta1: 0,
      beta2: 0.99,
      eps: 1e-8,
    }),
    improvements: {
      ...noImprovements,
      average: { halfLife: 10_000, rampUp: 0.05 },
      penalties: { interpolated: null, real: 1, fake: 1 },
      augmentation: {
        ...wholeAugmentation,
        probability: 0,
        adaptive: { target: 0.6, swing: 100_000 },
      },
    },
    schedule: {
      batchSize: 32,
      order: "shuffle",
      lastBatch: "drop",
      length: { unit: "steps", count: 10_000 },
    },
    sampling: {
      count: 36,
      cadences: [everyGrid],
      mode: "evaluation",
      grid: l.grid(6, false),
    },
    log: {
      cadence: everyGrid,
      template:
        "Step {step}/{steps}: D loss {dLoss:.4f}, G loss {gLoss:.4f}, D(x) {dReal:.3f}, D(G(z)) {dFake:.3f}",
      tensorboard: false,
    },
  },
};
