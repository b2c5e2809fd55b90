import type { Network } from "../network";
import type { Preset } from "../settings";
import * as l from "./layers";

/** Seed 003's DCGAN for `channels` 1 or 3 and 64 x 64 images; `width` is the slides' ngf and ndf. */
export function dcganNetworks(
  channels: 1 | 3,
  width = 64,
): { generator: Network; discriminator: Network } {
  return {
    generator: {
      input: [100, 1, 1],
      layers: l.sequential("main", [
        l.convTranspose(width * 8, 4, 1, 0, false),
        l.batchNorm(),
        l.relu,
        l.convTranspose(width * 4, 4, 2, 1, false),
        l.batchNorm(),
        l.relu,
        l.convTranspose(width * 2, 4, 2, 1, false),
        l.batchNorm(),
        l.relu,
        l.convTranspose(width, 4, 2, 1, false),
        l.batchNorm(),
        l.relu,
        l.convTranspose(channels, 4, 2, 1, false),
        l.tanh,
      ]),
      initializers: l.dcganInitializers,
    },
    discriminator: {
      input: [channels, 64, 64],
      layers: [
        ...l.sequential("main", [
          l.conv(width, 4, 2, 1, false),
          l.leakyRelu,
          l.conv(width * 2, 4, 2, 1, false),
          l.batchNorm(),
          l.leakyRelu,
          l.conv(width * 4, 4, 2, 1, false),
          l.batchNorm(),
          l.leakyRelu,
          l.conv(width * 8, 4, 2, 1, false),
          l.batchNorm(),
          l.leakyRelu,
          l.conv(1, 4, 1, 0, false),
          l.sigmoid,
        ]),
        l.flatten,
      ],
      initializers: l.dcganInitializers,
    },
  };
}

/** The slides give no optimiser and no weights; these are Radford et al. 2015, section 4. */
export const lectureDcgan: Preset = {
  id: "lecture-dcgan",
  title: "DCGAN 64 x 64",
  summary:
    "The convolutional GAN of the lecture, for 64-pixel images in grey or colour; give it time, or a GPU.",
  source: {
    title: "GAN: Generative Adversarial Nets (lecture slides)",
    author: "deep learning lecture",
    url: "https://arxiv.org/abs/1511.06434",
  },
  settings: {
    ...l.common,
    preset: "lecture-dcgan",
    data: l.images("mnist", 64, "symmetric"),
    ...dcganNetworks(1),
    objective: l.classicObjective,
    optimizers: l.both(l.adam(2e-4, 0.5)),
    schedule: {
      batchSize: 64,
      order: "shuffle",
      lastBatch: "drop",
      length: { unit: "epochs", count: 5 },
    },
    sampling: {
      count: 64,
      cadences: [
        { unit: "step", every: 25, within: "run", at: "end" },
        { unit: "epoch", every: 1 },
      ],
      mode: "batch",
      grid: l.grid(8, true),
    },
    log: {
      // The tutorial's loop overwrites D(G(z)) in G's update before it prints it.
      cadence: { unit: "step", every: 25, within: "epoch", at: "end" },
      template:
        "e{epochIndex}.i{batchIndex}/{stepsPerEpoch} last mb D(x)={dReal:.4f} D(G(z))={dFakeAfter:.4f}",
      tensorboard: false,
    },
  },
};
