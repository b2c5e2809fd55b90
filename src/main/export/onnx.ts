/**
 * A trained network as an ONNX inference graph: standard operators, weights inside, and a batch axis of any length.
 * Batch normalisation uses the running statistics; dropout is left out, as it does nothing at inference.
 */
import type { LabelLayer, Layer, Shape } from "../../shared/layers";
import { classesRead } from "../../shared/settings/labels";
import type { Network } from "../../shared/settings/network";
import { inferShapes, outputOf } from "../../shared/settings/network";
import type { Tensor } from "../engine/engine";
import type {
  OnnxAttribute,
  OnnxGraph,
  OnnxTensor,
} from "../engine/onnx/model";
import { encodeModel } from "../engine/onnx/protobuf";
import { int, OnnxBuilder } from "./onnx-graph";
import { labelOperators, labelsName } from "./onnx-labels";

/**
 * The bytes of a model with one input and one output of these names, `[batch, ...shape]`; a network that reads labels has
 * `labels` as a second input.
 */
export function encodeOnnx(
  network: Network,
  weights: ReadonlyMap<string, Tensor>,
  names: { graph: string; input: string; output: string },
): Uint8Array {
  return encodeModel(inferenceGraph(network, weights, names));
}

function inferenceGraph(
  network: Network,
  weights: ReadonlyMap<string, Tensor>,
  names: { graph: string; input: string; output: string },
): OnnxGraph {
  const graph = new OnnxBuilder(weights);
  const shapes = inferShapes(network);
  const last = network.layers.reduce(
    (value, layer, index) => addLayer(graph, layer, index, value, shapes),
    names.input,
  );
  graph.node("Identity", [last], names.output);
  const classes = classesRead(network);
  return {
    name: names.graph,
    nodes: graph.nodes,
    initializers: [...graph.initializers.values()],
    inputs: [
      { name: names.input, shape: ["batch", ...network.input] },
      ...(classes === null
        ? []
        : [{ name: labelsName, shape: ["batch", classes] }]),
    ],
    outputs: [{ name: names.output, shape: ["batch", ...outputOf(network)] }],
  };
}

/** Gives the name of what the layer makes of `value`. */
function addLayer(
  graph: OnnxBuilder,
  layer: Layer,
  index: number,
  value: string,
  shapes: readonly Shape[],
): string {
  const input = shapes[index];
  if ("classes" in layer)
    return labelOperators(graph, layer, index, value, input);
  const operator = operatorOf(layer, input, (name) => graph.weight(name));
  if (!operator) return value;
  const { type, parameters = [], constants = [], attributes } = operator;
  const told = constants.map((tensor) => graph.constant(index, tensor));
  const inputs = [value, ...parameters, ...told];
  return graph.node(type, inputs, `layer.${index}`, attributes);
}

interface Operator {
  type: string;
  attributes?: Record<string, OnnxAttribute>;
  /** Names of weights, behind the layer's input. */
  parameters?: string[];
  /** Behind those; an empty name is an optional input left out. */
  constants?: OnnxTensor[];
}

/** Null for a layer that does nothing at inference. */
function operatorOf(
  layer: Exclude<Layer, LabelLayer>,
  input: Shape,
  parameter: (name: string) => string,
): Operator | null {
  switch (layer.type) {
    case "dense":
      return {
        type: "Gemm",
        attributes: { transB: int(1) },
        parameters: weightAndBias(layer, parameter),
      };
    case "conv":
    case "convTranspose":
      return {
        type: layer.type === "conv" ? "Conv" : "ConvTranspose",
        attributes: {
          kernel_shape: ints([layer.kernel, layer.kernel]),
          strides: ints([layer.stride, layer.stride]),
          pads: ints([
            layer.padding,
            layer.padding,
            layer.padding,
            layer.padding,
          ]),
        },
        parameters: weightAndBias(layer, parameter),
      };
    case "batchNorm":
      return {
        type: "BatchNormalization",
        attributes: { epsilon: float(layer.eps) },
        parameters: ["weight", "bias", "running_mean", "running_var"].map(
          (part) => parameter(`${layer.name}.${part}`),
        ),
      };
    case "leakyRelu":
      return { type: "LeakyRelu", attributes: { alpha: float(layer.slope) } };
    case "relu":
      return { type: "Relu" };
    case "tanh":
      return { type: "Tanh" };
    case "sigmoid":
      return { type: "Sigmoid" };
    case "upsample":
      return {
        type: "Resize",
        attributes: {
          mode: text("nearest"),
          coordinate_transformation_mode: text("asymmetric"),
          nearest_mode: text("floor"),
        },
        // The region of interest is optional and left out by an empty name.
        parameters: [""],
        constants: [
          {
            name: "scales",
            shape: [4],
            data: Float32Array.of(1, 1, layer.factor, layer.factor),
          },
        ],
      };
    case "reshape":
      return { type: "Reshape", constants: [reshapeTo(layer.shape)] };
    case "flatten":
      return input.length === 1
        ? null
        : { type: "Flatten", attributes: { axis: int(1) } };
    case "dropout":
    case "channelDropout":
      return null;
  }
}

function weightAndBias(
  layer: { name: string; bias: boolean },
  parameter: (name: string) => string,
): string[] {
  const weight = parameter(`${layer.name}.weight`);
  return layer.bias ? [weight, parameter(`${layer.name}.bias`)] : [weight];
}

function reshapeTo(shape: Shape): OnnxTensor {
  return {
    name: "shape",
    shape: [shape.length + 1],
    data: BigInt64Array.from([-1, ...shape], BigInt),
  };
}

const ints = (value: number[]): OnnxAttribute => ({ type: "ints", value });
const float = (value: number): OnnxAttribute => ({ type: "float", value });
const text = (value: string): OnnxAttribute => ({ type: "string", value });
