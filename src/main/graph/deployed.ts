/** A state as other programs take it: the weights of G that were asked for, and those of D as its layers read them. */
import type {
  ModelSettings,
  ModelState,
  Tensor,
  WeightChoice,
} from "../engine/engine";
import { parameterKey, withAverage } from "./parameters";
import { spectralVectors } from "./spectral";

/** Both networks' tensors by `parameterKey`, without anything that only training needs. */
export function deployedState(
  model: ModelSettings,
  state: ModelState,
  choice: WeightChoice,
): ModelState {
  const chosen = choice === "average" ? withAverage(state) : state;
  const networks = [...chosen].filter(([name]) =>
    /^(generator|discriminator)\./.test(name),
  );
  const deployed = new Map(networks);
  const vectors = spectralVectors(model);
  for (let i = 0; i < vectors.length; i += 2) {
    const key = parameterKey("discriminator", vectors[i].weight.name);
    const tensor = state.get(key);
    const [u, v] = [vectors[i], vectors[i + 1]].map((it) => state.get(it.key));
    if (tensor && u && v) deployed.set(key, divided(tensor, u.data, v.data));
  }
  return deployed;
}

/** By `u W v`. */
function divided(
  { shape, data }: Tensor,
  u: Float32Array,
  v: Float32Array,
): Tensor {
  let value = 0;
  for (let row = 0, at = 0; row < u.length; row++)
    for (let column = 0; column < v.length; column++, at++)
      value += u[row] * data[at] * v[column];
  return { shape, data: data.map((weight) => weight / value) };
}
