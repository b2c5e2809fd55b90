/** The algebra that keeps batch normalisation's gradient cheap. */
import { describe, expect, it } from "vitest";
import { Graph } from "../../src/main/graph/graph";
import { valueOf } from "../../src/main/graph/simplify";

function matrixAndRow() {
  const graph = new Graph();
  return {
    graph,
    x: graph.input("x", [8, 3]),
    row: graph.input("row", [3]),
  };
}

describe("a graph", () => {
  it("makes equal expressions one node", () => {
    const { graph, x, row } = matrixAndRow();
    expect(graph.add(graph.tanh(x), row)).toBe(graph.add(graph.tanh(x), row));
  });

  it("knows that the columns of what had its mean taken off sum to zero", () => {
    const { graph, x, row } = matrixAndRow();
    const centered = graph.subtract(x, graph.mean(x, [0]));
    const scaled = graph.multiply(centered, row);
    expect(valueOf(graph.sum(scaled, [0]))).toBe(0);
  });

  it("multiplies rows with each other before it multiplies a matrix", () => {
    const { graph, x, row } = matrixAndRow();
    const other = graph.input("other", [3]);
    const product = graph.multiply(graph.multiply(x, row), other);
    expect(product.inputs).toEqual([x, graph.multiply(row, other)]);
  });

  it("broadcasts instead of repeating", () => {
    const { graph, x } = matrixAndRow();
    const row = graph.input("long row", [1, 3]);
    expect(graph.multiply(x, graph.expand(row, [8, 3]))).toBe(
      graph.multiply(x, row),
    );
  });

  it("takes two batches' weight gradients as one product", () => {
    const { graph, x } = matrixAndRow();
    const y = graph.input("y", [8, 3]);
    const transposed = { transposeA: true };
    const sum = graph.add(
      graph.matmul(x, x, transposed),
      graph.matmul(y, x, transposed),
    );
    expect(sum).toBe(
      graph.matmul(graph.concat([x, y]), graph.concat([x, x]), transposed),
    );
  });

  it("refuses shapes that do not fit, naming them", () => {
    const { graph, x } = matrixAndRow();
    expect(() => graph.matmul(x, x)).toThrow(
      "matmul cannot make [8, 3] of [8, 3] and [8, 3].",
    );
  });
});
