/** From the tensor language to ONNX nodes. */
import { volume } from "../../../shared/layers";
import type { Target } from "./emitter";
import { Emitter } from "./emitter";
import type { Node, OperationKind } from "../../graph/node";
import {
  lowerConvolve,
  lowerCorrelate,
  lowerSpread,
} from "./lower-convolution";
import type { OnnxAttribute, OnnxGraph } from "./model";

/** Column sums of at most so many rows are a product with ones; of more, that would round too much. */
const longestProduct = 1024;

/** Sums of all of so many values and more are sums of rows first: of everything at once ONNX Runtime takes one thread. */
const sharedSum = 2 ** 15;
const sharedRow = 512;

/** Gives the name of the value that a node becomes; `output` is the name it must have. */
type Rule<K extends OperationKind> = (
  emit: Emitter,
  node: Node<K>,
  output: string,
) => void;

const rules: { [K in OperationKind]: Rule<K> } = {
  input: unneeded,
  constant: unneeded,
  floats: (emit, node, output) =>
    emit.elementwise("Cast", node, output, { to: { type: "int", value: 1 } }),
  add: (emit, node, output) => {
    const product = emit.fusable(node);
    if (!product) return emit.elementwise("Add", node, output);
    const [a, b] = node.inputs;
    const addend = emit.value(product === a ? b : a);
    lowerProduct(emit, product, [addend], output);
  },
  subtract: (emit, node, output) => emit.elementwise("Sub", node, output),
  multiply: (emit, node, output) => emit.elementwise("Mul", node, output),
  divide: (emit, node, output) => emit.elementwise("Div", node, output),
  // A convolution of one weight, onto y: in place where nothing reads y afterwards, else onto a copy. Not on a GPU, where
  // ONNX Runtime 1.30 dies of a bias that is not there.
  addScaled: (emit, node, output) => {
    const [y, factor, x] = node.inputs.map((input) => emit.value(input));
    if (emit.target === "gpu") {
      emit.node("Add", [y, emit.node("Mul", [x, factor])], output);
      return;
    }
    emit.node("FusedConv", [x, factor, "", y], output);
  },
  exp: (emit, node, output) => emit.elementwise("Exp", node, output),
  sqrt: (emit, node, output) => emit.elementwise("Sqrt", node, output),
  tanh: (emit, node, output) => emit.elementwise("Tanh", node, output),
  sigmoid: (emit, node, output) => emit.elementwise("Sigmoid", node, output),
  softplus: (emit, node, output) => emit.elementwise("Softplus", node, output),
  logSoftmax: (emit, node, output) =>
    emit.elementwise("LogSoftmax", node, output, {
      axis: { type: "int", value: 1 },
    }),
  leakyRelu: (emit, node, output) => {
    const { slope } = node.attributes;
    if (slope === 0) return emit.elementwise("Relu", node, output);
    emit.elementwise("LeakyRelu", node, output, { alpha: float(slope) });
  },
  // No comparison: ONNX Runtime's Where is slower than two passes of arithmetic.
  slope: (emit, node, output) => {
    const { slope } = node.attributes;
    const steep = 1e30;
    if (slope === 0)
      return emit.elementwise("HardSigmoid", node, output, {
        alpha: float(steep),
        beta: float(0),
      });
    const scaled = emit.node("Mul", [
      emit.value(node.inputs[0]),
      emit.fill(steep, []),
    ]);
    emit.node("Clip", [scaled, emit.fill(slope, []), emit.fill(1, [])], output);
  },
  clip: (emit, node, output) => {
    const { limit } = node.attributes;
    emit.node(
      "Clip",
      [emit.value(node.inputs[0]), emit.fill(-limit, []), emit.fill(limit, [])],
      output,
    );
  },
  after: (emit, node, output) => {
    const { value } = node.attributes;
    const x = emit.reshape(emit.value(node.inputs[0]), [1, 1, 1]);
    const bound = emit.fill(value, []);
    emit.node("Clip", [x, bound, bound], output);
  },
  sum: (emit, node, output) => {
    const { axes } = node.attributes;
    const [a] = node.inputs;
    const [rows, columns] = a.shape;
    const count = volume(a.shape);
    if (
      axes.length === a.shape.length &&
      count >= sharedSum &&
      count % sharedRow === 0
    ) {
      const cut = emit.reshape(emit.value(a), [count / sharedRow, sharedRow]);
      const partial = emit.fresh();
      reduceSum(emit, cut, [1], partial);
      return reduceSum(emit, partial, [0], output);
    }
    if (a.shape.length !== 2 || axes.join() !== "0")
      return reduceSum(emit, emit.value(a), axes, output);
    if (rows <= longestProduct) {
      const ones = emit.fill(1, [1, rows]);
      const sums = emit.node("Gemm", [ones, emit.value(a)]);
      emit.node("Reshape", [sums, emit.indices([columns])], output);
      return;
    }
    const blocks = rowBlocks(rows);
    const cut = emit.reshape(emit.value(a), [blocks, rows / blocks, columns]);
    const partial = emit.fresh();
    reduceSum(emit, cut, [1], partial);
    reduceSum(emit, partial, [0], output);
  },
  expand: (emit, node, output) => {
    const shape = emit.indices(node.shape);
    emit.node("Expand", [emit.value(node.inputs[0]), shape], output);
  },
  reshape: (emit, node, output) => {
    const shape = emit.indices(node.shape);
    emit.node("Reshape", [emit.value(node.inputs[0]), shape], output);
  },
  transpose: (emit, node, output) =>
    emit.elementwise("Transpose", node, output, {
      perm: { type: "ints", value: node.attributes.order },
    }),
  concat: (emit, node, output) =>
    emit.elementwise("Concat", node, output, {
      axis: { type: "int", value: node.attributes.axis },
    }),
  slice: (emit, node, output) => {
    const { from, to } = node.attributes;
    const { shape } = node.inputs[0];
    const axes = shape.flatMap((extent, axis) =>
      from[axis] > 0 || to[axis] < extent ? [axis] : [],
    );
    const bounds = [from, to].map((corner) =>
      emit.indices(axes.map((axis) => corner[axis])),
    );
    const value = emit.value(node.inputs[0]);
    emit.node("Slice", [value, ...bounds, emit.indices(axes)], output);
  },
  pad: (emit, node, output) => {
    const { before, after } = node.attributes;
    const widths = emit.indices([...before, ...after]);
    emit.node("Pad", [emit.value(node.inputs[0]), widths], output);
  },
  matmul: (emit, node, output) => lowerProduct(emit, node, [], output),
  batchMatmul: (emit, node, output) => {
    const { transposeA, transposeB } = node.attributes;
    const sides = node.inputs.map((input, i) => {
      const value = emit.value(input);
      return [transposeA, transposeB][i]
        ? emit.node("Transpose", [value], undefined, {
            perm: { type: "ints", value: [0, 2, 1] },
          })
        : value;
    });
    emit.node("MatMul", sides, output);
  },
  convolve: lowerConvolve,
  spread: lowerSpread,
  correlate: lowerCorrelate,
};

/** Inputs and constants have names of their own. */
function unneeded(): never {
  throw new Error("An input or a constant needs no computing.");
}

/** The nodes that compute `outputs` (by name). `nameOf` gives the value that an input node stands for. */
export function lower(
  outputs: ReadonlyMap<string, Node>,
  nameOf: (input: string) => string,
  target: Target = "processor",
): Pick<OnnxGraph, "nodes" | "initializers"> {
  const emitter = new Emitter(outputs, nameOf, compute, target);
  for (const [name, node] of outputs)
    if (emitter.value(node) !== name)
      emitter.node("Identity", [emitter.value(node)], name);
  return emitter;
}

function compute(emit: Emitter, node: Node, output: string): void {
  const rule = rules[node.kind] as Rule<OperationKind>;
  rule(emit, node, output);
}

function lowerProduct(
  emit: Emitter,
  node: Node<"matmul">,
  addend: string[],
  output: string,
): void {
  const { transposeA, transposeB } = node.attributes;
  const inputs = node.inputs.map((input) => emit.value(input));
  emit.node("Gemm", [...inputs, ...addend], output, {
    transA: { type: "int", value: Number(transposeA) },
    transB: { type: "int", value: Number(transposeB) },
  });
}

function reduceSum(
  emit: Emitter,
  value: string,
  axes: readonly number[],
  output: string,
): void {
  emit.node("ReduceSum", [value, emit.indices(axes)], output, {
    keepdims: { type: "int", value: 0 },
  });
}

/** Into how many equal blocks a tall matrix is cut for its column sums: they run side by side, and round less. */
function rowBlocks(rows: number): number {
  for (let blocks = 64; blocks > 1; blocks--)
    if (rows % blocks === 0) return blocks;
  return 1;
}

function float(value: number): OnnxAttribute {
  return { type: "float", value };
}
