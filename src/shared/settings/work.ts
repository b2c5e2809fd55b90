/** What a step costs by arithmetic alone: multiplications and values, layer by layer. */
import type { Network } from "./network";
import { kindOf, volume } from "../layers";
import { inferShapes, parametersOf } from "./network";

/** Forward and backward passes of a network in one step, on average over both. */
export const passes = 5;

/** Multiplications of each layer in one forward pass of one sample. Throws NetworkError. */
export function layerProducts(network: Network): number[] {
  const shapes = inferShapes(network);
  const products = network.layers.map(() => 0);
  // Each weight is used once for every pixel of the smaller side.
  for (const { role, layer, shape } of parametersOf(network)) {
    if (role !== "weight") continue;
    const { type } = network.layers[layer];
    const isTransposed = type === "convTranspose";
    const pixels = volume(shapes[isTransposed ? layer : layer + 1].slice(1));
    products[layer] = volume(shape) * (kindOf(type).readsLabels ? 1 : pixels);
  }
  return products;
}

/** Values that each layer gives for one sample. Throws NetworkError. */
export function layerValues(network: Network): number[] {
  return inferShapes(network).slice(1).map(volume);
}
