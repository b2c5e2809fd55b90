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
import type { Convolution } from "../../../graph/convolution";
import type { Graph } from "../../../graph/graph";
import type { Node } from "../../../graph/node";
import { isKind } from "../../../graph/node";

/** The transposed convolution that gives what `node` gives; null where it would not pay. */
export function transposedForm(
  graph: Graph,
  { inputs: [image, weight], attributes: c }: Node<"convolve">,
): Node | null {
  const { source, factor } = beforeUpsampling(graph, image, c);
  return pays(c, factor) ? spreadFrom(graph, source, weight, c, factor) : null;
}

/** Slices that summing the weights takes, at most: large factors in front of large kernels are left as they are. */
const mostSlices = 256;

/**
 * The form multiplies every input pixel with the whole kernel, also where that leaves the result: with little padding and
 * a kernel as large as the image, almost everywhere.
 */
function pays(c: Convolution, factor: number): boolean {
  const { kernel, stride, padding, channels, filters } = c;
  const isWorthwhile = factor > 1 || 4 * filters <= channels;
  const side = kernel + factor - 1;
  const products = ((c.height * c.width) / factor ** 2) * side ** 2;
  const plain = c.mapHeight * c.mapWidth * kernel ** 2;
  return (
    isWorthwhile &&
    stride === 1 &&
    padding < kernel &&
    products <= 2 * plain &&
    side * factor <= mostSlices
  );
}

/** What the rows of an image were before up-sampling, and its factor; as they are and 1 where nothing repeated them. */
function beforeUpsampling(
  graph: Graph,
  image: Node,
  { batch, height, width, channels }: Convolution,
): { source: Node; factor: number } {
  const [repeated] = image.inputs;
  const plain = { source: image, factor: 1 };
  if (!isKind(image, "reshape") || !isKind(repeated, "expand")) return plain;
  const [pixels] = repeated.inputs;
  const factor = repeated.shape[1];
  const [rows, columns] = [(batch * height) / factor, width / factor];
  const blocks = [rows, factor, columns, factor, channels];
  const isUpsampled =
    pixels.shape.join() === [rows, 1, columns, 1, channels].join() &&
    repeated.shape.join() === blocks.join();
  if (!isUpsampled) return plain;
  return { source: graph.reshape(pixels, [rows * columns, channels]), factor };
}

function spreadFrom(
  graph: Graph,
  source: Node,
  weight: Node,
  c: Convolution,
  factor: number,
): Node {
  const { kernel, channels, filters } = c;
  const geometry: Convolution = {
    batch: c.batch,
    height: c.mapHeight,
    width: c.mapWidth,
    channels: filters,
    mapHeight: c.height / factor,
    mapWidth: c.width / factor,
    filters: channels,
    kernel: kernel + factor - 1,
    stride: factor,
    padding: kernel - 1 - c.padding,
  };
  const square = graph.reshape(weight, [filters, kernel, kernel, channels]);
  const tall = summed(graph, square, 1, factor);
  const summedWeight = summed(graph, tall, 2, factor);
  const turned = graph.transpose(summedWeight, [3, 1, 2, 0]);
  const columns = geometry.kernel * geometry.kernel * filters;
  const rows = graph.reshape(turned, [channels, columns]);
  return graph.spread(source, rows, geometry);
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
