/** ONNX bytes: field numbers are those of onnx.proto (ONNX IR version 10, operator set 21). */
import { BinaryWriter, float, int, message, raw, text } from "../protobuf";
import type {
  OnnxAttribute,
  OnnxGraph,
  OnnxNode,
  OnnxTensor,
  OnnxValue,
} from "./model";

const irVersion = 10;
const operatorSet = 21;
/** Operations that ONNX Runtime has besides the standard's. */
const runtimeDomain = "com.microsoft";
const runtimeTypes = new Set(["FusedConv"]);
const dataTypes = { float: 1, uint8: 2, int32: 6, int64: 7 } as const;
const attributeTypes = {
  float: 1,
  int: 2,
  string: 3,
  graph: 5,
  ints: 7,
} as const;

/** A ModelProto around one graph. */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  const writer = new BinaryWriter();
  int(writer, 1, irVersion);
  text(writer, 2, "GAN Workbench");
  message(writer, 7, () => writeGraph(writer, graph));
  message(writer, 8, () => {
    text(writer, 1, "");
    int(writer, 2, operatorSet);
  });
  message(writer, 8, () => {
    text(writer, 1, runtimeDomain);
    int(writer, 2, 1);
  });
  return writer.finish();
}

function writeGraph(writer: BinaryWriter, graph: OnnxGraph): void {
  for (const node of graph.nodes)
    message(writer, 1, () => writeNode(writer, node));
  text(writer, 2, graph.name);
  for (const tensor of graph.initializers)
    message(writer, 5, () => writeTensor(writer, tensor));
  for (const value of graph.inputs)
    message(writer, 11, () => writeValue(writer, value));
  for (const value of graph.outputs)
    message(writer, 12, () => writeValue(writer, value));
}

function writeNode(writer: BinaryWriter, node: OnnxNode): void {
  for (const name of node.inputs) text(writer, 1, name);
  for (const name of node.outputs) text(writer, 2, name);
  text(writer, 4, node.type);
  for (const [name, attribute] of Object.entries(node.attributes))
    message(writer, 5, () => writeAttribute(writer, name, attribute));
  if (runtimeTypes.has(node.type)) text(writer, 7, runtimeDomain);
}

function writeAttribute(
  writer: BinaryWriter,
  name: string,
  attribute: OnnxAttribute,
): void {
  text(writer, 1, name);
  switch (attribute.type) {
    case "float":
      float(writer, 2, attribute.value);
      break;
    case "int":
      int(writer, 3, attribute.value);
      break;
    case "string":
      text(writer, 4, attribute.value);
      break;
    case "graph":
      message(writer, 6, () => writeGraph(writer, attribute.value));
      break;
    case "ints":
      for (const value of attribute.value) int(writer, 8, value);
      break;
    default:
      attribute satisfies never;
  }
  int(writer, 20, attributeTypes[attribute.type]);
}

function writeTensor(writer: BinaryWriter, tensor: OnnxTensor): void {
  const { data } = tensor;
  for (const extent of tensor.shape) int(writer, 1, extent);
  int(writer, 2, dataTypes[typeOf(data)]);
  text(writer, 8, tensor.name);
  raw(writer, 9, data);
}

function typeOf(data: OnnxTensor["data"]): keyof typeof dataTypes {
  if (data instanceof Float32Array) return "float";
  return data instanceof Int32Array ? "int32" : "int64";
}

/** ValueInfoProto { TypeProto { Tensor { TensorShapeProto } } } */
function writeValue(writer: BinaryWriter, value: OnnxValue): void {
  text(writer, 1, value.name);
  message(writer, 2, () =>
    message(writer, 1, () => {
      int(writer, 1, dataTypes[value.bytes ? "uint8" : "float"]);
      message(writer, 2, () => {
        for (const extent of value.shape)
          message(writer, 1, () =>
            typeof extent === "number"
              ? int(writer, 1, extent)
              : text(writer, 2, extent),
          );
      });
    }),
  );
}
