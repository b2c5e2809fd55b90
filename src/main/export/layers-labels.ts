/** Layers that read the class of each sample, as Keras layers on rows of labels; a table is a Dense layer of such rows. */
import type { LabelLayer, Shape } from "../../shared/layers";
import { volume } from "../../shared/layers";
import type { Tensor } from "../engine/engine";
import type { KerasLayer } from "./layers-topology";
import { tensorOf } from "./weights";

export function labelLayers(
  layer: LabelLayer,
  input: Shape,
  weights: ReadonlyMap<string, Tensor>,
): KerasLayer[] {
  const tensor = (suffix: string) =>
    tensorOf(weights, `${"name" in layer ? layer.name : ""}.${suffix}`);
  switch (layer.type) {
    case "labelConcat":
      return spread("labels", layer.classes, input);
    case "labelEmbedding":
      return [
        rowsOf("own", tensor("weight")),
        ...spread("own", layer.size, input),
      ];
    case "classNorm":
      return classNorm(layer.eps, input, tensor);
    case "projection":
      return projection(input, tensor);
    default:
      return layer satisfies never;
  }
}

/** Behind the channels of `x`, the same at each pixel. */
function spread(from: string, size: number, input: Shape): KerasLayer[] {
  const [, ...extents] = input;
  const joined = { type: "Concatenate", config: { axis: -1 } };
  if (extents.length === 0) return [{ ...joined, from: ["x", from] }];
  return [
    { type: "RepeatVector", config: { n: volume(extents) }, from: [from] },
    {
      type: "Reshape",
      config: { target_shape: [...extents, size] },
      id: "spread",
    },
    { ...joined, from: ["x", "spread"] },
  ];
}

function classNorm(
  eps: number,
  input: Shape,
  tensor: (suffix: string) => Tensor,
): KerasLayer[] {
  const [channels] = input;
  const own = (id: string): KerasLayer[] => [
    rowsOf(id, tensor(id)),
    ...(input.length === 1
      ? []
      : [
          {
            type: "Reshape",
            config: { target_shape: [1, 1, channels] },
            id,
          },
        ]),
  ];
  return [
    {
      type: "BatchNormalization",
      config: { axis: -1, epsilon: eps, center: false, scale: false },
      weights: [
        { suffix: "moving_mean", tensor: tensor("running_mean") },
        { suffix: "moving_variance", tensor: tensor("running_var") },
      ],
      id: "normalized",
    },
    ...own("weight"),
    {
      type: "Multiply",
      config: {},
      id: "scaled",
      from: ["normalized", "weight"],
    },
    ...own("bias"),
    { type: "Add", config: {}, from: ["scaled", "bias"] },
  ];
}

/** A mean over pixels where they are summed up, so that their number goes into the weights. */
function projection(
  input: Shape,
  tensor: (suffix: string) => Tensor,
): KerasLayer[] {
  const pixels = volume(input.slice(1));
  const { shape, data } = tensor("weight");
  const weight = { shape: [shape[1], 1], data: data.map((x) => x * pixels) };
  const embedding = tensor("embedding");
  const features = input.length === 1 ? "x" : "features";
  return [
    ...(input.length === 1
      ? []
      : [
          {
            type: "GlobalAveragePooling2D",
            config: { data_format: "channelsLast" },
            id: "features",
          },
        ]),
    {
      ...dense(1, true),
      id: "linear",
      from: [features],
      weights: [
        { suffix: "kernel", tensor: weight },
        { suffix: "bias", tensor: tensor("bias") },
      ],
    },
    rowsOf("own", {
      shape: embedding.shape,
      data: embedding.data.map((x) => x * pixels),
    }),
    {
      type: "Dot",
      config: { axes: 1 },
      id: "likeness",
      from: [features, "own"],
    },
    { type: "Add", config: {}, from: ["linear", "likeness"] },
  ];
}

/** The row of a table `[classes, size]` for each label. */
function rowsOf(id: string, table: Tensor): KerasLayer {
  return {
    ...dense(table.shape[1], false),
    id,
    from: ["labels"],
    weights: [{ suffix: "kernel", tensor: table }],
  };
}

function dense(units: number, bias: boolean) {
  return {
    type: "Dense",
    config: { units, activation: "linear", use_bias: bias },
  };
}
