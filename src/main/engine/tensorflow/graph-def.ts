/** The part of TensorFlow's SavedModel that is written here, as plain data; `protobuf.ts` makes bytes of it. */

export type DataType = "float" | "int32" | "bool" | "resource";

export type Attribute =
  | { kind: "type"; value: DataType }
  | { kind: "types"; value: readonly DataType[] }
  | { kind: "bool"; value: boolean }
  | { kind: "float"; value: number }
  | { kind: "int"; value: number }
  | { kind: "ints"; value: readonly number[] }
  | { kind: "text"; value: string }
  | { kind: "shape"; value: readonly number[] }
  | { kind: "shapes"; value: readonly (readonly number[])[] }
  /** The name of a function in the library. */
  | { kind: "function"; value: string }
  /** A tensor with one number everywhere. */
  | { kind: "fill"; value: number; shape: readonly number[] }
  /** An int32 vector, or a scalar where it is a number. */
  | { kind: "indices"; value: number | readonly number[] };

export interface NodeDef {
  name: string;
  operation: string;
  /** Names of values; `^name` waits for a node only. */
  inputs: readonly string[];
  attributes: Readonly<Record<string, Attribute>>;
}

/** A value as it goes into a function or comes out of it. */
export interface Argument {
  name: string;
  type: DataType;
}

export interface FunctionDef {
  name: string;
  inputs: readonly Argument[];
  outputs: readonly (Argument & { value: string })[];
  nodes: readonly NodeDef[];
}

/** What can be called from outside: names of its own for the graph's values. */
export interface Signature {
  inputs: readonly Endpoint[];
  outputs: readonly Endpoint[];
}

export interface Endpoint {
  name: string;
  value: string;
  type: DataType;
}

export interface SavedModel {
  nodes: readonly NodeDef[];
  functions: readonly FunctionDef[];
  signatures: ReadonlyMap<string, Signature>;
}
