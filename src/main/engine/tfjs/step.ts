/** One training step: both updates in the order that the objective names. */
import type { NetworkRole } from "../../../shared/settings/settings";
import type { Figures, Pair, StepTensors, Update } from "./pair";
import type { Scratch } from "./scratch";

/** Takes a step. The figures live as long as `scratch`. */
export function takeStep(
  pair: Pair,
  inputs: StepTensors,
  updateGenerator: boolean,
  learningRates: Record<NetworkRole, number>,
  scratch: Scratch,
): Figures {
  return pair.model.objective.order === "discriminator-first"
    ? discriminatorFirst(pair, inputs, updateGenerator, learningRates, scratch)
    : generatorFirst(pair, inputs, updateGenerator, learningRates, scratch);
}

/** One update alone; its gradients live as long as the tidy around it. */
export function takeLoneUpdate(
  pair: Pair,
  role: NetworkRole,
  inputs: StepTensors,
  learningRates: Record<NetworkRole, number>,
  scratch: Scratch,
): Update {
  const update =
    role === "generator"
      ? pair.generatorUpdate(inputs, true, scratch)
      : pair.discriminatorUpdate(
          inputs,
          freshImages(pair, inputs, scratch),
          scratch,
        );
  apply(pair, role, update, learningRates);
  return update;
}

function discriminatorFirst(
  pair: Pair,
  inputs: StepTensors,
  updateGenerator: boolean,
  learningRates: Record<NetworkRole, number>,
  scratch: Scratch,
): Figures {
  const fake = freshImages(pair, inputs, scratch);
  const judged = pair.discriminatorUpdate(inputs, fake, scratch);
  apply(pair, "discriminator", judged, learningRates);
  if (!updateGenerator) return judged.figures;
  const made = pair.generatorUpdate(inputs, false, scratch);
  // The very same images come from the same pass, so the generator's statistics have moved for it already.
  if (pair.model.objective.secondUpdate === "same-images")
    made.seen = made.seen.filter(({ role }) => role !== "generator");
  apply(pair, "generator", made, learningRates);
  return { ...judged.figures, ...made.figures };
}

function generatorFirst(
  pair: Pair,
  inputs: StepTensors,
  updateGenerator: boolean,
  learningRates: Record<NetworkRole, number>,
  scratch: Scratch,
): Figures {
  const made = updateGenerator
    ? pair.generatorUpdate(inputs, false, scratch)
    : null;
  if (made) apply(pair, "generator", made, learningRates);
  const shared = pair.model.objective.secondUpdate === "same-images";
  const fake =
    made && shared ? made.images : freshImages(pair, inputs, scratch);
  const judged = pair.discriminatorUpdate(inputs, fake, scratch);
  apply(pair, "discriminator", judged, learningRates);
  return { ...judged.figures, ...made?.figures };
}

function freshImages(pair: Pair, inputs: StepTensors, scratch: Scratch) {
  const { images, statistics } = pair.generate(inputs, scratch);
  pair.states.generator.observe(statistics);
  return images;
}

function apply(
  pair: Pair,
  role: NetworkRole,
  update: Update,
  learningRates: Record<NetworkRole, number>,
): void {
  for (const { role: observer, statistics } of update.seen)
    if (statistics.length > 0) pair.states[observer].observe(statistics);
  const gradient = update.gradients[role];
  const clip = role === "discriminator" ? pair.model.objective.clip : null;
  if (gradient) pair.states[role].update(gradient, learningRates[role], clip);
}
