/** The part of ONNX that is written here, as plain data; `protobuf.ts` makes bytes of it. */

export interface OnnxTensor {
  name: string;
  shape: readonly number[];
  data: Float32Array | Int32Array | BigInt64Array;
}

export type OnnxAttribute =
  | { type: "float"; value: number }
  | { type: "int"; value: number }
  | { type: "ints"; value: readonly number[] }
  | { type: "string"; value: string }
  | { type: "graph"; value: OnnxGraph };

export interface OnnxNode {
  type: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** A tensor that goes in or out, float32 unless it is of bytes; a string names an extent that is known only when the model runs. */
export interface OnnxValue {
  name: string;
  bytes?: boolean;
  shape: readonly (number | string)[];
}

export interface OnnxGraph {
  name: string;
  nodes: readonly OnnxNode[];
  initializers: readonly OnnxTensor[];
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
}
