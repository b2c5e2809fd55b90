/** What the lecture asks at each point of a step, in words that fit what just happened. */
import type { MeanScores } from "../../shared/contract/microscope";
import type { NetworkRole, TrainingSettings } from "../../shared/settings";
import { isCrossEntropy } from "../../shared/step";

export function explainUpdate(
  network: NetworkRole,
  { objective }: Pick<TrainingSettings, "objective">,
  before: MeanScores,
  after: MeanScores,
): string {
  const kind = isCrossEntropy(objective.loss) ? "probability" : "score";
  const real = moved("D(x)", before.real, after.real);
  const fake = moved("D(G(z))", before.fake, after.fake);
  if (network === "discriminator")
    return `D learned on this batch to tell real from generated: ${real} and ${fake}; its ${kind} should rise for real images and fall for generated ones. The generated images were detached from G, so the gradient ended there, and none of G's parameters has one. What would change without detach? G would get gradients that make its images easier to recognise, and only because its optimiser takes no step here would they do no harm.`;
  return `G learned on this noise to be taken for real: ${fake} and should rise, while no real image was looked at (${real}). The gradient went back through D to G, so detach would cut the only way there is. D passed it on but took no step: look at the update norms, which only G has. Is D(x) what it was before? Only batch normalisation can have moved it.`;
}

/** Why a parameter has no gradient after an update of `updated`, in one sentence. */
export function whyNoGradient(
  network: NetworkRole,
  trainable: boolean,
  updated: NetworkRole,
): string {
  if (!trainable)
    return "It is a running average of batch statistics, not something that a loss trains.";
  if (network === updated)
    return "No path leads from the loss to this parameter.";
  return updated === "discriminator"
    ? "D's loss sees the generated images detached, so no gradient goes on to G."
    : "The gradient passes through D on its way to G; D's own gradients are not kept, because only G takes a step.";
}

function moved(name: string, before: number, after: number): string {
  const verb = after > before ? "rose" : after < before ? "fell" : "stayed";
  return verb === "stayed"
    ? `${name} stayed at ${before.toFixed(3)}`
    : `${name} ${verb} from ${before.toFixed(3)} to ${after.toFixed(3)}`;
}
