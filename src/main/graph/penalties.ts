/**
 * Gradient penalties: losses of the gradient of D's outputs with respect to the images that it saw. The gradient is a
 * graph like any other, so that the update differentiates it once more.
 */
import type { Penalties } from "../../shared/settings/improvements";
import { gradients } from "./gradient";
import type { Graph } from "./graph";
import type { Node } from "./node";
import { isKind } from "./node";
import type { Judged } from "./passes";

/** What an update of D judged; `mixed` lies between real and fake images. */
export interface JudgedImages {
  real: Judged;
  fake: Judged;
  mixed: Judged | null;
}

/** The sum of all that are set; null where none is. */
export function penaltyOf(
  graph: Graph,
  penalties: Penalties,
  { real, fake, mixed }: JudgedImages,
): Node | null {
  const { interpolated, real: gammaReal, fake: gammaFake } = penalties;
  const parts: Node[] = [];
  // Gulrajani et al. 2017, algorithm 1.
  if (interpolated !== null && mixed) {
    const norm = graph.sqrt(
      graph.add(squaredNorms(graph, mixed), graph.constant(1e-12)),
    );
    const apart = graph.subtract(norm, graph.constant(1));
    parts.push(graph.scale(graph.mean(graph.square(apart)), interpolated));
  }
  // Mescheder et al. 2018, section 4.1: R1 and R2.
  if (gammaReal !== null) parts.push(zeroCentred(graph, real, gammaReal));
  if (gammaFake !== null) parts.push(zeroCentred(graph, fake, gammaFake));
  return parts.reduce<Node | null>(
    (sum, part) => (sum ? graph.add(sum, part) : part),
    null,
  );
}

function zeroCentred(graph: Graph, judged: Judged, gamma: number): Node {
  return graph.scale(graph.mean(squaredNorms(graph, judged)), gamma / 2);
}

/** `[batch]`: of each image's gradient. D looks at each image alone, so the gradient of the sum holds all of them. */
function squaredNorms(graph: Graph, { images, output }: Judged): Node {
  const whole = withoutReshapes(images);
  const [gradient] = gradients(graph, graph.sum(output), [whole]);
  if (!gradient) throw new Error("D's outputs do not depend on its images.");
  const rows = graph.reshape(gradient, images.shape);
  return graph.sum(graph.square(rows), [1]);
}

/** Layers may read images in another shape than `[batch, pixels]`, so it is the node before any that they depend on. */
function withoutReshapes(node: Node): Node {
  return isKind(node, "reshape") ? withoutReshapes(node.inputs[0]) : node;
}
