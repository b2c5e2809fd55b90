import type { Preset } from "../settings";
import { noImprovements } from "../improvements";
import { mlpDiscriminator, mlpGenerator } from "./jrtechs";
import * as l from "./layers";

const everyGrid = {
  unit: "step",
  every: 500,
  within: "run",
  at: "end",
} as const;

/** Algorithm 1 of the paper with its numbers, on the networks of jrtechs-wgan: so the two differ by the penalty. */
export const wganGp: Preset = {
  id: "wgan-gp",
  title: "Wasserstein GAN with gradient penalty",
  summary:
    "The Wasserstein GAN without clipped weights: the gradient's norm is held at 1 instead, five critic steps for one of G. Steadier, and slower a step.",
  source: {
    title: "Improved Training of Wasserstein GANs",
    author: "Gulrajani et al. 2017",
    url: "https://arxiv.org/abs/1704.00028",
  },
  settings: {
    ...l.common,
    preset: "wgan-gp",
    data: l.images("mnist", 28, "symmetric"),
    generator: mlpGenerator(28),
    discriminator: mlpDiscriminator(28, false),
    objective: {
      loss: "wasserstein",
      reduction: "sum",
      order: "discriminator-first",
      secondUpdate: "fresh-noise",
      generatorEvery: 5,
      clip: null,
    },
    optimizers: l.both({
      type: "adam",
      learningRate: 1e-4,
      beta1: 0,
      beta2: 0.9,
      eps: 1e-8,
    }),
    improvements: {
      ...noImprovements,
      penalties: { interpolated: 10, real: null, fake: null },
    },
    schedule: {
      batchSize: 64,
      order: "shuffle",
      lastBatch: "drop",
      length: { unit: "steps", count: 50_000 },
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
        "[Step {step}/{steps}] [D loss: {dLoss:.6f}] [G loss: {gLoss:.6f}]",
      tensorboard: false,
    },
  },
};
