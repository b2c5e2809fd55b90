/**
 * Supervised learning with the same pair of networks: images go through D's network, its outputs through G's, and the
 * result is held against targets. So a classifier, or an autoencoder, is trained by what trains a GAN.
 */
import { volume } from "../../shared/layers";
import { outputOf } from "../../shared/settings/network";
import { descend } from "./descent";
import type { Graph } from "./graph";
import { forward } from "./network";
import type { Node } from "./node";
import { networkRoles } from "./parameters";
import type { StepFeeds, StepParts } from "./passes";
import { scalarName } from "./scalars";

/** As `CrossEntropyLoss` (of probabilities) and `MSELoss` in PyTorch: means over the batch, and over all values. */
export type FitLoss = "cross-entropy" | "squared-error";

/** The inputs' names. */
export const fitInputs = { images: "fit.images", targets: "fit.targets" };

export type FitParts = Pick<StepParts, "graph" | "layout" | "model" | "state">;

/** One step of both networks; gives the loss `[1]`. Batch normalisation uses the batch's statistics, nothing is dropped. */
export function fitStep(parts: FitParts, batch: number, loss: FitLoss): Node {
  const { graph, model } = parts;
  const { discriminator, generator } = model;
  const images = graph.input(fitInputs.images, [batch, ...discriminator.input]);
  const size = volume(outputOf(generator));
  const targets = graph.input(fitInputs.targets, [batch, size]);
  const features = pass(parts, "discriminator", images);
  const made = pass(parts, "generator", features);
  const value = losses[loss](graph, made, targets);
  const feeds: StepFeeds = {
    array: (name, shape) => graph.input(name, shape),
    scalar: (role, scalar) => graph.input(scalarName(role, scalar), [1, 1, 1]),
  };
  for (const role of networkRoles) descend({ ...parts, feeds }, role, value);
  return graph.reshape(value, [1]);
}

type Loss = (graph: Graph, output: Node, targets: Node) => Node;

/** Outputs and targets are `[batch, size]`. */
export const losses: Record<FitLoss, Loss> = {
  "cross-entropy": (g, logits, targets) =>
    g.scale(
      g.sum(g.multiply(g.logSoftmax(logits), targets)),
      -1 / logits.shape[0],
    ),
  "squared-error": (g, output, targets) =>
    g.mean(g.square(g.subtract(output, targets))),
};

function pass(
  { model, graph, state }: FitParts,
  role: "generator" | "discriminator",
  input: Node,
): Node {
  const result = forward(model[role], input, {
    graph,
    batch: input.shape[0],
    labels: null,
    statistics: "batch",
    parameter: (layer, kind) => state.layerParameter(role, layer, kind),
    running: (layer) => state.running(role, layer),
    mask: () => null,
  });
  state.keepRunning(role, result);
  return result.output;
}
