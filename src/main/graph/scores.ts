/** What D's outputs mean: probabilities where the loss is cross-entropy, the outputs themselves elsewhere. */
import type { Objective } from "../../shared/settings/settings";
import { lossOf } from "../../shared/losses";

/** From `TrainingSession.discriminate`'s logits to scores as the figures of a step have them. */
export function toScores(
  logits: Float32Array,
  objective: Pick<Objective, "loss">,
): Float32Array {
  if (!lossOf(objective).isCrossEntropy) return logits;
  return logits.map((logit) => 1 / (1 + Math.exp(-logit)));
}

export function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
