/** From the tensor language to TensorFlow's operations, nearly one to one. */
import type { Convolution } from "../../graph/convolution";
import type { Node, OperationKind } from "../../graph/node";
import type { Operation } from "./emitter";
import { Emitter } from "./emitter";
import type { Attribute } from "./graph-def";

/** Gives the name of the value that a node becomes. */
type Rule<K extends OperationKind> = (emit: Emitter, node: Node<K>) => string;

const rules: { [K in OperationKind]: Rule<K> } = {
  input: unneeded,
  floats: unneeded,
  constant: unneeded,
  add: elementwise("AddV2"),
  subtract: elementwise("Sub"),
  multiply: elementwise("Mul"),
  divide: elementwise("RealDiv"),
  addScaled: (emit, node) => {
    const [y, factor, x] = valuesOf(emit, node);
    return emit.node("AddV2", [y, emit.node("Mul", [x, factor])]);
  },
  exp: elementwise("Exp"),
  sqrt: elementwise("Sqrt"),
  tanh: elementwise("Tanh"),
  sigmoid: elementwise("Sigmoid"),
  softplus: elementwise("Softplus"),
  logSoftmax: elementwise("LogSoftmax"),
  leakyRelu: (emit, node) => {
    const { slope } = node.attributes;
    if (slope === 0) return emit.node("Relu", valuesOf(emit, node));
    return emit.node("LeakyRelu", valuesOf(emit, node), {
      alpha: { kind: "float", value: slope },
    });
  },
  slope: (emit, node) => {
    const [x] = valuesOf(emit, node);
    const isPositive = emit.node("Greater", [x, emit.fill(0)]);
    const sides = [emit.fill(1), emit.fill(node.attributes.slope)];
    return emit.node("SelectV2", [isPositive, ...sides]);
  },
  clip: (emit, node) => {
    const { limit } = node.attributes;
    const [x] = valuesOf(emit, node);
    return emit.node("ClipByValue", [x, emit.fill(-limit), emit.fill(limit)]);
  },
  // TensorFlow orders its operations itself.
  after: (emit, node) => emit.fill(node.attributes.value, node.shape),
  sum: (emit, node) => {
    const [x] = valuesOf(emit, node);
    return emit.node("Sum", [x, emit.indices(node.attributes.axes)]);
  },
  expand: (emit, node) => {
    const [x] = valuesOf(emit, node);
    return emit.node("BroadcastTo", [x, emit.indices(node.shape)]);
  },
  reshape: (emit, node) => emit.reshape(valuesOf(emit, node)[0], node.shape),
  transpose: (emit, node) =>
    emit.transpose(valuesOf(emit, node)[0], node.attributes.order),
  concat: (emit, node) => {
    const parts = valuesOf(emit, node);
    const axis = emit.indices(node.attributes.axis);
    return emit.node("ConcatV2", [...parts, axis], {
      N: { kind: "int", value: parts.length },
    });
  },
  slice: (emit, node) => {
    const [x] = valuesOf(emit, node);
    const from = emit.indices(node.attributes.from);
    return emit.node("Slice", [x, from, emit.indices(node.shape)], {
      Index: { kind: "type", value: "int32" },
    });
  },
  pad: (emit, node) => {
    const { before, after } = node.attributes;
    const [x] = valuesOf(emit, node);
    const widths = before.flatMap((width, axis) => [width, after[axis]]);
    const rows = [emit.indices(widths), emit.indices([before.length, 2])];
    const table = emit.node("Reshape", rows, {}, "int32");
    return emit.node("Pad", [x, table]);
  },
  matmul: (emit, node) => {
    const { transposeA, transposeB } = node.attributes;
    return emit.node("MatMul", valuesOf(emit, node), {
      transpose_a: { kind: "bool", value: transposeA },
      transpose_b: { kind: "bool", value: transposeB },
    });
  },
  batchMatmul: (emit, node) => {
    const { transposeA, transposeB } = node.attributes;
    return emit.node("BatchMatMulV2", valuesOf(emit, node), {
      adj_x: { kind: "bool", value: transposeA },
      adj_y: { kind: "bool", value: transposeB },
    });
  },
  convolve: (emit, { inputs, attributes: c, shape }) => {
    const [image, weight] = inputs.map((input) => emit.value(input));
    const operands = [imageOf(emit, image, c), filterOf(emit, weight, c)];
    const map = emit.node("Conv2D", operands, geometryOf(c));
    return emit.reshape(map, shape);
  },
  spread: (emit, { inputs, attributes: c, shape }) => {
    const [map, weight] = inputs.map((input) => emit.value(input));
    const sizes = emit.indices([c.batch, c.height, c.width, c.channels]);
    const operands = [sizes, filterOf(emit, weight, c), mapOf(emit, map, c)];
    const image = emit.node("Conv2DBackpropInput", operands, geometryOf(c));
    return emit.reshape(image, shape);
  },
  correlate: (emit, { inputs, attributes: c, shape }) => {
    const [image, map] = inputs.map((input) => emit.value(input));
    const sizes = emit.indices([c.kernel, c.kernel, c.channels, c.filters]);
    const operands = [imageOf(emit, image, c), sizes, mapOf(emit, map, c)];
    const filter = emit.node("Conv2DBackpropFilter", operands, geometryOf(c));
    return emit.reshape(emit.transpose(filter, [3, 0, 1, 2]), shape);
  },
};

/** An emitter whose inputs are known by `nameOf`. */
export function createEmitter(nameOf: (input: string) => string): Emitter {
  return new Emitter(nameOf, (emit, node) => {
    const rule = rules[node.kind] as Rule<OperationKind>;
    return rule(emit, node);
  });
}

/** Inputs and constants have names of their own. */
function unneeded(): never {
  throw new Error("An input or a constant needs no computing.");
}

function elementwise(operation: Operation): Rule<OperationKind> {
  return (emit, node) => emit.node(operation, valuesOf(emit, node));
}

function valuesOf(emit: Emitter, node: Node): string[] {
  return node.inputs.map((input) => emit.value(input));
}

/** Rows are `[batch, height, width, channels]` already, but for their shape. */
function imageOf(emit: Emitter, rows: string, c: Convolution): string {
  return emit.reshape(rows, [c.batch, c.height, c.width, c.channels]);
}

function mapOf(emit: Emitter, rows: string, c: Convolution): string {
  return emit.reshape(rows, [c.batch, c.mapHeight, c.mapWidth, c.filters]);
}

/** `[kernel, kernel, channels, filters]` */
function filterOf(emit: Emitter, weight: string, c: Convolution): string {
  const apart = [c.filters, c.kernel, c.kernel, c.channels];
  return emit.transpose(emit.reshape(weight, apart), [1, 2, 3, 0]);
}

function geometryOf({
  stride,
  padding,
}: Convolution): Record<string, Attribute> {
  const sides = [padding, padding];
  return {
    strides: { kind: "ints", value: [1, stride, stride, 1] },
    padding: { kind: "text", value: "EXPLICIT" },
    explicit_paddings: {
      kind: "ints",
      value: [0, 0, ...sides, ...sides, 0, 0],
    },
  };
}
