/** Convolutions that are taken by kernel rows, against sums in float64. */
import { describe, expect, test } from "vitest";
import type { Convolution } from "../../../src/main/graph/convolution";
import { isLargeKernel } from "../../../src/main/engine/onnx/lower-large-kernel";
import { Graph } from "../../../src/main/graph/graph";
import { lower } from "../../../src/main/engine/onnx/lower";
import { expectRightConvolutions } from "./convolutions";

const cases: [string, Convolution][] = [
  ["a padded middle kernel", square(2, 9, 3, 7, 1, 3, 4)],
  ["a kernel as large as the image, not padded", square(2, 8, 2, 8, 1, 0, 3)],
  ["a kernel larger than the image", square(3, 5, 2, 9, 1, 4, 2)],
  ["a stride that divides the kernel", square(2, 14, 2, 12, 2, 5, 3)],
  ["a stride that divides nothing", square(2, 17, 3, 19, 3, 7, 2)],
  ["many more channels than filters", square(2, 12, 9, 7, 1, 2, 1)],
  ["many more channels and a wide margin", square(2, 9, 9, 8, 1, 7, 2)],
  ["a map of few pixels", square(2, 12, 3, 11, 1, 1, 4)],
  ["a map of few pixels, in strides", square(2, 22, 3, 18, 2, 0, 4)],
  ["rows that no patch reaches", square(2, 19, 2, 13, 2, 1, 2)],
];

describe.each(cases)("with %s", (_, c) => {
  test("a convolution, its transpose and its weights' gradient are right", async () => {
    expect(isLargeKernel(c)).toBe(true);
    await expectRightConvolutions(c, 1e-5);
  });
});

test("a kernel of few places that reach a pixel is gathered", () => {
  expect(isLargeKernel(square(8, 32, 16, 5, 1, 2, 16))).toBe(false);
  expect(isLargeKernel(square(8, 64, 3, 8, 2, 3, 16))).toBe(false);
});

test("the number of nodes grows with a kernel's side", () => {
  expect(nodes(15)).toBeLessThan(12 * 15);
  expect(nodes(30)).toBeLessThan(2 * 12 * 30);
});

function nodes(kernel: number): number {
  const c = square(64, 32, 5, kernel, 1, Math.floor(kernel / 2), 5);
  const graph = new Graph();
  const y = graph.input("y", [c.batch * c.mapHeight * c.mapWidth, c.filters]);
  const w = graph.input("w", [c.filters, c.kernel ** 2 * c.channels]);
  const outputs = new Map([["image", graph.spread(y, w, c)]]);
  return lower(outputs, (name) => name).nodes.length;
}

/** Of square images. */
function square(
  batch: number,
  height: number,
  channels: number,
  kernel: number,
  stride: number,
  padding: number,
  filters: number,
): Convolution {
  const map = Math.floor((height + 2 * padding - kernel) / stride) + 1;
  return {
    batch,
    height,
    width: height,
    channels,
    mapHeight: map,
    mapWidth: map,
    filters,
    kernel,
    stride,
    padding,
  };
}
