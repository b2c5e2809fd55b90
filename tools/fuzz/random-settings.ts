/**
 * Random networks as a person could put them together in the form: layers in any order, kernels up to the image's size,
 * ends made to fit. Not all are accepted: `checkSettings` says which.
 */
import type { Random } from "../../src/shared/random";
import type { Shape } from "../../src/shared/layers";
import { volume } from "../../src/shared/layers";
import { inferShapes } from "../../src/shared/settings/network";
import { presets } from "../../src/shared/settings/presets";
import * as l from "../../src/shared/settings/presets/layers";
import type { TrainingSettings } from "../../src/shared/settings/settings";

/** How large a random network may be drawn. */
export interface Limits {
  /** Pixels a side. */
  size: number;
  filters: number;
  /** Layers of one network besides its ends. */
  layers: number;
  batch: number;
}

type Layers = l.Unnamed[];

/** Settings around two random networks. */
export function randomSettings(
  random: Random,
  limits: Limits,
): TrainingSettings {
  const [preset] = presets;
  const channels = oneOf<1 | 3>(random, [1, 3]);
  const size = between(random, 6, limits.size);
  return {
    ...preset.settings,
    data: { ...preset.settings.data, size, channels },
    generator: network([16], generator(random, limits, channels, size)),
    discriminator: network(
      [channels, size, size],
      discriminator(random, limits, [channels, size, size]),
    ),
    schedule: {
      ...preset.settings.schedule,
      batchSize: between(random, 2, limits.batch),
    },
  };
}

function generator(
  random: Random,
  limits: Limits,
  channels: number,
  size: number,
): Layers {
  const side = between(random, 1, Math.ceil(size / 2));
  const start: [number, number, number] = [
    between(random, 1, limits.filters),
    side,
    side,
  ];
  const body = stack(random, limits, start, 2 * size);
  const [, height] = shapeAfter(start, body);
  return [
    l.dense(volume(start)),
    l.reshape(start),
    ...body,
    fitting(random, channels, height, size),
    l.tanh,
  ];
}

/** A last layer that makes one size of another: with a kernel as large as that takes. */
function fitting(
  random: Random,
  channels: number,
  from: number,
  to: number,
): l.Unnamed {
  const padding = between(random, 0, 2);
  const kernel = Math.abs(from - to) + 1 + 2 * padding;
  return from < to
    ? l.convTranspose(channels, kernel, 1, padding, true)
    : l.conv(channels, kernel, 1, padding, true);
}

function discriminator(random: Random, limits: Limits, input: Shape): Layers {
  const body = stack(random, limits, input, input[1]);
  return [...body, l.flatten, l.dense(1), l.sigmoid];
}

/** Layers whose images stay between 1 and `largest` pixels a side. */
function stack(
  random: Random,
  { layers, filters }: Limits,
  input: Shape,
  largest: number,
): Layers {
  const chosen: Layers = [];
  const count = between(random, 1, layers);
  while (chosen.length < count) {
    const layer = randomLayer(random, filters, shapeAfter(input, chosen)[1]);
    const side = sideAfter(input, [...chosen, layer]);
    if (side >= 1 && side <= largest) chosen.push(layer);
  }
  return chosen;
}

function randomLayer(random: Random, filters: number, side: number): l.Unnamed {
  const kernel = between(random, 1, Math.max(5, side));
  const padding = between(random, 0, kernel - 1);
  const stride = oneOf(random, [1, 1, 1, 2, 2, 3, 4]);
  const bias = random.uniform() < 0.5;
  const made = between(random, 1, filters);
  return oneOf<l.Unnamed>(random, [
    l.conv(made, kernel, stride, padding, bias),
    l.conv(made, kernel, stride, padding, bias),
    l.convTranspose(made, kernel, stride, padding, bias),
    l.upsample(between(random, 2, 4)),
    l.batchNorm(),
    l.leakyRelu,
    l.channelDropout(0.3),
  ]);
}

function shapeAfter(input: Shape, layers: Layers): Shape {
  const shapes = inferShapes(network(input, layers));
  return shapes[shapes.length - 1];
}

/** 0 where the layers do not fit. */
function sideAfter(input: Shape, layers: Layers): number {
  try {
    return shapeAfter(input, layers)[1];
  } catch {
    return 0;
  }
}

function network(input: Shape, layers: Layers) {
  const [features, height, width] = input;
  return {
    input: (input.length === 1 ? [features] : [features, height, width]) as [
      number,
    ],
    layers: l.sequential("net", layers),
    initializers: l.pytorchDefaults,
  };
}

/** Both ends included. */
function between(random: Random, from: number, to: number): number {
  return from + random.below(to - from + 1);
}

function oneOf<T>(random: Random, choices: readonly T[]): T {
  return choices[random.below(choices.length)];
}
