/** Both losses of a batch in plain numbers, from D's logits. The engines build the same as graphs, with gradients. */
import { lossOf } from "../../shared/losses";
import type { NetworkRole, Objective } from "../../shared/settings/settings";

/** `real` and `fake` are D's logits, or a critic's outputs. */
export function lossesOf(
  objective: Pick<Objective, "loss" | "reduction">,
  real: Float32Array,
  fake: Float32Array,
): Record<NetworkRole, number> {
  const own = lossOf(objective);
  if (own.isPaired) {
    const apart = real.map((output, i) => output - fake[i]);
    const loss = meanOf(apart, own.real);
    return {
      discriminator: objective.reduction === "mean" ? loss / 2 : loss,
      generator: meanOf(apart, own.generator),
    };
  }
  const sum = meanOf(real, own.real) + meanOf(fake, own.fake);
  return {
    discriminator: objective.reduction === "mean" ? sum / 2 : sum,
    generator: meanOf(fake, own.generator),
  };
}

function meanOf(
  outputs: Float32Array,
  loss: (output: number) => number,
): number {
  return outputs.reduce((sum, x) => sum + loss(x), 0) / outputs.length;
}
