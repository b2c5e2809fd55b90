import type { Preset } from "../settings";
import * as l from "./layers";

/** Seed 003, the full training loop: every step draws a new batch, because the slides re-create the iterator. */
export const lectureMlp: Preset = {
  id: "lecture-mlp",
  title: "Lecture MLP",
  summary:
    "The lecture's first GAN: one hidden layer, plain SGD on Fashion-MNIST; slow to learn, good to take apart.",
  source: {
    title: "GAN: Generative Adversarial Nets (lecture slides)",
    author: "deep learning lecture",
    url: "",
  },
  settings: {
    ...l.common,
    preset: "lecture-mlp",
    data: l.images("fashion-mnist", 28, "symmetric"),
    generator: {
      input: [100],
      layers: [
        l.named("fc1", l.dense(128)),
        l.leakyRelu,
        l.named("fc2", l.dense(784)),
        l.tanh,
        l.reshape([1, 28, 28]),
      ],
      initializers: l.pytorchDefaults,
    },
    discriminator: {
      input: [1, 28, 28],
      layers: [
        l.flatten,
        l.named("fc1", l.dense(128)),
        l.leakyRelu,
        l.named("fc2", l.dense(1)),
        l.sigmoid,
      ],
      initializers: l.pytorchDefaults,
    },
    objective: l.classicObjective,
    optimizers: l.both({ type: "sgd", learningRate: 0.03, momentum: 0 }),
    schedule: {
      batchSize: 64,
      order: "random",
      lastBatch: "keep",
      length: { unit: "epochs", count: 3 },
    },
    sampling: {
      count: 64,
      cadences: [
        { unit: "step", every: 100, within: "epoch", at: "start" },
        { unit: "epoch", every: 1 },
      ],
      mode: "batch",
      grid: l.grid(8, true, 0.3),
    },
    log: {
      // The tutorial's loop overwrites D(G(z)) in G's update before it prints it.
      cadence: { unit: "step", every: 100, within: "epoch", at: "start" },
      template:
        "e{epochIndex}.i{batchIndex}/{stepsPerEpoch} last mb D(x)={dReal:.4f} D(G(z))={dFakeAfter:.4f}",
      tensorboard: false,
    },
  },
};
