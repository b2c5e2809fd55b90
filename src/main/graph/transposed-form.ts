/**
 * Nearest up-sampling by f and a convolution of stride 1 after it, as one transposed convolution of stride f: the pixels
 * that up-sampling made equal are multiplied once, with the sum of their weights. For f = 2 and 3 x 3 kernels that is
 * 4/9 of the products. With f = 1 it is the plain convolution from its other side, which is faster where the result has
 * few channels.
 *
 * Along one axis, with o an output pixel and i an input pixel, up-sampling and convolving give
 * y[o] = sum over i of x[i] * sum over r < f of w[f * i + r - o + padding]; a transposed convolution with kernel
 * k' = k + f - 1 and padding k - 1 - padding gives y[o] = sum over i of x[i] * w'[o + k - 1 - padding - f * i].
 * So w'[j] = sum over r < f of w[r + k - 1 - j].
 */
import type { Shape } from "../../shared/settings/network";
import type { Convolution } from "./convolution";
import type { Graph } from "./graph";
import type { Node } from "./node";
import { spread } from "./space-to-depth";

/** A convolution layer of stride 1. */
interface Layer {
  kernel: number;
  stride: number;
  padding: number;
}

/** Whether the form pays for a convolution from `channels` to `filters` behind an up-sampling by `factor`. */
export function hasTransposedForm(
  { kernel, stride, padding }: Layer,
  factor: number,
  channels: number,
  filters: number,
): boolean {
  const pays = factor > 1 || 4 * filters <= channels;
  return pays && stride === 1 && padding < kernel;
}

/** Rows of the convolution's result. `input` and `output` are shapes of one sample, before up-sampling and after all. */
export function convolveUpsampled(
  graph: Graph,
  x: Node,
  weight: Node,
  layer: Layer,
  factor: number,
  batch: number,
  input: Shape,
  output: Shape,
): Node {
  const [channels, mapHeight, mapWidth] = input;
  const [filters, height, width] = output;
  const { kernel, padding } = layer;
  const geometry: Convolution = {
    batch,
    height,
    width,
    channels: filters,
    mapHeight,
    mapWidth,
    filters: channels,
    kernel: kernel + factor - 1,
    stride: factor,
    padding: kernel - 1 - padding,
  };
  const square = graph.reshape(weight, [filters, kernel, kernel, channels]);
  const tall = summed(graph, square, 1, factor);
  const summedWeight = summed(graph, tall, 2, factor);
  const turned = graph.transpose(summedWeight, [3, 1, 2, 0]);
  const columns = geometry.kernel * geometry.kernel * filters;
  return spread(graph, x, graph.reshape(turned, [channels, columns]), geometry);
}

/** w' from w along one axis. */
function summed(graph: Graph, weight: Node, axis: number, factor: number) {
  const kernel = weight.shape[axis];
  const parts = Array.from({ length: kernel + factor - 1 }, (_, j) => {
    const taps = Array.from({ length: factor }, (_, r) => r + kernel - 1 - j);
    return taps
      .filter((tap) => tap >= 0 && tap < kernel)
      .map((tap) => graph.slice(weight, axis, tap, tap + 1))
      .reduce((a, b) => graph.add(a, b));
  });
  return graph.concat(parts, axis);
}
