/** Layers as expressions. Inside, an image is rows `[batch * height * width, channels]`. */
import type { Layer, Shape, TrainedRole } from "../../shared/layers";
import type { Network } from "../../shared/settings/network";
import { volume } from "../../shared/layers";
import { inferShapes } from "../../shared/settings/network";
import { convolutionOf } from "./convolution";
import type { Graph } from "./graph";
import type { Node } from "./node";

/** What a network's layers read besides their input. */
export interface Surroundings {
  graph: Graph;
  batch: number;
  /** What a layer trains, in the engine's layout (`state.ts`); null where the layer has none. */
  parameter(layer: number, role: TrainedRole): Node | null;
  /** `[batch, classes]`, one-hot or between; null of networks that read none. */
  labels: Node | null;
  /** The running mean and variance of a batch normalisation, `[channels]` each. */
  running(layer: number): { mean: Node; variance: Node };
  /** Whether batch normalisation uses the batch's own statistics or the running ones. */
  statistics: "batch" | "running";
  /** The mask of a dropout layer, `[batch, ...]` in PyTorch's order; null where nothing is dropped. */
  mask(layer: number): Node | null;
}

export interface ForwardPass {
  /** `[batch, features]` in PyTorch's order. */
  output: Node;
  /** The same after each layer. */
  activations: Node[];
  /** What each batch normalisation's running statistics become. */
  running: Map<number, { mean: Node; variance: Node }>;
}

/** One pass of a batch in PyTorch's order, shaped `[batch, ...network.input]` or flat. */
export function forward(
  network: Network,
  input: Node,
  surroundings: Surroundings,
): ForwardPass {
  const shapes = inferShapes(network);
  const { graph, batch } = surroundings;
  const running: ForwardPass["running"] = new Map();
  const activations: Node[] = [];
  let x = toRows(graph, input, batch, shapes[0]);
  network.layers.forEach((layer, index) => {
    if (layer.type === "batchNorm" || layer.type === "classNorm") {
      const normalized = batchNorm(x, layer, index, surroundings);
      x = normalized.output;
      if (normalized.running) running.set(index, normalized.running);
    } else {
      x = apply(layer, index, x, shapes, surroundings);
    }
    activations.push(fromRows(graph, x, batch, shapes[index + 1]));
  });
  return { output: activations[activations.length - 1], activations, running };
}

/** Rows from PyTorch's order; the same numbers where there is one channel, or one pixel. */
function toRows(graph: Graph, x: Node, batch: number, shape: Shape): Node {
  const [channels, pixels] = extents(shape);
  const split = graph.reshape(x, [batch, channels, pixels]);
  const swapped =
    channels > 1 && pixels > 1 ? graph.transpose(split, [0, 2, 1]) : split;
  return graph.reshape(swapped, [batch * pixels, channels]);
}

/** `[batch, features]` in PyTorch's order from rows. */
function fromRows(graph: Graph, rows: Node, batch: number, shape: Shape): Node {
  const [channels, pixels] = extents(shape);
  const split = graph.reshape(rows, [batch, pixels, channels]);
  const swapped =
    channels > 1 && pixels > 1 ? graph.transpose(split, [0, 2, 1]) : split;
  return graph.reshape(swapped, [batch, channels * pixels]);
}

/** Channels and pixels of one sample; flat features are channels of a single pixel. */
function extents(shape: Shape): [channels: number, pixels: number] {
  return [shape[0], volume(shape.slice(1))];
}

function apply(
  layer: Exclude<Layer, { type: "batchNorm" | "classNorm" }>,
  index: number,
  x: Node,
  shapes: Shape[],
  surroundings: Surroundings,
): Node {
  const { graph, batch } = surroundings;
  const [before, after] = [shapes[index], shapes[index + 1]];
  switch (layer.type) {
    case "dense": {
      const weight = needed(surroundings.parameter(index, "weight"));
      const product = graph.matmul(x, weight, { transposeB: true });
      return withBias(product, index, surroundings);
    }
    case "conv": {
      const weight = needed(surroundings.parameter(index, "weight"));
      const geometry = convolutionOf(layer, batch, before, after);
      const map = graph.convolve(x, weight, geometry);
      return withBias(map, index, surroundings);
    }
    case "convTranspose": {
      const weight = needed(surroundings.parameter(index, "weight"));
      const geometry = convolutionOf(layer, batch, after, before);
      const image = graph.spread(x, weight, geometry);
      return withBias(image, index, surroundings);
    }
    case "leakyRelu":
      return graph.leakyRelu(x, layer.slope);
    case "relu":
      return graph.leakyRelu(x, 0);
    case "tanh":
      return graph.tanh(x);
    case "sigmoid":
      return graph.sigmoid(x);
    case "upsample":
      return upsample(graph, x, layer.factor, batch, before);
    case "dropout":
    case "channelDropout": {
      const mask = surroundings.mask(index);
      return mask ? drop(graph, x, mask, batch, before) : x;
    }
    case "reshape":
    case "flatten":
      return toRows(graph, fromRows(graph, x, batch, before), batch, after);
    case "labelConcat":
      return withLabels(graph, x, labelsOf(surroundings), batch);
    case "labelEmbedding": {
      const rows = needed(surroundings.parameter(index, "embedding"));
      const own = graph.matmul(labelsOf(surroundings), rows);
      return withLabels(graph, x, own, batch);
    }
    case "projection":
      return project(x, index, surroundings);
    default:
      return layer satisfies never;
  }
}

/** Each pixel gets what its sample's class says as further channels. */
function withLabels(graph: Graph, x: Node, own: Node, batch: number): Node {
  const pixels = x.shape[0] / batch;
  const [, size] = own.shape;
  const apart = graph.reshape(own, [batch, 1, size]);
  const repeated = graph.expand(apart, [batch, pixels, size]);
  return graph.concat([x, graph.reshape(repeated, [x.shape[0], size])], 1);
}

/** Miyato and Koyama 2018, equation 3. */
function project(x: Node, index: number, surroundings: Surroundings): Node {
  const { graph, batch } = surroundings;
  const [rows, channels] = x.shape;
  const features = graph.sum(
    graph.reshape(x, [batch, rows / batch, channels]),
    [1],
  );
  const weight = needed(surroundings.parameter(index, "weight"));
  const linear = graph.matmul(features, weight, { transposeB: true });
  const embedding = needed(surroundings.parameter(index, "embedding"));
  const own = graph.matmul(labelsOf(surroundings), embedding);
  const likeness = graph.sum(graph.multiply(features, own), [1]);
  return graph.add(
    withBias(linear, index, surroundings),
    graph.reshape(likeness, [batch, 1]),
  );
}

function labelsOf({ labels }: Surroundings): Node {
  if (!labels) throw new Error("A layer reads labels and there are none.");
  return labels;
}

function withBias(x: Node, layer: number, { graph, parameter }: Surroundings) {
  const bias = parameter(layer, "bias");
  return bias ? graph.add(x, bias) : x;
}

function upsample(
  graph: Graph,
  x: Node,
  factor: number,
  batch: number,
  [channels, height, width]: Shape,
): Node {
  const apart = graph.reshape(x, [batch * height, 1, width, 1, channels]);
  const repeated = graph.expand(apart, [
    batch * height,
    factor,
    width,
    factor,
    channels,
  ]);
  const pixels = height * width * factor * factor;
  return graph.reshape(repeated, [batch * pixels, channels]);
}

/** A mask of whole channels is one number a channel; one of features has x's own shape. */
function drop(
  graph: Graph,
  x: Node,
  mask: Node,
  batch: number,
  shape: Shape,
): Node {
  const [channels, pixels] = extents(shape);
  if (volume(mask.shape) === volume(x.shape))
    return graph.multiply(x, toRows(graph, mask, batch, shape));
  const apart = graph.reshape(x, [batch, pixels, channels]);
  const dropped = graph.multiply(
    apart,
    graph.reshape(mask, [batch, 1, channels]),
  );
  return graph.reshape(dropped, x.shape);
}

/** Ioffe and Szegedy 2015; the batch is divided by its biased variance, the running variance is the unbiased one. */
function batchNorm(
  x: Node,
  layer: Extract<Layer, { type: "batchNorm" | "classNorm" }>,
  index: number,
  surroundings: Surroundings,
): { output: Node; running: { mean: Node; variance: Node } | null } {
  const { graph, statistics } = surroundings;
  const before = surroundings.running(index);
  const inBatch = statistics === "batch";
  const mean = inBatch ? graph.mean(x, [0]) : before.mean;
  const centered = graph.subtract(x, mean);
  const variance = inBatch
    ? graph.mean(graph.square(centered), [0])
    : before.variance;
  const deviation = graph.sqrt(graph.add(variance, graph.constant(layer.eps)));
  const weight = needed(surroundings.parameter(index, "weight"));
  const bias = needed(surroundings.parameter(index, "bias"));
  const output =
    layer.type === "classNorm"
      ? scaledByClass(
          graph.divide(centered, deviation),
          weight,
          bias,
          surroundings,
        )
      : graph.add(
          graph.multiply(centered, graph.divide(weight, deviation)),
          bias,
        );
  if (!inBatch) return { output, running: null };
  const rows = x.shape[0];
  const unbiased = graph.scale(variance, rows / Math.max(1, rows - 1));
  const move = (old: Node, now: Node): Node =>
    graph.add(
      graph.scale(old, 1 - layer.momentum),
      graph.scale(now, layer.momentum),
    );
  return {
    output,
    running: {
      mean: move(before.mean, mean),
      variance: move(before.variance, unbiased),
    },
  };
}

/** All pixels of a sample by the gain and the bias of its class; the tables are `[classes, channels]`. */
function scaledByClass(
  x: Node,
  weight: Node,
  bias: Node,
  surroundings: Surroundings,
): Node {
  const { graph, batch } = surroundings;
  const [rows, channels] = x.shape;
  const apart = graph.reshape(x, [batch, rows / batch, channels]);
  const own = (table: Node) =>
    graph.reshape(graph.matmul(labelsOf(surroundings), table), [
      batch,
      1,
      channels,
    ]);
  const scaled = graph.add(graph.multiply(apart, own(weight)), own(bias));
  return graph.reshape(scaled, x.shape);
}

function needed(parameter: Node | null): Node {
  if (!parameter) throw new Error("A layer lacks its weight.");
  return parameter;
}
