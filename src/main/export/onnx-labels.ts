/** Layers that read the class of each sample, as ONNX operators on rows of labels. */
import type { LabelLayer, Shape } from "../../shared/layers";
import { int } from "./onnx-graph";
import type { OnnxBuilder } from "./onnx-graph";

/** The second input of such a network, `[batch, classes]`: one-hot rows, or rows between classes. */
export const labelsName = "labels";

/** Gives the name of what the layer makes of `value`, whose shape is `[batch, ...input]`. */
export function labelOperators(
  graph: OnnxBuilder,
  layer: LabelLayer,
  index: number,
  value: string,
  input: Shape,
): string {
  const part = new LayerPart(graph, index, input);
  switch (layer.type) {
    case "labelConcat":
      return part.concat(value, part.spread(labelsName, layer.classes));
    case "labelEmbedding": {
      const own = part.rowsOf(`${layer.name}.weight`);
      return part.concat(value, part.spread(own, layer.size));
    }
    case "classNorm":
      return part.classNorm(layer, value);
    case "projection":
      return part.projection(layer, value);
    default:
      return layer satisfies never;
  }
}

class LayerPart {
  constructor(
    private readonly graph: OnnxBuilder,
    private readonly index: number,
    private readonly input: Shape,
  ) {}

  /** The row of a table for each label. */
  rowsOf(table: string): string {
    const inputs = [labelsName, this.graph.weight(table)];
    return this.graph.node("MatMul", inputs, this.name(`rows.${table}`));
  }

  /** `[batch, size, height, width]` of a row each; a flat layer takes the rows themselves. */
  spread(rows: string, size: number): string {
    const [, ...extents] = this.input;
    if (extents.length === 0) return rows;
    const apart = this.apart(rows, size);
    const shape = this.numbers("spread", [1, size, ...extents]);
    return this.graph.node("Expand", [apart, shape], this.name("labels"));
  }

  concat(value: string, own: string): string {
    const axis = { axis: int(1) };
    return this.graph.node("Concat", [value, own], this.output(), axis);
  }

  /** Normalised without a gain and a bias, which follow by class. */
  classNorm({ name, eps }: { name: string; eps: number }, value: string) {
    const { graph, index } = this;
    const [channels] = this.input;
    const filled = (tensor: string, data: Float32Array) =>
      graph.constant(index, { name: tensor, shape: [channels], data });
    const normalized = graph.node(
      "BatchNormalization",
      [
        value,
        filled("ones", new Float32Array(channels).fill(1)),
        filled("zeros", new Float32Array(channels)),
        graph.weight(`${name}.running_mean`),
        graph.weight(`${name}.running_var`),
      ],
      this.name("normalized"),
      { epsilon: { type: "float", value: eps } },
    );
    const [gain, bias] = ["weight", "bias"].map((table) => {
      const rows = this.rowsOf(`${name}.${table}`);
      return this.input.length === 1 ? rows : this.apart(rows, channels);
    });
    const scaled = graph.node("Mul", [normalized, gain], this.name("scaled"));
    return graph.node("Add", [scaled, bias], this.output());
  }

  projection({ name }: { name: string }, value: string): string {
    const { graph } = this;
    const axes = this.numbers("pixels", [2, 3]);
    const features =
      this.input.length === 1
        ? value
        : graph.node("ReduceSum", [value, axes], this.name("features"), {
            keepdims: int(0),
          });
    const linear = graph.node(
      "Gemm",
      [features, graph.weight(`${name}.weight`), graph.weight(`${name}.bias`)],
      this.name("linear"),
      { transB: int(1) },
    );
    const own = this.rowsOf(`${name}.embedding`);
    const products = graph.node("Mul", [features, own], this.name("products"));
    const likeness = graph.node(
      "ReduceSum",
      [products, this.numbers("sum", [1])],
      this.name("likeness"),
      { keepdims: int(1) },
    );
    return graph.node("Add", [linear, likeness], this.output());
  }

  /** Rows as one pixel of many channels. */
  private apart(rows: string, size: number): string {
    const shape = this.numbers("apart", [-1, size, 1, 1]);
    return this.graph.node("Reshape", [rows, shape], `${rows}.apart`);
  }

  private numbers(name: string, values: readonly number[]): string {
    const data = BigInt64Array.from(values, BigInt);
    return this.graph.constant(this.index, {
      name,
      shape: [values.length],
      data,
    });
  }

  private name(part: string): string {
    return `layer.${this.index}.${part}`;
  }

  private output(): string {
    return `layer.${this.index}`;
  }
}
