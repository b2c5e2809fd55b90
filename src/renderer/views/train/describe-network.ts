/** What each layer of a network gives, as far as the layers fit. */
import { formatShape, volume } from "../../../shared/layers";
import {
  inferShapes,
  NetworkError,
  parametersOf,
} from "../../../shared/settings/network";
import type { Network } from "../../../shared/settings/network";

export interface LayerFacts {
  /** Null from the first layer on that does not fit. */
  shape: string | null;
  /** Trainable numbers. */
  parameters: number;
}

export function describeNetwork(network: Network): LayerFacts[] {
  const good = {
    ...network,
    layers: network.layers.slice(0, fitting(network)),
  };
  const shapes = inferShapes(good);
  const owned = parametersOf(good).filter(({ trainable }) => trainable);
  return network.layers.map((_, index) => ({
    shape: index < good.layers.length ? formatShape(shapes[index + 1]) : null,
    parameters: owned
      .filter(({ layer }) => layer === index)
      .reduce((sum, { shape }) => sum + volume(shape), 0),
  }));
}

/** How many layers fit, from the first on. */
function fitting(network: Network): number {
  try {
    inferShapes(network);
    return network.layers.length;
  } catch (error) {
    if (error instanceof NetworkError) return error.layer;
    throw error;
  }
}
