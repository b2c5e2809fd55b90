/** The nodes around a program's function: what is fed, the variables, the call, and what comes out. */
import type { Shape } from "../../../shared/layers";
import type {
  Argument,
  Attribute,
  DataType,
  Endpoint,
  FunctionDef,
  NodeDef,
} from "./graph-def";

/** What is fed, kept or comes out: our name for a value, and the model's, because TensorFlow allows few characters. */
export interface Port {
  name: string;
  key: string;
  shape: Shape;
}

/** Ports for values in their order. */
export function portsOf(
  prefix: string,
  values: Iterable<{ name: string; shape: Shape }>,
): Port[] {
  return [...values].map(({ name, shape }, i) => ({
    name,
    key: `${prefix}_${i}`,
    shape,
  }));
}

export function typeOf(value: DataType): Attribute {
  return { kind: "type", value };
}

/** The name of a value of the graph: the n-th that a node gives. */
export function outputOf(node: string, index = 0): string {
  return `${node}:${index}`;
}

export function placeholder(
  name: string,
  shape: Shape,
  type: DataType = "float",
): NodeDef {
  const attributes = {
    dtype: typeOf(type),
    shape: { kind: "shape", value: shape },
  } as const;
  return { name, operation: "Placeholder", inputs: [], attributes };
}

/** A variable of the session, which keeps it as long as it lives. */
export function variable({ key, shape }: Port): NodeDef {
  const attributes = {
    dtype: typeOf("float"),
    shape: { kind: "shape", value: shape },
    shared_name: { kind: "text", value: key },
  } as const;
  return { name: key, operation: "VarHandleOp", inputs: [], attributes };
}

export function readVariable(name: string, { key }: Port): NodeDef {
  const attributes = { dtype: typeOf("float") };
  return { name, operation: "ReadVariableOp", inputs: [key], attributes };
}

export function assignVariable(
  name: string,
  { key }: Port,
  value: string,
): NodeDef {
  const attributes = { dtype: typeOf("float") };
  return {
    name,
    operation: "AssignVariableOp",
    inputs: [key, value],
    attributes,
  };
}

/** The same bits in memory of their own. */
export function copy(name: string, value: string): NodeDef {
  const attributes = { T: typeOf("float") };
  return { name, operation: "DeepCopy", inputs: [value], attributes };
}

/** A value that is there only once other nodes are done. */
export function identity(
  name: string,
  value: string,
  after: readonly NodeDef[] = [],
): NodeDef {
  const done = after.map((node) => `^${node.name}`);
  const attributes = { T: typeOf("float") };
  return { name, operation: "Identity", inputs: [value, ...done], attributes };
}

/** Calls a function; with `compile` XLA makes one piece of code of it, whatever the environment says of XLA. */
export function call(
  name: string,
  it: FunctionDef,
  inputs: readonly string[],
  compile: boolean,
): NodeDef {
  const types = (list: readonly Argument[]): Attribute => ({
    kind: "types",
    value: list.map(({ type }) => type),
  });
  const attributes = {
    Tin: types(it.inputs),
    Tout: types(it.outputs),
    f: { kind: "function", value: it.name },
    _XlaMustCompile: { kind: "bool", value: compile },
  } as const;
  return { name, operation: "PartitionedCall", inputs, attributes };
}

export function endpoint(
  name: string,
  value: string,
  type: DataType = "float",
): Endpoint {
  return { name, value: value.includes(":") ? value : outputOf(value), type };
}
