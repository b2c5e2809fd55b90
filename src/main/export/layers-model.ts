/**
 * A trained network as a TensorFlow.js LayersModel: `model.json` and its weights. Pictures are height x width x
 * channels there, as `tf.browser.toPixels` wants them, so weights are transposed and the layout is permuted wherever
 * a picture is made of a flat vector or flattened again. Dropout is left out. A network that reads labels takes them as a
 * second input, `[batch, classes]`.
 */
import type { LabelLayer, Layer, Shape } from "../../shared/layers";
import { classesRead } from "../../shared/settings/labels";
import type { Network } from "../../shared/settings/network";
import { volume } from "../../shared/layers";
import { inferShapes } from "../../shared/settings/network";
import type { Tensor } from "../engine/engine";
import { labelLayers } from "./layers-labels";
import type { KerasLayer } from "./layers-topology";
import { functional, sequential } from "./layers-topology";
import { tensorOf } from "./weights";

export interface LayersModel {
  /** What `model.json` holds. */
  model: unknown;
  weights: Uint8Array;
}

/** `weightsFile` is the name of the file that `weights` will be written to. */
export function layersModel(
  name: string,
  network: Network,
  weights: ReadonlyMap<string, Tensor>,
  weightsFile: string,
): LayersModel {
  const shapes = inferShapes(network);
  const classes = classesRead(network);
  const layers = network.layers.map((layer, index) =>
    "classes" in layer
      ? labelLayers(layer, shapes[index], weights)
      : kerasLayers(layer, shapes[index], weights),
  );
  const input = heightFirst(network.input);
  const { topology, stored } =
    classes === null
      ? sequential(name, layers.flat(), input)
      : functional(name, layers, { input, classes });
  return {
    model: {
      format: "layers-model",
      generatedBy: "GAN Workbench",
      convertedBy: null,
      modelTopology: {
        ...topology,
        keras_version: "tfjs-layers",
        backend: "tensor_flow.js",
      },
      weightsManifest: [
        {
          paths: [weightsFile],
          weights: stored.map(({ name: weight, tensor }) => ({
            name: weight,
            shape: tensor.shape,
            dtype: "float32",
          })),
        },
      ],
    },
    weights: joined(stored.map(({ tensor }) => tensor.data)),
  };
}

/** `[channels, height, width]` becomes `[height, width, channels]`; a flat shape stays. */
function heightFirst(shape: Shape): Shape {
  return shape.length === 3 ? [shape[1], shape[2], shape[0]] : shape;
}

function kerasLayers(
  layer: Exclude<Layer, LabelLayer>,
  input: Shape,
  weights: ReadonlyMap<string, Tensor>,
): KerasLayer[] {
  const tensor = (part: string) =>
    tensorOf(weights, `${"name" in layer ? layer.name : ""}.${part}`);
  const bias = () => ({ suffix: "bias", tensor: tensor("bias") });
  switch (layer.type) {
    case "dense":
      return [
        {
          type: "Dense",
          config: {
            units: layer.units,
            activation: "linear",
            use_bias: layer.bias,
          },
          weights: [
            { suffix: "kernel", tensor: transpose(tensor("weight"), [1, 0]) },
            ...(layer.bias ? [bias()] : []),
          ],
        },
      ];
    case "conv":
      return [
        ...border("ZeroPadding2D", "padding", layer.padding, layer.padding),
        {
          type: "Conv2D",
          config: convolution(layer),
          weights: [
            {
              suffix: "kernel",
              tensor: transpose(tensor("weight"), [2, 3, 1, 0]),
            },
            ...(layer.bias ? [bias()] : []),
          ],
        },
      ];
    case "convTranspose":
      return [
        {
          type: "Conv2DTranspose",
          config: convolution(layer),
          weights: [
            {
              suffix: "kernel",
              tensor: transpose(tensor("weight"), [2, 3, 1, 0]),
            },
            ...(layer.bias ? [bias()] : []),
          ],
        },
        // Keras makes the picture a whole stride larger where the stride exceeds the kernel.
        ...border(
          "Cropping2D",
          "cropping",
          layer.padding,
          layer.padding + Math.max(0, layer.stride - layer.kernel),
        ),
      ];
    case "batchNorm":
      return [
        {
          type: "BatchNormalization",
          config: {
            axis: -1,
            momentum: 1 - layer.momentum,
            epsilon: layer.eps,
          },
          weights: [
            { suffix: "gamma", tensor: tensor("weight") },
            { suffix: "beta", tensor: tensor("bias") },
            { suffix: "moving_mean", tensor: tensor("running_mean") },
            { suffix: "moving_variance", tensor: tensor("running_var") },
          ],
        },
      ];
    case "leakyRelu":
      return [{ type: "LeakyReLU", config: { alpha: layer.slope } }];
    case "relu":
    case "tanh":
    case "sigmoid":
      return [{ type: "Activation", config: { activation: layer.type } }];
    case "upsample":
      return [
        {
          type: "UpSampling2D",
          config: {
            size: [layer.factor, layer.factor],
            data_format: "channelsLast",
            interpolation: "nearest",
          },
        },
      ];
    case "reshape":
      return [
        ...toFlat(input),
        { type: "Reshape", config: { target_shape: layer.shape } },
        { type: "Permute", config: { dims: [2, 3, 1] } },
      ];
    case "flatten":
      return toFlat(input);
    case "dropout":
    case "channelDropout":
      return [];
  }
}

/** A picture flattened in PyTorch's order: channels first. */
function toFlat(input: Shape): KerasLayer[] {
  if (input.length === 1) return [];
  return [
    { type: "Permute", config: { dims: [3, 1, 2] } },
    { type: "Reshape", config: { target_shape: [volume(input)] } },
  ];
}

function convolution(layer: {
  filters: number;
  kernel: number;
  stride: number;
  bias: boolean;
}): Record<string, unknown> {
  return {
    filters: layer.filters,
    kernel_size: [layer.kernel, layer.kernel],
    strides: [layer.stride, layer.stride],
    padding: "valid",
    data_format: "channelsLast",
    dilation_rate: [1, 1],
    activation: "linear",
    use_bias: layer.bias,
  };
}

function border(
  type: "ZeroPadding2D" | "Cropping2D",
  option: "padding" | "cropping",
  before: number,
  after: number,
): KerasLayer[] {
  if (before === 0 && after === 0) return [];
  return [
    {
      type,
      config: {
        [option]: [
          [before, after],
          [before, after],
        ],
        data_format: "channelsLast",
      },
    },
  ];
}

/** A copy whose axis `i` is the old axis `axes[i]`. */
function transpose(tensor: Tensor, axes: readonly number[]): Tensor {
  const strides = tensor.shape.map((_, axis) =>
    volume(tensor.shape.slice(axis + 1)),
  );
  const shape = axes.map((axis) => tensor.shape[axis]);
  const data = new Float32Array(tensor.data.length);
  const place = shape.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    let from = 0;
    for (let axis = 0; axis < axes.length; axis++)
      from += place[axis] * strides[axes[axis]];
    data[i] = tensor.data[from];
    for (let axis = axes.length - 1; ++place[axis] === shape[axis]; axis--) {
      place[axis] = 0;
      if (axis === 0) break;
    }
  }
  return { shape, data };
}

function joined(arrays: readonly Float32Array[]): Uint8Array {
  return Buffer.concat(
    arrays.map(
      (data) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    ),
  );
}
