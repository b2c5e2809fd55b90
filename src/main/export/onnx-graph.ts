/** Collects the nodes and weights of an ONNX graph, each weight once. */
import type { Tensor } from "../engine/engine";
import type { OnnxAttribute, OnnxNode, OnnxTensor } from "../engine/onnx/model";
import { tensorOf } from "./weights";

export class OnnxBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly initializers = new Map<string, OnnxTensor>();

  constructor(private readonly weights: ReadonlyMap<string, Tensor>) {}

  /** Gives the name of the output. */
  node(
    type: string,
    inputs: readonly string[],
    output: string,
    attributes: Record<string, OnnxAttribute> = {},
  ): string {
    this.nodes.push({ type, inputs, outputs: [output], attributes });
    return output;
  }

  weight(name: string): string {
    const { shape, data } = tensorOf(this.weights, name);
    this.initializers.set(name, { name, shape, data });
    return name;
  }

  /** Of the layer with this index. */
  constant(index: number, tensor: OnnxTensor): string {
    const name = `${index}.${tensor.name}`;
    this.initializers.set(name, { ...tensor, name });
    return name;
  }
}

export const int = (value: number): OnnxAttribute => ({ type: "int", value });
