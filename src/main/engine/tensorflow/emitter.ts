/** Writes the nodes of a TensorFlow function: knows what has a name already, and not how an operation is computed. */
import type { Shape } from "../../../shared/layers";
import type { Node } from "../../graph/node";
import { isKind } from "../../graph/node";
import type { Attribute, DataType, NodeDef } from "./graph-def";

/** How TensorFlow names the one output of each operation that is used here. */
const outputs = {
  AddV2: "z",
  BroadcastTo: "output",
  ClipByValue: "output",
  ConcatV2: "output",
  Const: "output",
  Conv2D: "output",
  Conv2DBackpropFilter: "output",
  Conv2DBackpropInput: "output",
  Equal: "z",
  Exp: "y",
  Greater: "z",
  LeakyRelu: "activations",
  Less: "z",
  BatchMatMulV2: "output",
  MatMul: "product",
  Mul: "z",
  Pack: "output",
  Pad: "output",
  RealDiv: "z",
  Relu: "activations",
  Reshape: "output",
  SelectV2: "output",
  Sigmoid: "y",
  Slice: "output",
  Softplus: "activations",
  LogSoftmax: "logsoftmax",
  Sqrt: "y",
  Sub: "z",
  Sum: "output",
  Tanh: "y",
  Transpose: "y",
} as const;

export type Operation = keyof typeof outputs;

/** Collects nodes, each written once and before its users. */
export class Emitter {
  readonly nodes: NodeDef[] = [];
  private readonly names = new Map<Node, string>();
  private readonly constants = new Map<string, string>();

  constructor(
    private readonly nameOf: (input: string) => string,
    /** Writes what computes a node that is neither an input nor a constant. */
    private readonly compute: (emit: Emitter, node: Node) => string,
  ) {}

  /** The name under which a node's value is known, computing it first where need be. */
  value(node: Node): string {
    const known = this.names.get(node);
    if (known) return known;
    const name = this.evaluate(node);
    this.names.set(node, name);
    return name;
  }

  /** One operation on float32 values unless its attributes say more; gives the name of its output. */
  node(
    operation: Operation,
    inputs: readonly string[],
    attributes: Record<string, Attribute> = {},
    type: DataType = "float",
  ): string {
    const name = `${operation}_${this.nodes.length}`;
    this.nodes.push({
      name,
      operation,
      inputs,
      attributes: { T: { kind: "type", value: type }, ...attributes },
    });
    return `${name}:${outputs[operation]}:0`;
  }

  /** An operation of as many values as it takes; gives the names of its outputs by their places. */
  nodeOfMany(
    operation: "StatelessWhile",
    inputs: readonly string[],
    attributes: Record<string, Attribute>,
  ): (place: number) => string {
    const name = `${operation}_${this.nodes.length}`;
    this.nodes.push({ name, operation, inputs, attributes });
    return (place) => `${name}:output:${place}`;
  }

  /** A float32 tensor with one number everywhere. */
  fill(value: number, shape: Shape = []): string {
    return this.constant(`${value} [${shape.join()}]`, "float", {
      kind: "fill",
      value,
      shape,
    });
  }

  /** An int32 vector, or a scalar. */
  indices(value: number | readonly number[]): string {
    const key = `i32 ${JSON.stringify(value)}`;
    return this.constant(key, "int32", { kind: "indices", value });
  }

  reshape(value: string, shape: Shape): string {
    return this.node("Reshape", [value, this.indices(shape)]);
  }

  transpose(value: string, order: readonly number[]): string {
    return this.node("Transpose", [value, this.indices(order)]);
  }

  private evaluate(node: Node): string {
    if (isKind(node, "input")) return this.nameOf(node.attributes.name);
    if (isKind(node, "constant"))
      return this.fill(node.attributes.value, node.shape);
    return this.compute(this, node);
  }

  private constant(key: string, type: DataType, value: Attribute): string {
    const known = this.constants.get(key);
    if (known) return known;
    const name = `Const_${this.nodes.length}`;
    const attributes = { dtype: { kind: "type", value: type }, value } as const;
    this.nodes.push({ name, operation: "Const", inputs: [], attributes });
    const output = `${name}:${outputs.Const}:0`;
    this.constants.set(key, output);
    return output;
  }
}
