/** What ONNX Runtime computes in another way gives what the plain operation gives. */
import { describe, expect, it } from "vitest";
import { rewriteForOnnx } from "../../../src/main/engine/onnx/tuning/rewrite";
import type { Convolution } from "../../../src/main/graph/convolution";
import { convolutionOf } from "../../../src/main/graph/convolution";
import { Graph } from "../../../src/main/graph/graph";
import type { Node, OperationKind } from "../../../src/main/graph/node";
import { Random } from "../../../src/shared/random";
import type { Shape } from "../../../src/shared/layers";
import { volume } from "../../../src/shared/layers";
import { compile } from "./evaluate";

const batch = 2;

interface Case {
  name: string;
  /** What the operation becomes in the end. */
  becomes: OperationKind;
  geometry: Convolution;
  shapes: Shape[];
  build(graph: Graph, inputs: Node[], geometry: Convolution): Node;
}

const cases: Case[] = [
  ...[2, 3].map((factor) => upsampled(factor)),
  {
    name: "a convolution to few filters",
    becomes: "spread",
    ...layer([8, 5, 5], [2, 5, 5], 3, 1, 1),
    build: (g, [x, w], c) => g.convolve(x, w, c),
  },
  {
    name: "a convolution of few channels by blocks",
    becomes: "convolve",
    ...layer([3, 6, 6], [5, 3, 3], 4, 2, 1),
    build: (g, [x, w], c) => g.convolve(x, w, c),
  },
  {
    name: "a transposed convolution to few channels by blocks",
    becomes: "reshape",
    ...transposed([3, 6, 6], [5, 3, 3], 4, 2, 1),
    build: (g, [y, w], c) => g.spread(y, w, c),
  },
  {
    name: "an optimiser's squares",
    becomes: "addScaled",
    geometry: layer([1, 1, 1], [1, 1, 1], 1, 1, 0).geometry,
    shapes: [
      [1, 1, 9],
      [1, 1, 9],
    ],
    build: (g, [gradient, slot]) =>
      g.addScaled(g.square(gradient), g.constant(0.9, [1, 1, 1]), slot),
  },
];

describe("what is rewritten for ONNX Runtime", () => {
  for (const example of cases)
    it(`stays the same: ${example.name}`, async () => {
      const plain = await evaluate(example, new Graph());
      const rewritten = await evaluate(example, new Graph(rewriteForOnnx));
      expect(rewritten.node.kind).toBe(example.becomes);
      expect(rewritten.count).not.toBe(plain.count);
      expect(rewritten.values).toHaveLength(plain.values.length);
      plain.values.forEach((value, i) => {
        expect(rewritten.values[i]).toBeCloseTo(value, 4);
      });
    });
});

async function evaluate(
  { name, shapes, build, geometry }: Case,
  graph: Graph,
): Promise<{ node: Node; count: number; values: Float32Array }> {
  const random = Random.fromSeed(3, name);
  const inputs = shapes.map((shape, i) => graph.input(`x${i}`, shape));
  const node = build(graph, inputs, geometry);
  const run = await compile(new Map([["value", node]]));
  const results = await run(
    new Map(
      shapes.map((shape, i) => {
        const data = new Float32Array(volume(shape));
        random.fillNormal(data);
        return [`x${i}`, data];
      }),
    ),
  );
  const values = results.get("value") ?? new Float32Array();
  return { node, count: countBelow(node), values };
}

function countBelow(node: Node, seen = new Set<Node>()): number {
  seen.add(node);
  for (const input of node.inputs)
    if (!seen.has(input)) countBelow(input, seen);
  return seen.size;
}

function upsampled(factor: number): Case {
  const [channels, side] = [4, 3];
  const large = side * factor;
  return {
    name: `a convolution behind an up-sampling by ${factor}`,
    becomes: "spread",
    ...layer([channels, large, large], [9, large, large], 3, 1, 1),
    shapes: [
      [batch * side, 1, side, 1, channels],
      [9, 9 * channels],
    ],
    build: (g, [x, w], c) => {
      const blocks = [batch * side, factor, side, factor, channels];
      const rows = [batch * large * large, channels];
      return g.convolve(g.reshape(g.expand(x, blocks), rows), w, c);
    },
  };
}

function layer(
  image: Shape,
  map: Shape,
  kernel: number,
  stride: number,
  padding: number,
): Pick<Case, "geometry" | "shapes"> {
  const geometry = convolutionOf(
    { kernel, stride, padding },
    batch,
    image,
    map,
  );
  const weight = [map[0], kernel * kernel * image[0]];
  return { geometry, shapes: [rowsOf(image), weight] };
}

function transposed(
  ...[image, map, kernel, stride, padding]: Parameters<typeof layer>
): Pick<Case, "geometry" | "shapes"> {
  const { geometry, shapes } = layer(image, map, kernel, stride, padding);
  return { geometry, shapes: [rowsOf(map), shapes[1]] };
}

function rowsOf([channels, height, width]: Shape): Shape {
  return [batch * height * width, channels];
}
