/** What the network editor knows of each type of layer: its name, a new one, and its numbers. */
import { layerSchema } from "../../../shared/settings/network";
import type {
  Layer,
  LayerType,
  Network,
} from "../../../shared/settings/network";

const labels: Record<LayerType, string> = {
  dense: "Linear",
  conv: "Conv",
  convTranspose: "Conv transp.",
  batchNorm: "Batch norm",
  leakyRelu: "Leaky ReLU",
  relu: "ReLU",
  tanh: "Tanh",
  sigmoid: "Sigmoid",
  upsample: "Upsample",
  dropout: "Dropout",
  channelDropout: "Dropout 2d",
  reshape: "Reshape",
  flatten: "Flatten",
};

export const layerTypes = (Object.keys(labels) as LayerType[]).map((type) => ({
  type,
  label: labels[type],
}));

/** A layer of the type with usual numbers and a name that the network does not use yet. */
export function newLayer(type: LayerType, network: Network): Layer {
  const name = freeName(network);
  switch (type) {
    case "dense":
      return { type, name, units: 128, bias: true };
    case "conv":
      return {
        type,
        name,
        filters: 64,
        kernel: 3,
        stride: 1,
        padding: 1,
        bias: true,
      };
    case "convTranspose":
      return {
        type,
        name,
        filters: 64,
        kernel: 4,
        stride: 2,
        padding: 1,
        bias: false,
      };
    case "batchNorm":
      return { type, name, eps: 1e-5, momentum: 0.1 };
    case "leakyRelu":
      return { type, slope: 0.2 };
    case "upsample":
      return { type, factor: 2 };
    case "dropout":
    case "channelDropout":
      return { type, rate: 0.25 };
    case "reshape":
      return { type, shape: [128, 7, 7] };
    case "relu":
    case "tanh":
    case "sigmoid":
    case "flatten":
      return { type };
    default:
      return type satisfies never;
  }
}

export interface LayerNumber {
  key: string;
  label: string;
  value: number;
  /** The layer with another number; null where it may not have that. */
  set(value: number): Layer | null;
}

export function layerNumbers(layer: Layer): LayerNumber[] {
  const number = (key: string, label: string, value: number): LayerNumber => ({
    key,
    label,
    value,
    set: (next) => checked({ ...layer, [key]: next }),
  });
  switch (layer.type) {
    case "dense":
      return [number("units", "units", layer.units)];
    case "conv":
    case "convTranspose":
      return [
        number("filters", "filters", layer.filters),
        number("kernel", "kernel", layer.kernel),
        number("stride", "stride", layer.stride),
        number("padding", "pad", layer.padding),
      ];
    case "batchNorm":
      return [
        number("eps", "eps", layer.eps),
        number("momentum", "momentum", layer.momentum),
      ];
    case "leakyRelu":
      return [number("slope", "slope", layer.slope)];
    case "upsample":
      return [number("factor", "factor", layer.factor)];
    case "dropout":
    case "channelDropout":
      return [number("rate", "rate", layer.rate)];
    case "reshape":
      return ["channels", "height", "width"].map((label, index) => ({
        key: label,
        label,
        value: layer.shape[index],
        set: (next) =>
          checked({ ...layer, shape: layer.shape.with(index, next) }),
      }));
    case "relu":
    case "tanh":
    case "sigmoid":
    case "flatten":
      return [];
    default:
      return layer satisfies never;
  }
}

function checked(layer: unknown): Layer | null {
  const parsed = layerSchema.safeParse(layer);
  return parsed.success ? parsed.data : null;
}

/** A name that no layer of the network has. */
export function freeName(network: Network): string {
  const taken = new Set(
    network.layers.map((layer) => ("name" in layer ? layer.name : "")),
  );
  for (let number = network.layers.length; ; number++)
    if (!taken.has(`layer${number}`)) return `layer${number}`;
}
