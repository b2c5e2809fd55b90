/**
 * The networks of a feature extractor: an encoder in the place of D, whose 64 outputs are the features, and behind it,
 * in the place of G, what it is trained by: a layer that names the class, or a decoder that draws the image again.
 */
import type { Layer } from "../../../shared/layers";
import type { Network } from "../../../shared/settings/network";
import type { ModelSettings } from "../../engine/engine";
import { presets } from "../../../shared/settings/presets";
import { extractorSide, sideWithin } from "./pictures";
import type { Pictures } from "./pictures";

export const featureCount = 64;
/** Of the first convolution; each further one has twice as many. */
const filters = 16;
/** From this side on the map is small enough to be flattened. */
const smallMap = 8;

const initializers: Network["initializers"] = {
  dense: { type: "uniform-fan-in" },
  conv: { type: "uniform-fan-in" },
  batchNorm: { type: "ones" },
};

export type ExtractorKind = "classifier" | "autoencoder";

/** `classes`: how many a classifier tells apart; null makes an autoencoder. */
export function extractorModel(
  { size, channels }: Pick<Pictures, "size" | "channels">,
  classes: number | null,
): ModelSettings {
  const side = sideWithin(size, extractorSide);
  const sides = sidesFrom(side);
  const discriminator: Network = {
    input: [channels, side, side],
    layers: [
      ...sides.slice(1).flatMap((_, i) => convolution(i, filters * 2 ** i)),
      { type: "flatten" },
      { type: "dense", name: "features", units: featureCount, bias: true },
    ],
    initializers,
  };
  const generator: Network = {
    input: [featureCount],
    layers:
      classes === null
        ? decoder(sides, channels)
        : [
            { type: "leakyRelu", slope: 0.2 },
            { type: "dense", name: "classes", units: classes, bias: true },
          ],
    initializers,
  };
  const adam = {
    type: "adam",
    learningRate: 2e-3,
    beta1: 0.9,
    beta2: 0.999,
    eps: 1e-8,
  } as const;
  return {
    ...presets[0].settings,
    generator,
    discriminator,
    optimizers: { generator: adam, discriminator: adam },
  };
}

/** The same networks for who only reads with them: there is no optimiser's memory to keep. */
export function readingModel(
  pictures: Pick<Pictures, "size" | "channels">,
  classes: number | null,
): ModelSettings {
  const plain = { type: "sgd", learningRate: 1, momentum: 0 } as const;
  return {
    ...extractorModel(pictures, classes),
    optimizers: { generator: plain, discriminator: plain },
  };
}

/** 28, 14, 7: the sides of the maps. */
function sidesFrom(side: number): number[] {
  const sides = [side];
  while (sides[sides.length - 1] > smallMap || sides.length === 1)
    sides.push(Math.floor(sides[sides.length - 1] / 2));
  return sides;
}

/** Halves the side. */
function convolution(index: number, count: number): Layer[] {
  return [
    {
      type: "conv",
      name: `conv${index}`,
      filters: count,
      kernel: 4,
      stride: 2,
      padding: 1,
      bias: false,
    },
    { type: "batchNorm", name: `norm${index}`, eps: 1e-5, momentum: 0.1 },
    { type: "leakyRelu", slope: 0.2 },
  ];
}

/** Doubles the side until the image's own; an odd one is met by a kernel of three. */
function decoder(sides: readonly number[], channels: number): Layer[] {
  const deepest = sides.length - 1;
  const maps = (level: number) =>
    level === 0 ? channels : filters * 2 ** (level - 1);
  const layers: Layer[] = [
    { type: "leakyRelu", slope: 0.2 },
    {
      type: "dense",
      name: "unfold",
      units: maps(deepest) * sides[deepest] ** 2,
      bias: true,
    },
    { type: "leakyRelu", slope: 0.2 },
    { type: "reshape", shape: [maps(deepest), sides[deepest], sides[deepest]] },
  ];
  for (let level = deepest; level > 0; level--) {
    const isOdd = sides[level - 1] % 2 === 1;
    layers.push({
      type: "convTranspose",
      name: `spread${level}`,
      filters: maps(level - 1),
      kernel: isOdd ? 5 : 4,
      stride: 2,
      padding: 1,
      bias: true,
    });
    layers.push(
      level > 1 ? { type: "leakyRelu", slope: 0.2 } : { type: "tanh" },
    );
  }
  return layers;
}
