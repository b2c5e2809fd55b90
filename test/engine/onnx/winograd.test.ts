/** Convolutions by Winograd's filtering, against sums in float64. */
import { describe, expect, test } from "vitest";
import type { Convolution } from "../../../src/main/graph/convolution";
import { Graph } from "../../../src/main/graph/graph";
import { lower } from "../../../src/main/engine/onnx/lower";
import {
  tilingOf,
  transformsOf,
  type Matrix,
} from "../../../src/main/engine/onnx/tuning/winograd";
import { Random } from "../../../src/shared/random";
import { expectRightConvolutions } from "./convolutions";

const dcgan: Convolution = {
  batch: 3,
  height: 16,
  width: 24,
  channels: 16,
  mapHeight: 8,
  mapWidth: 12,
  filters: 20,
  kernel: 4,
  stride: 2,
  padding: 1,
};

const cases: [string, Convolution, tile: number][] = [
  ["tiles of four", dcgan, 4],
  [
    "tiles of two",
    { ...dcgan, batch: 3, height: 12, width: 20, mapHeight: 6, mapWidth: 10 },
    2,
  ],
  [
    "a map that is one tile",
    { ...dcgan, batch: 17, height: 8, width: 8, mapHeight: 4, mapWidth: 4 },
    4,
  ],
  ["no padding", { ...dcgan, height: 18, width: 26, padding: 0 }, 4],
  [
    "a stride of one",
    { ...dcgan, height: 9, width: 13, kernel: 2, stride: 1, padding: 0 },
    4,
  ],
  [
    "chunks of unequal size",
    { ...dcgan, batch: 23, channels: 256, filters: 16, width: 16, mapWidth: 8 },
    4,
  ],
];

describe.each(cases)("with %s", (_, c, tile) => {
  test("the way is Winograd's", () => {
    expect(tilingOf(c)?.tile).toBe(tile);
  });

  test("a convolution, its transpose and its weights' gradient are right", async () => {
    await expectRightConvolutions(c);
  });
});

test.each([2, 4])("tiles of %i are exact filters of two taps", (tile) => {
  const { data, weight, output } = transformsOf(tile);
  const random = Random.fromSeed(2, "filter");
  const d = Array.from({ length: tile + 1 }, () => random.uniform());
  const g = [random.uniform(), random.uniform()];
  const u = times(weight, g);
  const products = times(data, d).map((v, i) => v * u[i]);
  const expected = d.slice(1).map((next, i) => d[i] * g[0] + next * g[1]);
  times(output, products).forEach((value, i) =>
    expect(value).toBeCloseTo(expected[i], 12),
  );
});

describe("plain products are taken", () => {
  test.each<[string, Partial<Convolution>]>([
    ["for kernels that are not two strides wide", { kernel: 3 }],
    ["for maps of odd size", { height: 14, mapHeight: 7 }],
    ["where padding leaves half a block", { height: 17 }],
    ["for images of few channels", { channels: 15 }],
    ["for few filters", { filters: 12 }],
    ["for maps wider than there are filters", { width: 48, mapWidth: 24 }],
    ["for few tiles", { batch: 2 }],
  ])("%s", (_, changes) => {
    expect(tilingOf(dcgan)).not.toBeNull();
    expect(tilingOf({ ...dcgan, ...changes })).toBeNull();
  });

  test("in the graph as well", () => {
    const types = (c: Convolution) => {
      const graph = new Graph();
      const x = graph.input("x", [c.batch * c.height * c.width, c.channels]);
      const w = graph.input("w", [c.filters, c.kernel ** 2 * c.channels]);
      const outputs = new Map([["y", graph.convolve(x, w, c)]]);
      return lower(outputs, (name) => name).nodes.map(({ type }) => type);
    };
    expect(types(dcgan)).toContain("MatMul");
    expect(types({ ...dcgan, batch: 2 })).not.toContain("MatMul");
  });
});

function times(matrix: Matrix, vector: readonly number[]): number[] {
  return matrix.map((row) =>
    row.reduce((sum, value, i) => sum + value * vector[i], 0),
  );
}
