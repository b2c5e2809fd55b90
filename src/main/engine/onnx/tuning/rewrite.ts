/** What ONNX Runtime's processor backend computes faster in another way, node by node. */
import type { Graph } from "../../../graph/graph";
import type { Node } from "../../../graph/node";
import { isKind } from "../../../graph/node";
import { valueOf } from "../../../graph/simplify";
import { convolveBlocks, spreadBlocks } from "./space-to-depth";
import { transposedForm } from "./transposed-form";

/** For a `Graph` that is lowered to ONNX for the processor. */
export function rewriteForOnnx(graph: Graph, node: Node): Node | null {
  if (isKind(node, "convolve"))
    return transposedForm(graph, node) ?? convolveBlocks(graph, node);
  if (isKind(node, "spread")) return spreadBlocks(graph, node);
  if (isKind(node, "addScaled")) return addToSquares(graph, node);
  return null;
}

/** For a `Graph` that is lowered to ONNX for a GPU, which has no caches of rows to feed. */
export function rewriteForGpu(graph: Graph, node: Node): Node | null {
  return isKind(node, "convolve") ? transposedForm(graph, node) : null;
}

/** Onto an optimiser's squares only after their sum for the gradient's norm was taken: then the result takes their place. */
function addToSquares(
  graph: Graph,
  { inputs: [y, factor, x] }: Node<"addScaled">,
): Node | null {
  const value = valueOf(factor);
  if (value === null || !isSquare(y)) return null;
  return graph.addScaled(y, graph.after(graph.sum(y), value), x);
}

function isSquare(node: Node): boolean {
  return isKind(node, "multiply") && node.inputs[0] === node.inputs[1];
}
