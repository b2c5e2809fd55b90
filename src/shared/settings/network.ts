/**
 * Networks as plain data: layers, the shapes that flow between them, and the parameters they own.
 *
 * Shapes are those of one sample, in PyTorch's order: `[features]` or `[channels, height, width]`.
 * Nothing here computes; `main/engine` turns the same data into arithmetic.
 */
import { z } from "zod";

const size = z.int().positive();
/** The module path that PyTorch would give the layer: `model.0`, `fc1`. Its parameters are `<name>.weight` and so on. */
const name = z.string().regex(/^[A-Za-z_][\w.]*$|^\d+$/);

/** What a convolution and its transpose are told. */
const convolution = {
  name,
  filters: size,
  kernel: size,
  stride: size,
  padding: z.int().nonnegative(),
  bias: z.boolean(),
};

export const layerSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("dense"), name, units: size, bias: z.boolean() }),
  z.object({ type: z.literal("conv"), ...convolution }),
  z.object({ type: z.literal("convTranspose"), ...convolution }),
  /** 1-d on `[features]`, 2-d on `[channels, height, width]`; `momentum` is PyTorch's (new = 0.1). */
  z.object({
    type: z.literal("batchNorm"),
    name,
    eps: z.number().positive(),
    momentum: z.number().gt(0).max(1),
  }),
  z.object({ type: z.literal("leakyRelu"), slope: z.number().min(0).max(1) }),
  z.object({ type: z.literal("relu") }),
  z.object({ type: z.literal("tanh") }),
  z.object({ type: z.literal("sigmoid") }),
  /** Nearest neighbour. */
  z.object({ type: z.literal("upsample"), factor: size }),
  z.object({ type: z.literal("dropout"), rate: z.number().min(0).lt(1) }),
  /** PyTorch's Dropout2d: a whole channel at a time. */
  z.object({
    type: z.literal("channelDropout"),
    rate: z.number().min(0).lt(1),
  }),
  z.object({ type: z.literal("reshape"), shape: z.tuple([size, size, size]) }),
  z.object({ type: z.literal("flatten") }),
]);

export type Layer = z.infer<typeof layerSchema>;
export type LayerType = Layer["type"];

const weightInitializer = z.discriminatedUnion("type", [
  /** PyTorch's default: weight and bias uniform in ±1/sqrt(fan in). */
  z.object({ type: z.literal("uniform-fan-in") }),
  /** wiseodd's "xavier": N(0, 1/sqrt(fan in / 2)), biases zero. */
  z.object({ type: z.literal("he-normal") }),
  /** N(mean, std) for the weight; the bias keeps PyTorch's default. */
  z.object({
    type: z.literal("normal"),
    mean: z.number(),
    std: z.number().positive(),
  }),
]);

const normInitializer = z.discriminatedUnion("type", [
  /** Weight one, bias zero. */
  z.object({ type: z.literal("ones") }),
  /** Weight N(mean, std), bias zero. */
  z.object({
    type: z.literal("normal"),
    mean: z.number(),
    std: z.number().positive(),
  }),
]);

export type WeightInitializer = z.infer<typeof weightInitializer>;
export type NormInitializer = z.infer<typeof normInitializer>;

export const networkSchema = z.object({
  input: z.union([z.tuple([size]), z.tuple([size, size, size])]),
  layers: z.array(layerSchema).min(1).max(200),
  initializers: z.object({
    dense: weightInitializer,
    conv: weightInitializer,
    batchNorm: normInitializer,
  }),
});

export type Network = z.infer<typeof networkSchema>;

/** `[features]` or `[channels, height, width]` of one sample. */
export type Shape = readonly number[];

/** One tensor that a network owns. */
export interface Parameter {
  /** PyTorch's state-dict name, for example `model.1.running_mean`. */
  name: string;
  /** PyTorch's layout: dense `[out, in]`, conv `[out, in, k, k]`, convTranspose `[in, out, k, k]`, else `[n]`. */
  shape: Shape;
  role: "weight" | "bias" | "runningMean" | "runningVariance";
  /** Index into `network.layers`. */
  layer: number;
  /** Running statistics are part of the state but get no gradient. */
  trainable: boolean;
}

/** A network that does not fit; the message names the layer, what came in and what it needs. */
export class NetworkError extends Error {
  override name = "NetworkError";
  constructor(
    readonly layer: number,
    message: string,
  ) {
    super(message);
  }
}

/** The shape after every layer: `shapes[0]` is the input, `shapes[i + 1]` what layer `i` gives. Throws NetworkError. */
export function inferShapes(network: Network): Shape[] {
  const shapes: Shape[] = [network.input];
  network.layers.forEach((layer, index) => {
    shapes.push(outputShape(layer, shapes[index], index));
  });
  return shapes;
}

/** What the network gives for one sample. Throws NetworkError. */
export function outputOf(network: Network): Shape {
  return inferShapes(network)[network.layers.length];
}

/** Every tensor of the network in PyTorch's state-dict order. Throws NetworkError. */
export function parametersOf(network: Network): Parameter[] {
  const shapes = inferShapes(network);
  return network.layers.flatMap((layer, index) =>
    layerParameters(layer, shapes[index], index),
  );
}

/** How many trainable numbers the network has, as PyTorch counts them. Throws NetworkError. */
export function countParameters(network: Network): number {
  return parametersOf(network)
    .filter((parameter) => parameter.trainable)
    .reduce((sum, parameter) => sum + volume(parameter.shape), 0);
}

/**
 * The index of the sigmoid that ends a network (a flatten or reshape may follow it), or null. Losses are computed
 * from the logits in front of it, because softplus never overflows.
 */
function finalSigmoid(network: Network): number | null {
  const index = network.layers.findLastIndex(
    ({ type }) => type !== "flatten" && type !== "reshape",
  );
  return network.layers[index]?.type === "sigmoid" ? index : null;
}

/** The network up to its logits. Only shape-changing layers move, so parameters and masks keep their indices. */
export function withoutFinalSigmoid(network: Network): Network {
  const index = finalSigmoid(network);
  if (index === null || network.layers.length === 1) return network;
  return { ...network, layers: network.layers.toSpliced(index, 1) };
}

/** The number of elements of a shape. */
export function volume(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** `784`, `1 x 28 x 28`. */
export function formatShape(shape: Shape): string {
  return shape.join(" x ");
}

/** `layer 3 (conv)`: how a message names a layer, counted from one as the editor shows it. */
export function describeLayer(layer: Layer, index: number): string {
  return `layer ${index + 1} (${layer.type})`;
}

function outputShape(layer: Layer, input: Shape, index: number): Shape {
  switch (layer.type) {
    case "dense":
      if (input.length !== 1)
        fail("a flat input, so put a flatten layer before it");
      return [layer.units];
    case "conv": {
      const extents = needImage().map(
        (extent) =>
          Math.floor(
            (extent + 2 * layer.padding - layer.kernel) / layer.stride,
          ) + 1,
      );
      if (extents.some((extent) => extent < 1))
        fail(
          `an image of at least ${layer.kernel - 2 * layer.padding} pixels a side`,
        );
      return [layer.filters, ...extents];
    }
    case "convTranspose": {
      const extents = needImage().map(
        (extent) =>
          (extent - 1) * layer.stride - 2 * layer.padding + layer.kernel,
      );
      if (extents.some((extent) => extent < 1))
        fail("less padding: nothing would be left");
      return [layer.filters, ...extents];
    }
    case "upsample":
      return [input[0], ...needImage().map((extent) => extent * layer.factor)];
    case "channelDropout":
      needImage();
      return input;
    case "reshape":
      if (volume(layer.shape) !== volume(input))
        fail(`${volume(layer.shape)} values for ${formatShape(layer.shape)}`);
      return layer.shape;
    case "flatten":
      return [volume(input)];
    case "batchNorm":
    case "leakyRelu":
    case "relu":
    case "tanh":
    case "sigmoid":
    case "dropout":
      return input;
    default:
      return layer satisfies never;
  }

  function needImage(): Shape {
    if (input.length !== 3)
      fail(
        "an image (channels x height x width), so put a reshape layer before it",
      );
    return input.slice(1);
  }

  function fail(need: string): never {
    throw new NetworkError(
      index,
      `${describeLayer(layer, index)} got ${formatShape(input)} and needs ${need}.`,
    );
  }
}

function layerParameters(
  layer: Layer,
  input: Shape,
  index: number,
): Parameter[] {
  const owned = (
    suffix: string,
    role: Parameter["role"],
    shape: Shape,
  ): Parameter => ({
    name: `${"name" in layer ? layer.name : index}.${suffix}`,
    shape,
    role,
    layer: index,
    trainable: role === "weight" || role === "bias",
  });
  switch (layer.type) {
    case "dense":
      return weightAndBias([layer.units, input[0]], layer.units, layer.bias);
    case "conv":
      return weightAndBias(
        [layer.filters, input[0], layer.kernel, layer.kernel],
        layer.filters,
        layer.bias,
      );
    case "convTranspose":
      return weightAndBias(
        [input[0], layer.filters, layer.kernel, layer.kernel],
        layer.filters,
        layer.bias,
      );
    case "batchNorm":
      return [
        owned("weight", "weight", [input[0]]),
        owned("bias", "bias", [input[0]]),
        owned("running_mean", "runningMean", [input[0]]),
        owned("running_var", "runningVariance", [input[0]]),
      ];
    default:
      return [];
  }

  function weightAndBias(
    weight: Shape,
    outputs: number,
    bias: boolean,
  ): Parameter[] {
    const tensors = [owned("weight", "weight", weight)];
    if (bias) tensors.push(owned("bias", "bias", [outputs]));
    return tensors;
  }
}
