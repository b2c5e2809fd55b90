import type { Preset } from "../settings";
import * as l from "./layers";
import { wiseoddMlp } from "./wiseodd-mlp";

const classes = 10;
const { generator, discriminator, ...rest } = wiseoddMlp.settings;

/** `conditional_gan/cgan_pytorch.py`: the smallest MLP with the class as ten numbers behind the noise and behind the image. */
export const cgan: Preset = {
  id: "cgan",
  title: "Conditional GAN (labels)",
  summary:
    "The smallest MLP, told which digit to draw: a grid has one class per row, and the explorer picks the class. Rough digits of the right class after about 8,000 steps.",
  source: {
    title: "Conditional Generative Adversarial Nets, after wiseodd's code",
    author: "Mirza and Osindero 2014",
    url: "https://github.com/wiseodd/generative-models",
  },
  settings: {
    ...rest,
    preset: "cgan",
    generator: {
      ...generator,
      layers: [l.labelConcat(classes), ...generator.layers],
    },
    discriminator: {
      ...discriminator,
      layers: [l.labelConcat(classes), ...discriminator.layers],
    },
    sampling: { ...rest.sampling, count: 100, grid: l.grid(10, false) },
  },
};
