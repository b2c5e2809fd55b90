/** The losses that extractors are trained by, against PyTorch (test/reference/quality.py). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { losses } from "../../src/main/graph/fit";
import { gradients } from "../../src/main/graph/gradient";
import { Graph } from "../../src/main/graph/graph";
import { compile } from "../engine/onnx/evaluate";
import { rowsOf } from "./rows";

const numbers = z.array(z.number());
const { fits } = z
  .object({
    fits: z.object({
      classes: numbers,
      crossEntropy: z.number(),
      crossEntropyGradient: numbers,
      squaredError: z.number(),
      squaredErrorGradient: numbers,
    }),
  })
  .parse(
    JSON.parse(
      readFileSync(
        join(import.meta.dirname, "../fixtures/quality/measures.json"),
        "utf8",
      ),
    ),
  );

it.each([
  {
    loss: "cross-entropy" as const,
    output: rowsOf(6, 5, 21, { scale: 4 }),
    targets: Float32Array.from({ length: 30 }, (_, i) =>
      fits.classes[Math.floor(i / 5)] === i % 5 ? 1 : 0,
    ),
    value: fits.crossEntropy,
    gradient: fits.crossEntropyGradient,
  },
  {
    loss: "squared-error" as const,
    output: rowsOf(4, 7, 22),
    targets: Float32Array.from(rowsOf(4, 7, 23).values),
    value: fits.squaredError,
    gradient: fits.squaredErrorGradient,
  },
])("$loss is PyTorch's", async ({ loss, output, targets, value, gradient }) => {
  const graph = new Graph();
  const shape = [output.count, output.width];
  const x = graph.input("x", shape);
  const node = losses[loss](graph, x, graph.input("targets", shape));
  const [dx] = gradients(graph, node, [x]);
  if (!dx) throw new Error("No gradient arrived.");
  const run = await compile(
    new Map([
      ["value", node],
      ["dx", dx],
    ]),
  );
  const found = await run(
    new Map([
      ["x", Float32Array.from(output.values)],
      ["targets", targets],
    ]),
  );
  expect(found.get("value")?.[0]).toBeCloseTo(value, 5);
  gradient.forEach((expected, i) => {
    expect(found.get("dx")?.[i]).toBeCloseTo(expected, 6);
  });
});
