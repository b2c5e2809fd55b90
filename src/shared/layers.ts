/**
 * Every type of layer once: what it is told, called and given, what it makes of a shape, the tensors it owns, and
 * whether it draws by chance or looks at the batch as a whole. Forms, checks, tables and exports read it.
 */
import { z } from "zod";

const size = z.int().positive();
/** The module path that PyTorch would give the layer: `model.0`, `fc1`. Its parameters are `<name>.weight` and so on. */
const name = z.string().regex(/^[A-Za-z_][\w.]*$|^\d+$/);

/** Of the data set, which a layer that reads labels is told. */
const classes = z.int().min(2).max(1000);

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
  /** Mirza and Osindero 2014: each class is a number of its own behind the features, or a channel behind the others. */
  z.object({ type: z.literal("labelConcat"), classes }),
  /** The same with a vector that is learnt for each class. */
  z.object({ type: z.literal("labelEmbedding"), name, classes, size }),
  /** Batch normalization with a gain and a bias for each class (Dumoulin et al. 2017; Miyato and Koyama 2018, for G). */
  z.object({
    type: z.literal("classNorm"),
    name,
    classes,
    eps: z.number().positive(),
    momentum: z.number().gt(0).max(1),
  }),
  /**
   * The end of a projection discriminator (Miyato and Koyama 2018, figure 2): a linear output of the features, plus their
   * product with a vector that is learnt for each class. The pixels of an image are summed up first.
   */
  z.object({ type: z.literal("projection"), name, classes }),
]);

export type Layer = z.infer<typeof layerSchema>;
export type LayerType = Layer["type"];
/** One that reads the class of each sample. */
export type LabelLayer = Extract<Layer, { classes: number }>;

/** `[features]` or `[channels, height, width]` of one sample. */
export type Shape = readonly number[];

/** A tensor that a layer owns, in PyTorch's name and layout. */
export interface OwnedTensor {
  suffix: string;
  role: TrainedRole | "runningMean" | "runningVariance";
  shape: Shape;
}

/** What a loss trains; an embedding has a row for each class. */
export type TrainedRole = "weight" | "bias" | "embedding";

type LayerOf<T extends LayerType> = Extract<Layer, { type: T }>;

/** A number of a layer that can be set: its key, its label, and its place where the key holds a list. */
type LayerNumber = readonly [key: string, label: string, at?: number];

/** What is known of a type of layer. */
interface LayerKind<L extends Layer> {
  /** As the form, Compare and the docs call it. */
  title: string;
  /** What a new one is told, beside its name. */
  usual: Omit<L, "type" | "name">;
  /** The numbers that can be set, in order, with their labels. */
  numbers: readonly LayerNumber[];
  /** Its numbers in a few characters; the title stands before them. */
  summary(layer: L): string;
  /** The shape it gives; calls `fail` with what it needs instead. */
  output(layer: L, input: Shape, fail: (need: string) => never): Shape;
  /** What it owns; nothing where it is left out. */
  tensors?(layer: L, input: Shape): OwnedTensor[];
  /** The shape of what it draws for each sample of each pass; nothing where it is left out. */
  mask?(input: Shape): Shape;
  /** Whether a sample's output depends on the other samples of its batch. */
  acrossBatch?: true;
  /** Whether it only moves values. */
  movesOnly?: true;
  /** Whether it reads the class of each sample. */
  readsLabels?: true;
}

const noNumbers = { usual: {}, numbers: [], summary: () => "" };

const rate = {
  usual: { rate: 0.25 },
  numbers: [["rate", "rate"]],
  summary: (layer: { rate: number }) => String(layer.rate),
} as const;

const classesNumber = ["classes", "classes"] as const;

const normNumbers = [
  ["eps", "eps"],
  ["momentum", "momentum"],
] as const;

const convolutionNumbers = [
  ["filters", "filters"],
  ["kernel", "kernel"],
  ["stride", "stride"],
  ["padding", "pad"],
] as const;

const layerKinds: { [T in LayerType]: LayerKind<LayerOf<T>> } = {
  dense: {
    title: "Linear",
    usual: { units: 128, bias: true },
    numbers: [["units", "units"]],
    summary: ({ units, bias }) => `${units}${biasText(bias)}`,
    output({ units }, input, fail) {
      if (input.length !== 1)
        fail("a flat input, so put a flatten layer before it");
      return [units];
    },
    tensors: ({ units, bias }, [inputs]) =>
      weightAndBias([units, inputs], units, bias),
  },
  conv: {
    title: "Conv",
    usual: { filters: 64, kernel: 3, stride: 1, padding: 1, bias: true },
    numbers: convolutionNumbers,
    summary: convolutionSummary,
    output({ filters, kernel, stride, padding }, input, fail) {
      const extents = extentsOf(input, fail).map(
        (extent) => Math.floor((extent + 2 * padding - kernel) / stride) + 1,
      );
      if (extents.some((extent) => extent < 1))
        fail(`an image of at least ${kernel - 2 * padding} pixels a side`);
      return [filters, ...extents];
    },
    tensors: ({ filters, kernel, bias }, [channels]) =>
      weightAndBias([filters, channels, kernel, kernel], filters, bias),
  },
  convTranspose: {
    title: "Conv transp.",
    usual: { filters: 64, kernel: 4, stride: 2, padding: 1, bias: false },
    numbers: convolutionNumbers,
    summary: convolutionSummary,
    output({ filters, kernel, stride, padding }, input, fail) {
      const extents = extentsOf(input, fail).map(
        (extent) => (extent - 1) * stride - 2 * padding + kernel,
      );
      if (extents.some((extent) => extent < 1))
        fail("less padding: nothing would be left");
      return [filters, ...extents];
    },
    tensors: ({ filters, kernel, bias }, [channels]) =>
      weightAndBias([channels, filters, kernel, kernel], filters, bias),
  },
  batchNorm: {
    title: "Batch norm",
    usual: { eps: 1e-5, momentum: 0.1 },
    numbers: normNumbers,
    summary: ({ eps, momentum }) => `(eps ${eps}, momentum ${momentum})`,
    output: same,
    tensors: (_, [channels]) => normTensors([channels], channels),
    acrossBatch: true,
  },
  leakyRelu: {
    title: "Leaky ReLU",
    usual: { slope: 0.2 },
    numbers: [["slope", "slope"]],
    summary: ({ slope }) => String(slope),
    output: same,
  },
  relu: { title: "ReLU", ...noNumbers, output: same },
  tanh: { title: "Tanh", ...noNumbers, output: same },
  sigmoid: { title: "Sigmoid", ...noNumbers, output: same },
  upsample: {
    title: "Upsample",
    usual: { factor: 2 },
    numbers: [["factor", "factor"]],
    summary: ({ factor }) => String(factor),
    output: ({ factor }, input, fail) => [
      input[0],
      ...extentsOf(input, fail).map((extent) => extent * factor),
    ],
  },
  dropout: {
    title: "Dropout",
    ...rate,
    output: same,
    mask: (input) => input,
  },
  channelDropout: {
    title: "Dropout 2d",
    ...rate,
    output(_, input, fail) {
      extentsOf(input, fail);
      return input;
    },
    mask: ([channels]) => [channels, 1, 1],
  },
  reshape: {
    title: "Reshape",
    usual: { shape: [128, 7, 7] },
    numbers: [
      ["shape", "channels", 0],
      ["shape", "height", 1],
      ["shape", "width", 2],
    ],
    summary: ({ shape }) => formatShape(shape),
    output({ shape }, input, fail) {
      if (volume(shape) !== volume(input))
        fail(`${volume(shape)} values for ${formatShape(shape)}`);
      return shape;
    },
    movesOnly: true,
  },
  flatten: {
    title: "Flatten",
    ...noNumbers,
    output: (_, input) => [volume(input)],
    movesOnly: true,
  },
  labelConcat: {
    title: "Label concat",
    usual: { classes: 10 },
    numbers: [classesNumber],
    summary: ({ classes: all }) => `${all} classes`,
    output: ({ classes: all }, [channels, ...rest]) => [
      channels + all,
      ...rest,
    ],
    readsLabels: true,
  },
  labelEmbedding: {
    title: "Label embedding",
    usual: { classes: 10, size: 10 },
    numbers: [classesNumber, ["size", "size"]],
    summary: ({ classes: all, size: own }) => `${own} for ${all} classes`,
    output: ({ size: own }, [channels, ...rest]) => [channels + own, ...rest],
    tensors: ({ classes: all, size: own }) => [
      { suffix: "weight", role: "embedding", shape: [all, own] },
    ],
    readsLabels: true,
  },
  classNorm: {
    title: "Class norm",
    usual: { classes: 10, eps: 1e-5, momentum: 0.1 },
    numbers: [classesNumber, ...normNumbers],
    summary: ({ classes: all, eps, momentum }) =>
      `${all} classes (eps ${eps}, momentum ${momentum})`,
    output: same,
    tensors: ({ classes: all }, [channels]) =>
      normTensors([all, channels], channels),
    acrossBatch: true,
    readsLabels: true,
  },
  projection: {
    title: "Projection",
    usual: { classes: 10 },
    numbers: [classesNumber],
    summary: ({ classes: all }) => `${all} classes`,
    output: () => [1],
    tensors: ({ classes: all }, [features]) => [
      ...weightAndBias([1, features], 1, true),
      { suffix: "embedding", role: "embedding", shape: [all, features] },
    ],
    readsLabels: true,
  },
};

export const layerTypes = Object.keys(layerKinds) as LayerType[];

/** The kind of a layer, for any layer at all. */
export function kindOf(type: LayerType): LayerKind<Layer> {
  // Each entry takes the layers of its own type, which its callers hand back to it.
  return layerKinds[type] as LayerKind<Layer>;
}

/** Whether each sample's output depends on that sample alone, and not on what is drawn for one pass. */
export function isPerSample(layers: readonly { type: LayerType }[]): boolean {
  return layers.every(
    ({ type }) => !kindOf(type).acrossBatch && !kindOf(type).mask,
  );
}

/** Whether any of the layers looks at the batch as a whole, as batch normalization does. */
export function isAcrossBatch(layers: readonly { type: LayerType }[]): boolean {
  return layers.some(({ type }) => kindOf(type).acrossBatch);
}

/** The number of elements of a shape. */
export function volume(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** `784`, `1 x 28 x 28`. */
export function formatShape(shape: Shape): string {
  return shape.join(" x ");
}

function same(_: Layer, input: Shape): Shape {
  return input;
}

function extentsOf(input: Shape, fail: (need: string) => never): Shape {
  if (input.length !== 3)
    fail(
      "an image (channels x height x width), so put a reshape layer before it",
    );
  return input.slice(1);
}

function weightAndBias(
  weight: Shape,
  outputs: number,
  bias: boolean,
): OwnedTensor[] {
  const tensors: OwnedTensor[] = [
    { suffix: "weight", role: "weight", shape: weight },
  ];
  if (bias) tensors.push({ suffix: "bias", role: "bias", shape: [outputs] });
  return tensors;
}

function normTensors(affine: Shape, channels: number): OwnedTensor[] {
  return [
    { suffix: "weight", role: "weight", shape: affine },
    { suffix: "bias", role: "bias", shape: affine },
    { suffix: "running_mean", role: "runningMean", shape: [channels] },
    { suffix: "running_var", role: "runningVariance", shape: [channels] },
  ];
}

function convolutionSummary(
  layer: LayerOf<"conv"> | LayerOf<"convTranspose">,
): string {
  const { filters, kernel, stride, padding, bias } = layer;
  return `${filters} (${kernel} x ${kernel}, stride ${stride}, padding ${padding})${biasText(bias)}`;
}

function biasText(bias: boolean): string {
  return bias ? "" : " without bias";
}
