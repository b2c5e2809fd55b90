import type { Preset } from "../settings";
import * as l from "./layers";

/** Seed 002. Its grids come every fourth epoch; ours also every 100 steps, so that a first run shows something soon. */
export const jaketaeMlp: Preset = {
  id: "jaketae-mlp",
  title: "Three-layer MLP",
  summary:
    "Two hidden layers of 256; the tutorial prints its losses, so that a run can be compared with them.",
  source: {
    title: "GAN in PyTorch",
    author: "Jake Tae",
    url: "https://jaketae.github.io/study/pytorch-gan/",
  },
  settings: {
    ...l.common,
    preset: "jaketae-mlp",
    data: l.images("mnist", 28, "symmetric"),
    generator: {
      input: [64],
      layers: l.sequential("", [
        l.dense(256),
        l.relu,
        l.dense(256),
        l.relu,
        l.dense(784),
        l.tanh,
      ]),
      initializers: l.pytorchDefaults,
    },
    discriminator: {
      input: [784],
      layers: l.sequential("", [
        l.dense(256),
        l.leakyRelu,
        l.dense(256),
        l.leakyRelu,
        l.dense(1),
        l.sigmoid,
      ]),
      initializers: l.pytorchDefaults,
    },
    objective: l.classicObjective,
    optimizers: l.both(l.adam(2e-4)),
    schedule: {
      batchSize: 64,
      order: "shuffle",
      lastBatch: "drop",
      length: { unit: "epochs", count: 20 },
    },
    sampling: {
      count: 64,
      cadences: [
        { unit: "epoch", every: 4 },
        { unit: "step", every: 100, within: "run", at: "end" },
      ],
      mode: "batch",
      grid: l.grid(8, false),
    },
    log: {
      cadence: { unit: "step", every: 400, within: "epoch", at: "end" },
      template:
        "Epoch [{epoch}/{epochs}], Step [{stepInEpoch}/{stepsPerEpoch}], d_loss: {dLoss:.4f}, g_loss: {gLoss:.4f}, D(x): {dReal:.2f}, D(G(z)): {dFake:.2f}",
      tensorboard: false,
    },
  },
};
