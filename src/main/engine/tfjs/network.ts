/** Runs a network's layers on TensorFlow tensors. Weights come in the order of its trainable parameters. */
import type { Layer, Network, Shape } from "../../../shared/settings/network";
import { inferShapes } from "../../../shared/settings/network";
import type { BatchStatistics } from "./batch-norm";
import { normalizeByBatch, normalizeByRunning } from "./batch-norm";
import { convolve, convolveTransposed } from "./convolution";
import { reshapeSamples } from "./images";
import type { Tensor, Tensor2D, TensorFlow } from "./load";
import { upsample } from "./upsample";

/** How one pass treats the layers that are not plain functions. */
export interface Pass {
  /** Running statistics for evaluation, one for each batch normalisation in order; null uses the batch's own. */
  running: readonly BatchStatistics[] | null;
  /** Masks by the index of their dropout layer; nothing is dropped where there is none. */
  masks: ReadonlyMap<number, Tensor>;
  /** Called for each batch normalisation in order, where the batch's own statistics are used. */
  onStatistics: (statistics: BatchStatistics) => void;
  /** Called with what each layer gives. */
  onLayer: (output: Tensor, shape: Shape) => void;
}

export const quietPass: Pass = {
  running: null,
  masks: new Map(),
  onStatistics: () => undefined,
  onLayer: () => undefined,
};

/** `x` and the result are in TensorFlow's layout (see images.ts). */
export function runNetwork(
  tf: TensorFlow,
  network: Network,
  weights: readonly Tensor[],
  x: Tensor,
  pass: Pass,
): Tensor {
  const shapes = inferShapes(network);
  const nextWeight = weights[Symbol.iterator]();
  const nextRunning = pass.running?.[Symbol.iterator]() ?? null;
  let value = x;
  network.layers.forEach((layer, index) => {
    value = runLayer(layer, value, index);
    pass.onLayer(value, shapes[index + 1]);
  });
  return value;

  function runLayer(layer: Layer, input: Tensor, index: number): Tensor {
    const [from, to] = [shapes[index], shapes[index + 1]];
    switch (layer.type) {
      case "dense":
        return addBias(
          layer,
          tf.matMul(input as Tensor2D, take() as Tensor2D, false, true),
        );
      case "conv":
        return addBias(layer, convolve(tf, input, take(), layer, from, to));
      case "convTranspose":
        return addBias(
          layer,
          convolveTransposed(tf, input, take(), layer, from, to),
        );
      case "batchNorm":
        return normalize(input, layer.eps);
      case "leakyRelu":
        return tf.leakyRelu(input, layer.slope);
      case "relu":
        return tf.relu(input);
      case "tanh":
        return tf.tanh(input);
      case "sigmoid":
        return tf.sigmoid(input);
      case "upsample":
        return upsample(tf, input, layer.factor);
      case "dropout":
      case "channelDropout": {
        const mask = pass.masks.get(index);
        return mask ? tf.mul(input, mask) : input;
      }
      case "reshape":
      case "flatten":
        return reshapeSamples(tf, input, from, to);
      default:
        return layer satisfies never;
    }
  }

  function addBias(layer: { bias: boolean }, value: Tensor): Tensor {
    return layer.bias ? tf.add(value, take()) : value;
  }

  function normalize(input: Tensor, eps: number): Tensor {
    const [scale, shift] = [take(), take()];
    if (!nextRunning)
      return normalizeByBatch(tf, input, scale, shift, eps, pass.onStatistics);
    const running = nextRunning.next().value;
    if (!running) throw new Error("A batch normalisation has no statistics.");
    return normalizeByRunning(tf, input, scale, shift, eps, running);
  }

  function take(): Tensor {
    const weight = nextWeight.next().value;
    if (!weight) throw new Error("The network has more layers than weights.");
    return weight;
  }
}
