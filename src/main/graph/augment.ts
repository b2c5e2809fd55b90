/**
 * Differentiable augmentation (Zhao et al. 2020, DiffAugment) as expressions: colour, then translation, then cutout. What
 * is drawn comes in as arrays, so that equal arrays disturb real and fake images alike and gradients go through to G.
 */
import type { Shape } from "../../shared/layers";
import type { Augmentation } from "../../shared/settings/improvements";
import type { AugmentationPart } from "../../shared/step";
import type { Graph } from "./graph";
import type { Node } from "./node";

/** What was drawn for one batch, by part. */
export type Drawn = (part: AugmentationPart) => Node;

/** `[batch, pixels]` in PyTorch's order, of images of a shape `[channels, height, width]`. */
export function augment(
  graph: Graph,
  images: Node,
  shape: Shape,
  { color, translation, cutout }: Augmentation,
  drawn: Drawn,
): Node {
  const batch = images.shape[0];
  let x = graph.reshape(images, [batch, ...shape]);
  if (color) x = recolored(graph, x, drawn("color"));
  if (translation) x = moved(graph, x, drawn("rows"), drawn("columns"));
  if (cutout) x = cut(graph, x, drawn("cutRows"), drawn("cutColumns"));
  return graph.reshape(x, images.shape);
}

/** Brightness is added; saturation and contrast stretch what differs from the pixel's and from the image's mean. */
function recolored(graph: Graph, x: Node, numbers: Node): Node {
  const [batch, channels] = x.shape;
  const one = (index: number) =>
    graph.reshape(graph.slice(numbers, 1, index, index + 1), [batch, 1, 1, 1]);
  const stretched = (y: Node, axes: number[], factor: Node) => {
    const kept = y.shape.map((extent, axis) =>
      axes.includes(axis) ? 1 : extent,
    );
    const mean = graph.reshape(graph.mean(y, axes), kept);
    return graph.add(graph.multiply(graph.subtract(y, mean), factor), mean);
  };
  const bright = graph.add(x, one(0));
  const saturated = channels > 1 ? stretched(bright, [1], one(1)) : bright;
  return stretched(saturated, [1, 2, 3], one(2));
}

/** Each image between two matrices that say where its rows and its columns go. */
function moved(graph: Graph, x: Node, rows: Node, columns: Node): Node {
  const [batch, channels, height, width] = x.shape;
  const byRow = graph.reshape(graph.transpose(x, [0, 2, 1, 3]), [
    batch,
    height,
    channels * width,
  ]);
  const down = graph.reshape(graph.batchMatmul(rows, byRow), [
    batch,
    height * channels,
    width,
  ]);
  const across = graph.batchMatmul(down, columns);
  return graph.transpose(
    graph.reshape(across, [batch, height, channels, width]),
    [0, 2, 1, 3],
  );
}

/** Zeros where both vectors are 1. */
function cut(graph: Graph, x: Node, rows: Node, columns: Node): Node {
  const [batch, , height, width] = x.shape;
  const hole = graph.multiply(
    graph.reshape(rows, [batch, 1, height, 1]),
    graph.reshape(columns, [batch, 1, 1, width]),
  );
  return graph.multiply(x, graph.subtract(graph.constant(1), hole));
}
