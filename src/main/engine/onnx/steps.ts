/** Cuts a batch of steps into runs of equal steps, each a call of one compiled model. */
import { volume } from "../../../shared/network";
import { stepInputs } from "../../../shared/step";
import type { ModelSettings, StepBatch } from "../engine";
import type { Updates } from "./train-step";

/** Steps `from` to `to` (exclusive), which all update the same networks. */
export interface Stretch {
  from: number;
  to: number;
  updates: Updates;
}

export function stretches({ steps, generatorUpdates }: StepBatch): Stretch[] {
  const found: Stretch[] = [];
  for (let step = 0; step < steps; step++) {
    const updates = generatorUpdates[step] ? "both" : "discriminator";
    const last = found.at(-1);
    if (last?.updates === updates) last.to = step + 1;
    else found.push({ from: step, to: step + 1, updates });
  }
  return found;
}

/** The inputs of some of a batch's steps, sharing its memory. Throws an Error where an input is missing or too short. */
export function inputsOf(
  model: ModelSettings,
  { batch, inputs }: StepBatch,
  from: number,
  to: number,
): Map<string, Float32Array> {
  return new Map(
    stepInputs(model).map(({ name, shape }) => {
      const values = inputs.get(name);
      const size = batch * volume(shape);
      if (!values || values.length < to * size)
        throw new Error(
          `The batch's input ${name} has ${values?.length ?? 0} values and needs ${to * size}.`,
        );
      return [name, values.subarray(from * size, to * size)];
    }),
  );
}

/** Floats of state that one step may copy: a run copies all of the state once, so small networks take many steps. */
const copiedPerStep = 2 ** 17;

/** How many steps a run takes best, from the number of floats in the state. */
export function preferredSteps(stateFloats: number): number {
  const steps = 2 ** Math.round(Math.log2(stateFloats / copiedPerStep));
  return stateFloats > 2 ** 23 ? 1 : Math.min(32, Math.max(8, steps));
}
