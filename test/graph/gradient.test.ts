/** Every rule of the derivative table against finite differences of what ONNX Runtime computes. */
import { describe, expect, it } from "vitest";
import type { Convolution } from "../../src/main/graph/convolution";
import { gradients } from "../../src/main/graph/gradient";
import type { Node, OperationKind } from "../../src/main/graph/node";
import { Graph } from "../../src/main/graph/graph";
import { Random } from "../../src/shared/random";
import { volume } from "../../src/shared/layers";
import { rewriteForOnnx } from "../../src/main/engine/onnx/tuning/rewrite";
import { compile } from "../engine/onnx/evaluate";

interface Case {
  name: string;
  shapes: number[][];
  build(graph: Graph, inputs: Node[]): Node;
}

const strided: Convolution = {
  batch: 2,
  height: 5,
  width: 4,
  channels: 2,
  mapHeight: 3,
  mapWidth: 2,
  filters: 3,
  kernel: 3,
  stride: 2,
  padding: 1,
};
const image = [2 * 5 * 4, 2];
const map = [2 * 3 * 2, 3];
const weight = [3, 3 * 3 * 2];

/** One function at least for every operation: a missing one does not compile. */
const cases: Record<OperationKind, Case[]> = {
  input: [one("itself", [3], (_, x) => x)],
  // Of bytes, which nothing is differentiated by.
  floats: [],
  constant: [one("a sum with one", [3], (g, x) => g.add(x, g.constant(2)))],
  add: [
    two("equal shapes", [2, 3], [2, 3], (g, x, y) => g.add(x, y)),
    two("a row", [2, 3], [3], (g, x, y) => g.add(x, y)),
  ],
  subtract: [
    two("a column", [2, 3], [2, 1], (g, x, y) => g.subtract(x, y)),
    two("a scalar less a matrix", [], [2, 3], (g, x, y) => g.subtract(x, y)),
  ],
  multiply: [
    two("equal shapes", [2, 3], [2, 3], (g, x, y) => g.multiply(x, y)),
    two("a row", [4, 3], [3], (g, x, y) => g.multiply(x, y)),
    one("a square", [4], (g, x) => g.square(x)),
  ],
  divide: [
    two("by a row", [4, 3], [3], (g, x, y) =>
      g.divide(x, g.add(g.square(y), g.constant(1))),
    ),
  ],
  addScaled: [
    {
      name: "rows",
      shapes: [
        [1, 1, 4],
        [1, 1, 1],
        [1, 1, 4],
      ],
      build: (g, [y, factor, x]) => g.addScaled(y, factor, x),
    },
  ],
  exp: [one("elements", [5], (g, x) => g.exp(x))],
  sqrt: [
    one("elements", [5], (g, x) => g.sqrt(g.add(g.square(x), g.constant(0.5)))),
  ],
  tanh: [one("elements", [5], (g, x) => g.tanh(x))],
  sigmoid: [one("elements", [5], (g, x) => g.sigmoid(x))],
  softplus: [one("elements", [5], (g, x) => g.softplus(x))],
  logSoftmax: [one("rows", [3, 4], (g, x) => g.logSoftmax(x))],
  leakyRelu: [
    one("a slope of 0.2", [8], (g, x) => g.leakyRelu(x, 0.2)),
    one("ReLU", [8], (g, x) => g.leakyRelu(x, 0)),
  ],
  slope: [one("beside x", [8], (g, x) => g.multiply(g.slope(x, 0.2), x))],
  clip: [one("elements", [8], (g, x) => g.clip(x, 0.5))],
  after: [
    one("beside x", [1, 1, 8], (g, x) =>
      g.addScaled(x, g.after(g.sum(x), 0.7), x),
    ),
  ],
  sum: [
    one("of columns", [6, 3], (g, x) => g.square(g.sum(x, [0]))),
    one("of tall columns", [2048, 1], (g, x) => g.square(g.sum(x, [0]))),
    one("of everything", [2, 3], (g, x) => g.square(g.sum(x))),
    one("after batch normalisation", [6, 3], normalize),
  ],
  expand: [
    one("an axis of one", [2, 1, 3], (g, x) =>
      g.square(g.expand(x, [2, 4, 3])),
    ),
  ],
  reshape: [one("a matrix", [2, 6], (g, x) => g.reshape(x, [3, 4]))],
  transpose: [
    one("three axes", [2, 3, 4], (g, x) => g.transpose(x, [2, 0, 1])),
  ],
  concat: [two("columns", [2, 3], [2, 1], (g, x, y) => g.concat([x, y], 1))],
  slice: [
    one("the middle", [5, 2], (g, x) => g.square(g.slice(x, 0, 1, 3))),
    one("one end", [2, 5], (g, x) => g.square(g.slice(x, 1, 3, 5))),
  ],
  pad: [one("two axes", [2, 3], (g, x) => g.square(g.pad(x, [1, 0], [0, 2])))],
  matmul: [
    product([3, 4], [4, 2], false, false),
    product([4, 3], [4, 2], true, false),
    product([3, 4], [2, 4], false, true),
    product([4, 3], [2, 4], true, true),
  ],
  batchMatmul: [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ].map(([transposeA, transposeB]) =>
    two(
      `${transposeA} ${transposeB}`,
      transposeA ? [2, 4, 3] : [2, 3, 4],
      transposeB ? [2, 2, 4] : [2, 4, 2],
      (g, x, y) => g.square(g.batchMatmul(x, y, { transposeA, transposeB })),
    ),
  ),
  convolve: [
    two("stride 2", image, weight, (g, x, w) => g.convolve(x, w, strided)),
    two("by blocks", [2 * 16, 2], [3, 32], (g, x, w) =>
      g.convolve(x, w, blocky),
    ),
    two("the whole image", [2 * 9, 2], [3, 18], (g, x, w) =>
      g.convolve(x, w, whole),
    ),
  ],
  spread: [
    two("stride 2", map, weight, (g, y, w) => g.spread(y, w, strided)),
    two("by blocks", [2 * 4, 3], [3, 32], (g, y, w) => g.spread(y, w, blocky)),
    two("to the whole image", [2, 3], [3, 18], (g, y, w) =>
      g.spread(y, w, whole),
    ),
  ],
  correlate: [
    two("stride 2", image, map, (g, x, y) => g.correlate(x, y, strided)),
    two("the whole image", [2 * 9, 2], [2, 3], (g, x, y) =>
      g.correlate(x, y, whole),
    ),
  ],
};

const blocky: Convolution = {
  ...strided,
  height: 4,
  width: 4,
  mapHeight: 2,
  mapWidth: 2,
  kernel: 4,
};

const whole: Convolution = {
  ...strided,
  height: 3,
  width: 3,
  mapHeight: 1,
  mapWidth: 1,
  stride: 1,
  padding: 0,
};

describe("the gradient of", () => {
  for (const [kind, list] of Object.entries(cases))
    for (const example of list)
      it(`${kind}: ${example.name}`, async () => {
        await expectFiniteDifferences(example, new Graph());
        await expectFiniteDifferences(example, new Graph(rewriteForOnnx));
      });

  it("what does not depend on a parameter is null", () => {
    const graph = new Graph();
    const [x, y] = ["x", "y"].map((name) => graph.input(name, [3]));
    expect(gradients(graph, graph.sum(x), [y])).toEqual([null]);
  });

  it("what is detached is null", () => {
    const graph = new Graph();
    const x = graph.input("x", [3]);
    const squared = graph.square(x);
    const scalar = graph.sum(graph.exp(squared));
    expect(gradients(graph, scalar, [x], new Set([squared]))).toEqual([null]);
  });
});

async function expectFiniteDifferences(
  example: Case,
  graph: Graph,
): Promise<void> {
  const random = Random.fromSeed(7, example.name);
  const inputs = example.shapes.map((shape, i) => graph.input(`x${i}`, shape));
  const output = example.build(graph, inputs);
  // A sum with uneven weights, so that no two elements can hide each other's mistakes.
  const weights = graph.input("weights", output.shape);
  const scalar = graph.sum(graph.multiply(output, weights));
  const values = new Map(
    [...inputs, weights].map((node, i) => [
      i < inputs.length ? `x${i}` : "weights",
      draw(random, volume(node.shape)),
    ]),
  );
  const found = gradients(graph, scalar, inputs);
  const outputs = new Map([["scalar", scalar]]);
  found.forEach((gradient, i) => {
    expect(gradient?.shape).toEqual(example.shapes[i]);
    if (gradient) outputs.set(`gradient${i}`, gradient);
  });
  const run = await compile(outputs);
  const exact = await run(values);
  for (let i = 0; i < inputs.length; i++) {
    const gradient = exact.get(`gradient${i}`) ?? [];
    for (const place of places(gradient.length)) {
      const difference = await slopeAt(run, values, `x${i}`, place);
      const allowed = 3e-3 * Math.max(1, Math.abs(difference));
      expect(Math.abs(gradient[place] - difference)).toBeLessThan(allowed);
    }
  }
}

type Run = Awaited<ReturnType<typeof compile>>;

/** The central difference of `scalar` in one element. */
async function slopeAt(
  run: Run,
  values: ReadonlyMap<string, Float32Array>,
  name: string,
  place: number,
): Promise<number> {
  const step = 2 ** -7;
  const at = async (offset: number): Promise<number> => {
    const moved = (values.get(name) ?? new Float32Array()).slice();
    moved[place] += offset;
    const results = await run(new Map([...values, [name, moved]]));
    return results.get("scalar")?.[0] ?? NaN;
  };
  return ((await at(step)) - (await at(-step))) / (2 * step);
}

/** All elements of a small tensor, some of a large one. */
function places(count: number): number[] {
  const stride = Math.ceil(count / 40);
  return Array.from(
    { length: Math.ceil(count / stride) },
    (_, i) => i * stride,
  );
}

/** Normal, but away from 0 and from ±0.5, where functions here have kinks. */
function draw(random: Random, count: number): Float32Array {
  const isNearKink = (x: number): boolean =>
    [0, 0.5].some((kink) => Math.abs(Math.abs(x) - kink) < 0.03);
  return Float32Array.from({ length: count }, () => {
    for (;;) {
      const x = random.normal();
      if (!isNearKink(x)) return x;
    }
  });
}

function one(
  name: string,
  shape: number[],
  build: (graph: Graph, x: Node) => Node,
): Case {
  return { name, shapes: [shape], build: (g, [x]) => build(g, x) };
}

function two(
  name: string,
  a: number[],
  b: number[],
  build: (graph: Graph, a: Node, b: Node) => Node,
): Case {
  return { name, shapes: [a, b], build: (g, [x, y]) => build(g, x, y) };
}

function product(
  a: number[],
  b: number[],
  transposeA: boolean,
  transposeB: boolean,
): Case {
  const name = `${transposeA ? "a transposed" : "a"} by ${transposeB ? "b transposed" : "b"}`;
  return two(name, a, b, (g, x, y) =>
    g.matmul(x, y, { transposeA, transposeB }),
  );
}

function normalize(graph: Graph, x: Node): Node {
  const centered = graph.subtract(x, graph.mean(x, [0]));
  const variance = graph.mean(graph.square(centered), [0]);
  return graph.divide(
    centered,
    graph.sqrt(graph.add(variance, graph.constant(0.1))),
  );
}
