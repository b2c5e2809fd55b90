/** The objectives, from what the discriminator gives: logits for the cross-entropies, outputs as they are otherwise. */
import type { NetworkRole, Objective } from "../../shared/settings/settings";
import { criticOf } from "../../shared/step";
import type { ModelSettings } from "../engine/engine";
import type { Graph } from "./graph";
import type { Node } from "./node";

/** Of D's outputs for the two kinds of images, each alone. */
interface SeparateLosses {
  isPaired: false;
  /** Means over a batch of outputs `[batch]`, before the settings' `reduction`; real images have the target 1 - smoothing. */
  real(graph: Graph, output: Node, smoothing?: number): Node;
  fake(graph: Graph, output: Node): Node;
  generator(graph: Graph, output: Node): Node;
  score: Score;
}

/** Of D's output for a real image less that for the fake one beside it, `[batch]`. */
interface PairedLosses {
  isPaired: true;
  discriminator(graph: Graph, apart: Node): Node;
  generator(graph: Graph, apart: Node): Node;
  score: Score;
}

export type Losses = SeparateLosses | PairedLosses;

/** Mean probability, or mean output where outputs are no logits. */
type Score = (graph: Graph, output: Node) => Node;

/** -log of a sigmoid is a softplus, which never overflows. Goodfellow et al. 2014. */
const crossEntropy: SeparateLosses = {
  isPaired: false,
  real: (g, logit, smoothing = 0) =>
    g.add(
      g.mean(g.softplus(g.scale(logit, -1))),
      g.scale(g.mean(logit), smoothing),
    ),
  fake: (g, logit) => g.mean(g.softplus(logit)),
  generator: (g, logit) => g.mean(g.softplus(g.scale(logit, -1))),
  score: (g, logit) => g.mean(g.sigmoid(logit)),
};

const losses: Record<Objective["loss"], Losses> = {
  "non-saturating": crossEntropy,
  minimax: {
    ...crossEntropy,
    generator: (g, logit) => g.scale(g.mean(g.softplus(logit)), -1),
  },
  // Arjovsky et al. 2017.
  wasserstein: {
    isPaired: false,
    real: (g, output) => g.scale(g.mean(output), -1),
    fake: (g, output) => g.mean(output),
    generator: (g, output) => g.scale(g.mean(output), -1),
    score: (g, output) => g.mean(output),
  },
  // Mao et al. 2017, with targets 1 and 0.
  "least-squares": {
    isPaired: false,
    real: (g, output, smoothing = 0) =>
      g.mean(g.square(g.subtract(output, g.constant(1 - smoothing)))),
    fake: (g, output) => g.mean(g.square(output)),
    generator: (g, output) =>
      g.mean(g.square(g.subtract(output, g.constant(1)))),
    score: (g, output) => g.mean(output),
  },
  // Lim and Ye 2017.
  hinge: {
    isPaired: false,
    real: (g, output) =>
      g.mean(g.leakyRelu(g.subtract(g.constant(1), output), 0)),
    fake: (g, output) => g.mean(g.leakyRelu(g.add(output, g.constant(1)), 0)),
    generator: (g, output) => g.scale(g.mean(output), -1),
    score: (g, output) => g.mean(output),
  },
  // Jolicoeur-Martineau 2018.
  relativistic: {
    isPaired: true,
    discriminator: (g, apart) => g.mean(g.softplus(g.scale(apart, -1))),
    generator: (g, apart) => g.mean(g.softplus(apart)),
    score: (g, output) => g.mean(output),
  },
};

export function lossesOf({ loss }: Objective): Losses {
  return losses[loss];
}

/** The networks as the losses see them: a cross-entropy's discriminator ends in logits. */
export function logitNetworks(
  model: ModelSettings,
): Pick<ModelSettings, NetworkRole> {
  return { generator: model.generator, discriminator: criticOf(model) };
}
