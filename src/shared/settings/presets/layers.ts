/** The words in which the presets are written: layers with PyTorch's names and defaults. */
import type { Layer } from "../../layers";
import { noImprovements } from "../improvements";
import type { Network } from "../network";
import type { OptimizerSettings, TrainingSettings } from "../settings";

/** PyTorch's momentum; the second argument of `BatchNorm1d(n, 0.8)` is eps. */
const batchNormMomentum = 0.1;

/** A layer that waits for the name which its place in a Sequential gives it. */
export type Unnamed = Layer extends infer L
  ? L extends { name: string }
    ? Omit<L, "name">
    : L
  : never;

export const dense = (units: number, bias = true) =>
  ({ type: "dense", units, bias }) as const;

export const conv = (
  filters: number,
  kernel: number,
  stride: number,
  padding: number,
  bias: boolean,
) => ({ type: "conv", filters, kernel, stride, padding, bias }) as const;

export const convTranspose = (
  filters: number,
  kernel: number,
  stride: number,
  padding: number,
  bias: boolean,
) =>
  ({ type: "convTranspose", filters, kernel, stride, padding, bias }) as const;

export const batchNorm = (eps = 1e-5) =>
  ({ type: "batchNorm", eps, momentum: batchNormMomentum }) as const;

export const leakyRelu = { type: "leakyRelu", slope: 0.2 } as const;
export const relu = { type: "relu" } as const;
export const tanh = { type: "tanh" } as const;
export const sigmoid = { type: "sigmoid" } as const;
export const flatten = { type: "flatten" } as const;
export const reshape = (shape: [number, number, number]) =>
  ({ type: "reshape", shape }) as const;
export const upsample = (factor: number) =>
  ({ type: "upsample", factor }) as const;
export const channelDropout = (rate: number) =>
  ({ type: "channelDropout", rate }) as const;
export const labelConcat = (classes: number) =>
  ({ type: "labelConcat", classes }) as const;
export const labelEmbedding = (classes: number, size: number) =>
  ({ type: "labelEmbedding", classes, size }) as const;
export const classNorm = (classes: number, eps = 1e-5) =>
  ({ type: "classNorm", classes, eps, momentum: batchNormMomentum }) as const;
export const projection = (classes: number) =>
  ({ type: "projection", classes }) as const;

/** Names each layer as `nn.Sequential` does: `prefix.0`, `prefix.1`, ... (`""` for a bare Sequential). */
export function sequential(
  prefix: string,
  layers: readonly Unnamed[],
  from = 0,
): Layer[] {
  return layers.map((layer, index) =>
    named(prefix ? `${prefix}.${from + index}` : `${from + index}`, layer),
  );
}

/** One layer with the name of the attribute that holds it. */
export function named(name: string, layer: Unnamed): Layer {
  switch (layer.type) {
    case "dense":
    case "conv":
    case "convTranspose":
    case "batchNorm":
    case "labelEmbedding":
    case "classNorm":
    case "projection":
      return { ...layer, name };
    default:
      return layer;
  }
}

/** What PyTorch does when a tutorial says nothing. */
export const pytorchDefaults: Network["initializers"] = {
  dense: { type: "uniform-fan-in" },
  conv: { type: "uniform-fan-in" },
  batchNorm: { type: "ones" },
};

/** One Sequential of that name, with PyTorch's own initial weights. */
export function network(
  name: string,
  input: Network["input"],
  layers: readonly Unnamed[],
): Network {
  return {
    input,
    layers: sequential(name, layers),
    initializers: pytorchDefaults,
  };
}

/** Convolutions N(0, 0.02), batch norm N(1, 0.02): Radford et al. 2015, section 4, and PyTorch's DCGAN example. */
export const dcganInitializers: Network["initializers"] = {
  dense: { type: "uniform-fan-in" },
  conv: { type: "normal", mean: 0, std: 0.02 },
  batchNorm: { type: "normal", mean: 1, std: 0.02 },
};

export const adam = (learningRate: number, beta1 = 0.9): OptimizerSettings => ({
  type: "adam",
  learningRate,
  beta1,
  beta2: 0.999,
  eps: 1e-8,
});

/** The same optimiser for both networks; two objects, so that changing one leaves the other. */
export const both = (
  optimizer: OptimizerSettings,
): TrainingSettings["optimizers"] => ({
  generator: { ...optimizer },
  discriminator: { ...optimizer },
});

/** What every tutorial leaves open and this product decides. */
export const common = {
  checkpoints: {
    everySteps: null,
    everyMinutes: 5,
    keepLast: 3,
    keepBest: true,
  },
  improvements: noImprovements,
  engine: { id: "auto", threads: null, spinning: "auto" },
  seed: 0,
} satisfies Partial<TrainingSettings>;

/** Grey images of `size` pixels a side, all of them. */
export const images = (
  source: string,
  size: number,
  range: "unit" | "symmetric",
): TrainingSettings["data"] => ({
  source,
  size,
  channels: 1,
  range,
  fit: "crop",
  classes: null,
  limit: null,
  flip: false,
  heldOut: 0.1,
  strokesSeed: 0,
});

/** torchvision's make_grid: 2 pixels of black between images unless the tutorial says otherwise. */
export const grid = (
  perRow: number,
  normalize: boolean,
  padValue = 0,
): TrainingSettings["sampling"]["grid"] => ({
  perRow,
  padding: 2,
  padValue,
  normalize,
});

/** The two-player game of the original paper with the non-saturating generator loss. */
export const classicObjective: TrainingSettings["objective"] = {
  loss: "non-saturating",
  reduction: "sum",
  order: "discriminator-first",
  secondUpdate: "fresh-noise",
  generatorEvery: 1,
  clip: null,
};
