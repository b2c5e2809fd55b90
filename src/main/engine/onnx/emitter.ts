/** Writes the nodes of an ONNX graph: knows what has a name already, and not how an operation is computed. */
import type { Shape } from "../../../shared/layers";
import { volume } from "../../../shared/layers";
import type { OnnxNode, OnnxTensor } from "./model";
import type { Node } from "../../graph/node";
import { isKind } from "../../graph/node";

/** What will run the nodes. */
export type Target = "processor" | "gpu";

/** Collects ONNX nodes and constants, each written once and before its users. */
export class Emitter {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  private readonly names = new Map<Node, string>();
  /** The names under which outputs have to come out, so that they are computed under them at once. */
  private readonly reserved = new Map<Node, string>();
  private readonly constants = new Map<string, string>();
  private readonly users: ReadonlyMap<Node, number>;
  private count = 0;

  constructor(
    outputs: ReadonlyMap<string, Node>,
    private readonly nameOf: (input: string) => string,
    /** Writes what computes a node that is neither an input nor a constant; `output` is the name it must have. */
    private readonly compute: (
      emit: Emitter,
      node: Node,
      output: string,
    ) => void,
    readonly target: Target,
  ) {
    this.users = countUsers(outputs.values());
    for (const [name, node] of outputs)
      if (!this.reserved.has(node)) this.reserved.set(node, name);
  }

  /** The name under which a node's value is known, computing it first where need be. */
  value(node: Node): string {
    const known = this.names.get(node);
    if (known) return known;
    if (isKind(node, "input")) return this.nameOf(node.attributes.name);
    if (isKind(node, "constant"))
      return this.fill(node.attributes.value, node.shape);
    const output = this.reserved.get(node) ?? this.fresh();
    this.compute(this, node, output);
    this.names.set(node, output);
    return output;
  }

  /** One ONNX node with one output; gives the output's name. */
  node(
    type: string,
    inputs: readonly string[],
    output = this.fresh(),
    attributes: OnnxNode["attributes"] = {},
  ): string {
    this.nodes.push({ type, inputs, outputs: [output], attributes });
    return output;
  }

  /** An ONNX node with the same inputs as a node of ours. */
  elementwise(
    type: string,
    node: Node,
    output: string,
    attributes: OnnxNode["attributes"] = {},
  ): void {
    const inputs = node.inputs.map((input) => this.value(input));
    this.node(type, inputs, output, attributes);
  }

  reshape(value: string, shape: Shape): string {
    return this.node("Reshape", [value, this.indices(shape)]);
  }

  /** A float constant with one number everywhere. */
  fill(value: number, shape: Shape): string {
    return this.constant(`${value} [${shape.join()}]`, shape, () =>
      new Float32Array(volume(shape)).fill(value),
    );
  }

  /** An int64 vector: a shape, axes or bounds. */
  indices(values: readonly number[]): string {
    return this.constant(`i64 ${values.join()}`, [values.length], () =>
      BigInt64Array.from(values, BigInt),
    );
  }

  /** A constant that equal keys share. */
  constant(key: string, shape: Shape, make: () => OnnxTensor["data"]): string {
    return this.constants.get(key) ?? this.define(key, shape, make());
  }

  /** Row numbers for a `Gather`. */
  rowNumbers(key: string, make: () => Int32Array): string {
    const known = this.constants.get(key);
    if (known) return known;
    const rows = make();
    return this.define(key, [rows.length], rows);
  }

  fresh(): string {
    return `v${this.count++}`;
  }

  /** The product that can take a sum's other operand along: Gemm adds it while the result is in registers. */
  fusable(sum: Node): Node<"matmul"> | null {
    for (const operand of [...sum.inputs].reverse())
      if (
        isKind(operand, "matmul") &&
        this.users.get(operand) === 1 &&
        operand.shape.join() === sum.shape.join()
      )
        return operand;
    return null;
  }

  private define(key: string, shape: Shape, data: OnnxTensor["data"]): string {
    const name = `c${this.constants.size}`;
    this.constants.set(key, name);
    this.initializers.push({ name, shape, data });
    return name;
  }
}

function countUsers(outputs: Iterable<Node>): ReadonlyMap<Node, number> {
  const users = new Map<Node, number>();
  const use = (node: Node): void => {
    const before = users.get(node) ?? 0;
    users.set(node, before + 1);
    if (before === 0) node.inputs.forEach(use);
  };
  for (const node of outputs) use(node);
  return users;
}
