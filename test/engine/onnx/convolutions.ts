/** A convolution, its transpose and its weights' gradient, held to sums in float64. */
import { expect } from "vitest";
import type { Convolution } from "../../../src/main/graph/convolution";
import { Graph } from "../../../src/main/graph/graph";
import { Random } from "../../../src/shared/random";
import { compile } from "./evaluate";

/** Runs all three on ONNX Runtime; `tolerance` is the root of the mean square error, relative to the values. */
export async function expectRightConvolutions(
  c: Convolution,
  tolerance = 3e-6,
): Promise<void> {
  const random = Random.fromSeed(1, "convolutions");
  const image = draw(random, c.batch * c.height * c.width * c.channels);
  const map = draw(random, c.batch * c.mapHeight * c.mapWidth * c.filters);
  const weight = draw(random, c.filters * c.kernel ** 2 * c.channels);
  const results = await runConvolutions(c, { image, map, weight });
  const expected = reference(image, map, weight, c);
  for (const name of ["map", "image", "weight"] as const)
    expect(deviation(results.get(name), expected[name]), name).toBeLessThan(
      tolerance,
    );
}

/** `map`, `image` and `weight` as ONNX Runtime computes them. */
async function runConvolutions(
  c: Convolution,
  { image, map, weight }: Record<"image" | "map" | "weight", Float32Array>,
): Promise<Map<string, Float32Array>> {
  const graph = new Graph();
  const x = graph.input("x", [c.batch * c.height * c.width, c.channels]);
  const y = graph.input("y", [c.batch * c.mapHeight * c.mapWidth, c.filters]);
  const w = graph.input("w", [c.filters, c.kernel ** 2 * c.channels]);
  const run = await compile(
    new Map([
      ["map", graph.convolve(x, w, c)],
      ["image", graph.spread(y, w, c)],
      ["weight", graph.correlate(x, y, c)],
    ]),
  );
  return run(
    new Map([
      ["x", image],
      ["y", map],
      ["w", weight],
    ]),
  );
}

function draw(random: Random, length: number): Float32Array {
  return Float32Array.from({ length }, () => random.uniform() * 2 - 1);
}

/** Every product of the definition, added up where it belongs. */
function reference(
  image: Float32Array,
  map: Float32Array,
  weight: Float32Array,
  c: Convolution,
) {
  const sums = {
    map: new Float64Array(map.length),
    image: new Float64Array(image.length),
    weight: new Float64Array(weight.length),
  };
  const add = (pixel: number, place: number, tap: number): void => {
    for (let o = 0; o < c.filters; o++)
      for (let i = 0; i < c.channels; i++) {
        const x = pixel * c.channels + i;
        const y = place * c.filters + o;
        const w = (o * c.kernel ** 2 + tap) * c.channels + i;
        sums.map[y] += image[x] * weight[w];
        sums.image[x] += map[y] * weight[w];
        sums.weight[w] += image[x] * map[y];
      }
  };
  for (let n = 0; n < c.batch; n++)
    for (let row = 0; row < c.mapHeight; row++)
      for (let column = 0; column < c.mapWidth; column++)
        for (let tap = 0; tap < c.kernel ** 2; tap++) {
          const y = row * c.stride + Math.floor(tap / c.kernel) - c.padding;
          const x = column * c.stride + (tap % c.kernel) - c.padding;
          if (y < 0 || y >= c.height || x < 0 || x >= c.width) continue;
          const place = (n * c.mapHeight + row) * c.mapWidth + column;
          add((n * c.height + y) * c.width + x, place, tap);
        }
  return sums;
}

/** Root of the mean square error, relative to that of the values. */
function deviation(
  values: Float32Array | undefined,
  expected: Float64Array,
): number {
  expect(values).toHaveLength(expected.length);
  const error = expected.reduce(
    (sum, it, i) => sum + (it - (values?.[i] ?? NaN)) ** 2,
    0,
  );
  return Math.sqrt(error / expected.reduce((sum, it) => sum + it * it, 0));
}
