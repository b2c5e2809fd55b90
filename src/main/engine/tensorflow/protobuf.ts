/**
 * SavedModel bytes: field numbers are those of saved_model.proto, meta_graph.proto, graph.proto, function.proto,
 * op_def.proto, node_def.proto, attr_value.proto and tensor.proto.
 */
import {
  BinaryWriter,
  bool,
  float,
  int,
  message,
  raw,
  text,
} from "../protobuf";
import type {
  Argument,
  Attribute,
  DataType,
  Endpoint,
  FunctionDef,
  NodeDef,
  SavedModel,
  Signature,
} from "./graph-def";

const dataTypes: Record<DataType, number> = {
  float: 1,
  int32: 3,
  bool: 10,
  resource: 20,
};
/** The tag that a loader asks for. */
export const servingTag = "serve";
const method = "tensorflow/serving/predict";
/** A graph of TensorFlow 2.9 or later, in terms that it and all since then read. */
const versions = { producer: 1000, minConsumer: 12 };

export function encodeSavedModel(model: SavedModel): Uint8Array {
  const writer = new BinaryWriter();
  int(writer, 1, 1);
  message(writer, 2, () => writeMetaGraph(writer, model));
  return writer.finish();
}

function writeMetaGraph(writer: BinaryWriter, model: SavedModel): void {
  message(writer, 1, () => text(writer, 4, servingTag));
  message(writer, 2, () => {
    for (const node of model.nodes)
      message(writer, 1, () => writeNode(writer, node));
    message(writer, 2, () => {
      for (const it of model.functions)
        message(writer, 1, () => writeFunction(writer, it));
    });
    message(writer, 4, () => {
      int(writer, 1, versions.producer);
      int(writer, 2, versions.minConsumer);
    });
  });
  for (const [name, signature] of model.signatures)
    entry(writer, 5, name, () => writeSignature(writer, signature));
}

function writeNode(writer: BinaryWriter, node: NodeDef): void {
  text(writer, 1, node.name);
  text(writer, 2, node.operation);
  for (const input of node.inputs) text(writer, 3, input);
  for (const [name, attribute] of Object.entries(node.attributes))
    entry(writer, 5, name, () => writeAttribute(writer, attribute));
}

function writeFunction(writer: BinaryWriter, it: FunctionDef): void {
  message(writer, 1, () => {
    text(writer, 1, it.name);
    for (const input of it.inputs) writeArgument(writer, 2, input);
    for (const output of it.outputs) writeArgument(writer, 3, output);
  });
  for (const node of it.nodes)
    message(writer, 3, () => writeNode(writer, node));
  for (const { name, value } of it.outputs)
    message(writer, 4, () => {
      text(writer, 1, name);
      text(writer, 2, value);
    });
}

function writeArgument(
  writer: BinaryWriter,
  field: number,
  { name, type }: Argument,
): void {
  message(writer, field, () => {
    text(writer, 1, name);
    int(writer, 3, dataTypes[type]);
  });
}

function writeSignature(writer: BinaryWriter, signature: Signature): void {
  for (const input of signature.inputs) writeEndpoint(writer, 1, input);
  for (const output of signature.outputs) writeEndpoint(writer, 2, output);
  text(writer, 3, method);
}

function writeEndpoint(
  writer: BinaryWriter,
  field: number,
  { name, value, type }: Endpoint,
): void {
  entry(writer, field, name, () => {
    text(writer, 1, value);
    int(writer, 2, dataTypes[type]);
    // TensorFlow.js reads a shape from here even where it is told nothing.
    message(writer, 3, () => undefined);
  });
}

function writeAttribute(writer: BinaryWriter, attribute: Attribute): void {
  switch (attribute.kind) {
    case "type":
      return int(writer, 6, dataTypes[attribute.value]);
    case "bool":
      return bool(writer, 5, attribute.value);
    case "float":
      return float(writer, 4, attribute.value);
    case "int":
      return int(writer, 3, attribute.value);
    case "text":
      return text(writer, 2, attribute.value);
    case "shape":
      return message(writer, 7, () => writeShape(writer, attribute.value));
    case "function":
      return message(writer, 10, () => text(writer, 1, attribute.value));
    case "types":
    case "ints":
    case "shapes":
      return message(writer, 1, () => writeList(writer, attribute));
    case "fill":
      return message(writer, 8, () => {
        int(writer, 1, dataTypes.float);
        message(writer, 2, () => writeShape(writer, attribute.shape));
        float(writer, 5, attribute.value);
      });
    case "indices":
      return message(writer, 8, () => writeIndices(writer, attribute.value));
    default:
      attribute satisfies never;
  }
}

function writeList(
  writer: BinaryWriter,
  list: Extract<Attribute, { kind: "types" | "ints" | "shapes" }>,
): void {
  switch (list.kind) {
    case "ints":
      for (const value of list.value) int(writer, 3, value);
      return;
    case "types":
      for (const type of list.value) int(writer, 6, dataTypes[type]);
      return;
    case "shapes":
      for (const shape of list.value)
        message(writer, 7, () => writeShape(writer, shape));
      return;
    default:
      list satisfies never;
  }
}

function writeIndices(
  writer: BinaryWriter,
  value: number | readonly number[],
): void {
  const values = typeof value === "number" ? [value] : value;
  int(writer, 1, dataTypes.int32);
  message(writer, 2, () =>
    writeShape(writer, typeof value === "number" ? [] : [values.length]),
  );
  raw(writer, 4, Int32Array.from(values));
}

function writeShape(writer: BinaryWriter, shape: readonly number[]): void {
  for (const extent of shape) message(writer, 2, () => int(writer, 1, extent));
}

/** One entry of a map from names to messages. */
function entry(
  writer: BinaryWriter,
  field: number,
  key: string,
  write: () => void,
): void {
  message(writer, field, () => {
    text(writer, 1, key);
    message(writer, 2, write);
  });
}
