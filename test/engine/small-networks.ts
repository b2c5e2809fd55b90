/** The small networks of the engine cases: between them they hold every layer, in common and uncommon places. */
import type { ModelSettings } from "../../src/main/engine/engine";
import * as l from "../../src/shared/settings/presets/layers";

export type Networks = Pick<ModelSettings, "generator" | "discriminator">;

export function plain(probability: boolean): Networks {
  return {
    generator: l.network(
      "net",
      [6],
      [l.dense(10), l.relu, l.dense(16), l.tanh, l.reshape([1, 4, 4])],
    ),
    discriminator: l.network(
      "net",
      [1, 4, 4],
      [
        l.flatten,
        l.dense(12),
        l.leakyRelu,
        l.dense(1, false),
        ...end(probability),
      ],
    ),
  };
}

/** Batch normalisation in both networks, 1-d and 2-d, so that the order of the passes shows in its statistics. */
export function normalized(probability: boolean): Networks {
  return {
    generator: l.network(
      "net",
      [6],
      [
        l.dense(12),
        l.batchNorm(0.8),
        l.leakyRelu,
        l.dense(18),
        l.reshape([2, 3, 3]),
        l.batchNorm(),
        l.relu,
        l.convTranspose(1, 4, 2, 1, true),
        l.tanh,
      ],
    ),
    discriminator: l.network(
      "net",
      [1, 6, 6],
      [
        l.conv(3, 4, 2, 1, false),
        l.batchNorm(),
        l.leakyRelu,
        l.flatten,
        l.dense(1),
        ...end(probability),
      ],
    ),
  };
}

export function dropped(probability: boolean): Networks {
  return {
    generator: l.network(
      "net",
      [6],
      [
        l.dense(12),
        l.relu,
        dropout(0.3),
        l.dense(36),
        l.tanh,
        l.reshape([1, 6, 6]),
      ],
    ),
    discriminator: l.network(
      "net",
      [1, 6, 6],
      [
        l.conv(6, 3, 1, 1, true),
        l.leakyRelu,
        l.channelDropout(0.25),
        l.flatten,
        dropout(0.5),
        l.dense(1),
        ...end(probability),
      ],
    ),
  };
}

/** Kernels, strides and paddings that divide nothing evenly; activations in unusual places. */
export function kernels(probability: boolean): Networks {
  return {
    generator: l.network(
      "net",
      [5, 1, 1],
      [
        l.convTranspose(4, 3, 1, 0, true),
        l.sigmoid,
        l.convTranspose(3, 3, 2, 1, false),
        l.tanh,
        l.convTranspose(3, 5, 3, 2, true),
        l.leakyRelu,
        l.convTranspose(2, 2, 1, 1, true),
        l.tanh,
      ],
    ),
    discriminator: l.network(
      "net",
      [2, 12, 12],
      [
        l.conv(3, 5, 3, 2, true),
        l.tanh,
        l.conv(4, 3, 2, 1, false),
        l.relu,
        l.conv(4, 2, 1, 1, true),
        l.leakyRelu,
        l.conv(2, 1, 2, 0, true),
        l.sigmoid,
        l.flatten,
        l.dense(1),
        ...end(probability),
      ],
    ),
  };
}

/** In colour, and without batch normalisation: what penalties and augmentation are used with. */
export function colored(probability: boolean): Networks {
  return {
    generator: l.network(
      "net",
      [6],
      [
        l.dense(36),
        l.leakyRelu,
        l.reshape([4, 3, 3]),
        l.convTranspose(3, 4, 2, 1, true),
        l.tanh,
      ],
    ),
    discriminator: l.network(
      "net",
      [3, 6, 6],
      [
        l.conv(4, 3, 1, 1, true),
        l.leakyRelu,
        l.conv(6, 4, 2, 1, true),
        l.leakyRelu,
        l.flatten,
        l.dense(1, false),
        ...end(probability),
      ],
    ),
  };
}

/** The layers of the small DCGAN (jrtechs), narrow. */
export function upsampled(probability: boolean): Networks {
  return {
    generator: l.network(
      "net",
      [6],
      [
        l.dense(16),
        l.reshape([4, 2, 2]),
        l.batchNorm(),
        l.upsample(2),
        l.conv(3, 3, 1, 1, true),
        l.batchNorm(0.8),
        l.leakyRelu,
        l.upsample(3),
        l.conv(1, 3, 1, 1, true),
        l.tanh,
      ],
    ),
    discriminator: l.network(
      "net",
      [1, 12, 12],
      [
        l.conv(4, 3, 2, 1, true),
        l.leakyRelu,
        l.channelDropout(0.25),
        l.conv(6, 3, 2, 1, true),
        l.leakyRelu,
        l.channelDropout(0.25),
        l.batchNorm(0.8),
        l.flatten,
        l.dense(1),
        ...end(probability),
      ],
    ),
  };
}

/** Labels as numbers behind a flat layer and as channels of an image, one-hot and learnt. */
export function concatenated(probability: boolean): Networks {
  return {
    generator: l.network(
      "net",
      [5],
      [
        l.labelConcat(3),
        l.dense(18),
        l.relu,
        l.reshape([2, 3, 3]),
        l.labelEmbedding(3, 2),
        l.convTranspose(1, 4, 2, 1, true),
        l.tanh,
      ],
    ),
    discriminator: l.network(
      "net",
      [1, 6, 6],
      [
        l.labelConcat(3),
        l.conv(3, 4, 2, 1, true),
        l.leakyRelu,
        l.flatten,
        l.labelEmbedding(3, 4),
        l.dense(6),
        l.leakyRelu,
        l.dense(1),
        ...end(probability),
      ],
    ),
  };
}

/** Normalised by class in 1-d and in 2-d; the projection is of a flat layer. */
export function projected(probability: boolean): Networks {
  return {
    generator: l.network(
      "net",
      [6],
      [
        l.dense(18, false),
        l.classNorm(4, 0.1),
        l.leakyRelu,
        l.reshape([2, 3, 3]),
        l.classNorm(4),
        l.relu,
        l.convTranspose(1, 4, 2, 1, true),
        l.tanh,
      ],
    ),
    discriminator: l.network(
      "net",
      [1, 6, 6],
      [
        l.conv(3, 4, 2, 1, true),
        l.leakyRelu,
        l.flatten,
        l.projection(4),
        ...end(probability),
      ],
    ),
  };
}

/** The projection of the sum over pixels, as its authors have it. */
export function pooled(probability: boolean): Networks {
  const { generator } = projected(probability);
  return {
    generator,
    discriminator: l.network(
      "net",
      [1, 6, 6],
      [
        l.conv(4, 3, 1, 1, true),
        l.leakyRelu,
        l.conv(5, 4, 2, 1, true),
        l.leakyRelu,
        l.projection(4),
        ...end(probability),
      ],
    ),
  };
}

function end(probability: boolean): l.Unnamed[] {
  return probability ? [l.sigmoid] : [];
}

function dropout(rate: number): l.Unnamed {
  return { type: "dropout", rate };
}
