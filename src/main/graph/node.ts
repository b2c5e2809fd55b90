/** What expressions are made of: the operations, and one node for each use of one. `graph.ts` makes them. */
import type { Shape } from "../../shared/layers";
import type { Convolution } from "./convolution";

type None = Record<never, never>;

/** Every operation and what it is told besides its inputs. */
export interface Operations {
  /** A value given from outside, as bytes where it says so. */
  input: { name: string; bytes?: true };
  /** The numbers 0 to 255 that bytes are: of such an input, or of a part of it. */
  floats: None;
  /** One number everywhere. */
  constant: { value: number };
  add: None;
  subtract: None;
  multiply: None;
  divide: None;
  /** y + factor * x, of rows `[1, 1, n]` and a factor `[1, 1, 1]`: `inputs` are y, factor and x. */
  addScaled: None;
  exp: None;
  sqrt: None;
  tanh: None;
  sigmoid: None;
  /** log(1 + e^x) */
  softplus: None;
  /** Of each row of a matrix: x - log(sum(e^x)), without overflow. */
  logSoftmax: None;
  /** x where positive, slope * x elsewhere; ReLU is slope 0. */
  leakyRelu: { slope: number };
  /** 1 where positive, `slope` elsewhere: what leakyRelu multiplies a gradient with. */
  slope: { slope: number };
  clip: { limit: number };
  /** A constant, `[1, 1, 1]`, that is there only after its input, one number, was computed: for rewrites that want an order. */
  after: { value: number };
  /** Over these axes, which disappear. */
  sum: { axes: readonly number[] };
  /** The other way: repeats along axes of length 1. */
  expand: { shape: Shape };
  reshape: { shape: Shape };
  transpose: { order: readonly number[] };
  concat: { axis: number };
  /** What lies between two corners: `from` inclusive, `to` exclusive, one number an axis. */
  slice: { from: readonly number[]; to: readonly number[] };
  /** The other way: zeros around it, so many before and after on each axis. */
  pad: { before: readonly number[]; after: readonly number[] };
  /** Of two matrices, each perhaps transposed first. */
  matmul: { transposeA: boolean; transposeB: boolean };
  /** Of stacks of matrices `[n, rows, columns]`, each perhaps transposed first. */
  batchMatmul: { transposeA: boolean; transposeB: boolean };
  /** `[images, filters of the map]` from image rows and weights `[filters, kernel * kernel * channels]`. */
  convolve: Convolution;
  /** The transposed convolution: image rows from map rows and the same weights. */
  spread: Convolution;
  /** The weights' gradient: from image rows and map rows. */
  correlate: Convolution;
}

export type OperationKind = keyof Operations;

export interface Node<K extends OperationKind = OperationKind> {
  readonly id: number;
  readonly kind: K;
  readonly attributes: Operations[K];
  readonly inputs: readonly Node[];
  readonly shape: Shape;
}

/** Whether a node is of one kind, so that its attributes are known. */
export function isKind<K extends OperationKind>(
  node: Node,
  kind: K,
): node is Node<K> {
  return (node.kind as OperationKind) === kind;
}
