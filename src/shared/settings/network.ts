/**
 * Networks as plain data: layers, the shapes that flow between them, and the parameters they own.
 *
 * Shapes are those of one sample, in PyTorch's order: `[features]` or `[channels, height, width]`.
 * Nothing here computes; `main/engine` turns the same data into arithmetic.
 */
import { z } from "zod";
import { formatShape, kindOf, layerSchema, volume } from "../layers";
import type { Layer, OwnedTensor, Shape } from "../layers";

const size = z.int().positive();

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

/** One tensor that a network owns. */
export interface Parameter {
  /** PyTorch's state-dict name, for example `model.1.running_mean`. */
  name: string;
  /** PyTorch's layout: dense `[out, in]`, conv `[out, in, k, k]`, convTranspose `[in, out, k, k]`, else `[n]`. */
  shape: Shape;
  role: OwnedTensor["role"];
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
    ({ type }) => !kindOf(type).movesOnly,
  );
  return network.layers[index]?.type === "sigmoid" ? index : null;
}

/** The network up to its logits. Only shape-changing layers move, so parameters and masks keep their indices. */
export function withoutFinalSigmoid(network: Network): Network {
  const index = finalSigmoid(network);
  if (index === null || network.layers.length === 1) return network;
  return { ...network, layers: network.layers.toSpliced(index, 1) };
}

/** `layer 3 (Conv)`: how a message names a layer, counted from one as the editor shows it. */
export function describeLayer(layer: Layer, index: number): string {
  return `layer ${index + 1} (${kindOf(layer.type).title})`;
}

function outputShape(layer: Layer, input: Shape, index: number): Shape {
  return kindOf(layer.type).output(layer, input, (need) => {
    throw new NetworkError(
      index,
      `${describeLayer(layer, index)} got ${formatShape(input)} and needs ${need}.`,
    );
  });
}

function layerParameters(
  layer: Layer,
  input: Shape,
  index: number,
): Parameter[] {
  const tensors = kindOf(layer.type).tensors?.(layer, input) ?? [];
  return tensors.map(({ suffix, role, shape }) => ({
    name: `${"name" in layer ? layer.name : index}.${suffix}`,
    shape,
    role,
    layer: index,
    trainable: role !== "runningMean" && role !== "runningVariance",
  }));
}
