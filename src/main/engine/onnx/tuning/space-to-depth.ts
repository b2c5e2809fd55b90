/**
 * Convolutions whose kernel is a whole number of strides, on images of few channels: an image of blocks, `stride` pixels
 * a side, turns them into convolutions of stride 1 with `stride` times `stride` as many channels, because rows of one or
 * three floats are slow to gather.
 */
import type { Convolution } from "../../../graph/convolution";
import type { Graph } from "../../../graph/graph";
import type { Node } from "../../../graph/node";

/** With as many channels rows are long enough as they are. */
const manyChannels = 8;

/** A convolution of blocks; null where rows are long enough as they are. */
export function convolveBlocks(
  graph: Graph,
  { inputs: [image, weight], attributes: c }: Node<"convolve">,
): Node | null {
  if (!isBlocky(c)) return null;
  return graph.convolve(
    toBlocks(graph, image, c),
    blockWeight(graph, weight, c),
    blockwise(c),
  );
}

/** The same of a transposed convolution. */
export function spreadBlocks(
  graph: Graph,
  { inputs: [map, weight], attributes: c }: Node<"spread">,
): Node | null {
  if (!isBlocky(c)) return null;
  const blocks = graph.spread(map, blockWeight(graph, weight, c), blockwise(c));
  return fromBlocks(graph, blocks, c);
}

function isBlocky(c: Convolution): boolean {
  return (
    c.channels < manyChannels &&
    c.stride > 1 &&
    c.kernel % c.stride === 0 &&
    (c.height + 2 * c.padding) % c.stride === 0 &&
    (c.width + 2 * c.padding) % c.stride === 0
  );
}

/** The same convolution as blocks see it. */
function blockwise(c: Convolution): Convolution {
  return {
    ...c,
    height: (c.height + 2 * c.padding) / c.stride,
    width: (c.width + 2 * c.padding) / c.stride,
    channels: c.channels * c.stride * c.stride,
    kernel: c.kernel / c.stride,
    stride: 1,
    padding: 0,
  };
}

function toBlocks(graph: Graph, image: Node, c: Convolution): Node {
  const { height, width, channels } = blockwise(c);
  const pixels = graph.reshape(image, [c.batch, c.height, c.width, c.channels]);
  const margin = [0, c.padding, c.padding, 0];
  const padded = graph.pad(pixels, margin, margin);
  const cut = graph.reshape(padded, [
    c.batch * height,
    c.stride,
    width,
    c.stride * c.channels,
  ]);
  const blocks = graph.transpose(cut, [0, 2, 1, 3]);
  return graph.reshape(blocks, [c.batch * height * width, channels]);
}

function fromBlocks(graph: Graph, blocks: Node, c: Convolution): Node {
  const { height, width } = blockwise(c);
  const cut = graph.reshape(blocks, [
    c.batch * height,
    width,
    c.stride,
    c.stride * c.channels,
  ]);
  const rows = graph.transpose(cut, [0, 2, 1, 3]);
  const padded = graph.reshape(rows, [
    c.batch,
    height * c.stride,
    width * c.stride,
    c.channels,
  ]);
  const corner = [0, c.padding, c.padding, 0];
  const pixels = graph.crop(padded, corner, [
    c.batch,
    c.padding + c.height,
    c.padding + c.width,
    c.channels,
  ]);
  return graph.reshape(pixels, [c.batch * c.height * c.width, c.channels]);
}

/** Weights in the order in which a patch of blocks holds its pixels. */
function blockWeight(graph: Graph, weight: Node, c: Convolution): Node {
  const side = c.kernel / c.stride;
  const cut = graph.reshape(weight, [
    c.filters,
    side,
    c.stride,
    side,
    c.stride * c.channels,
  ]);
  return graph.reshape(graph.transpose(cut, [0, 1, 3, 2, 4]), weight.shape);
}
