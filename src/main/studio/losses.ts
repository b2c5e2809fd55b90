/** Both losses of a batch in plain numbers, from D's logits. The engines build the same as graphs, with gradients. */
import type { NetworkRole, Objective } from "../../shared/settings/settings";

type Loss = (output: number) => number;

interface Losses {
  real: Loss;
  fake: Loss;
  generator: Loss;
}

/** -log of a sigmoid is a softplus, which never overflows. */
const softplus: Loss = (x) =>
  Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const losses: Record<Objective["loss"], Losses> = {
  "non-saturating": {
    real: (x) => softplus(-x),
    fake: softplus,
    generator: (x) => softplus(-x),
  },
  minimax: {
    real: (x) => softplus(-x),
    fake: softplus,
    generator: (x) => -softplus(x),
  },
  wasserstein: { real: (x) => -x, fake: (x) => x, generator: (x) => -x },
  "least-squares": {
    real: (x) => (x - 1) ** 2,
    fake: (x) => x ** 2,
    generator: (x) => (x - 1) ** 2,
  },
  hinge: {
    real: (x) => Math.max(0, 1 - x),
    fake: (x) => Math.max(0, 1 + x),
    generator: (x) => -x,
  },
};

/** `real` and `fake` are D's logits, or a critic's outputs. */
export function lossesOf(
  { loss, reduction }: Pick<Objective, "loss" | "reduction">,
  real: Float32Array,
  fake: Float32Array,
): Record<NetworkRole, number> {
  const own = losses[loss];
  const sum = meanOf(real, own.real) + meanOf(fake, own.fake);
  return {
    discriminator: reduction === "mean" ? sum / 2 : sum,
    generator: meanOf(fake, own.generator),
  };
}

function meanOf(outputs: Float32Array, loss: Loss): number {
  return outputs.reduce((sum, x) => sum + loss(x), 0) / outputs.length;
}
