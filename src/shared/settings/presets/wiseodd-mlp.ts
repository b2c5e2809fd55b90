import type { Preset } from "../settings";
import * as l from "./layers";

/** Seeds 000 and 001: Wzh, bzh, ... of the tutorial are `zh.weight` (transposed: PyTorch's layout), `zh.bias`, ... */
export const wiseoddMlp: Preset = {
  id: "wiseodd-mlp",
  title: "Smallest MLP",
  summary:
    "One hidden layer of 128 in each network, written by hand; digits appear within seconds.",
  source: {
    title: "Generative Adversarial Networks (GAN) in Pytorch",
    author: "wiseodd (Agustinus Kristiadi)",
    url: "https://github.com/wiseodd/generative-models",
  },
  settings: {
    ...l.common,
    preset: "wiseodd-mlp",
    data: l.images("mnist", 28, "unit"),
    generator: {
      input: [100],
      layers: [
        l.named("zh", l.dense(128)),
        l.relu,
        l.named("hx", l.dense(784)),
        l.sigmoid,
      ],
      initializers: { ...l.pytorchDefaults, dense: { type: "he-normal" } },
    },
    discriminator: {
      input: [784],
      layers: [
        l.named("xh", l.dense(128)),
        l.relu,
        l.named("hy", l.dense(1)),
        l.sigmoid,
      ],
      initializers: { ...l.pytorchDefaults, dense: { type: "he-normal" } },
    },
    objective: l.classicObjective,
    optimizers: l.both(l.adam(1e-3)),
    schedule: {
      batchSize: 64,
      order: "shuffle",
      lastBatch: "drop",
      length: { unit: "steps", count: 100_000 },
    },
    sampling: {
      count: 16,
      cadences: [{ unit: "step", every: 1000, within: "run", at: "start" }],
      mode: "batch",
      grid: l.grid(4, false),
    },
    log: {
      cadence: { unit: "step", every: 1000, within: "run", at: "start" },
      template: "Iter-{iteration}; D_loss: {dLoss}; G_loss: {gLoss}",
      tensorboard: false,
    },
  },
};
