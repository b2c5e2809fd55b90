/** Cuts a batch of steps into runs of equal steps, each a call of one compiled model. */
import type { Network } from "../../../shared/network";
import { inferShapes, parametersOf, volume } from "../../../shared/network";
import { stepInputs } from "../../../shared/step";
import type { ModelSettings, StepBatch } from "../engine";
import type { Updates } from "./train-step";

/** Steps `from` to `to` (exclusive), which all update the same networks. */
export interface Stretch {
  from: number;
  to: number;
  updates: Updates;
}

/** In order and without gaps; as few as there are changes of what is updated. */
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

/** Arithmetic of one call: about a quarter of a second of one core, so that a run can still be paused at once. */
const operationsPerCall = 2.5e10;
const mostSteps = 64;
/** Forward and backward passes of a network in one step, on average over both. */
const passes = 5;

/** How many steps a call takes best: a call copies the whole state once, so cheap steps go together. */
export function preferredSteps(model: ModelSettings, batch: number): number {
  const products =
    productsOf(model.generator) + productsOf(model.discriminator);
  const steps = operationsPerCall / (2 * passes * batch * products);
  return 2 ** Math.floor(Math.log2(Math.min(mostSteps, Math.max(1, steps))));
}

/** Multiplications in one forward pass of one sample: each weight is used once for every pixel of the smaller side. */
function productsOf(network: Network): number {
  const shapes = inferShapes(network);
  return parametersOf(network)
    .filter(({ role }) => role === "weight")
    .reduce((sum, { layer, shape }) => {
      const isTransposed = network.layers[layer].type === "convTranspose";
      const pixels = volume(shapes[isTransposed ? layer : layer + 1].slice(1));
      return sum + volume(shape) * pixels;
    }, 0);
}
