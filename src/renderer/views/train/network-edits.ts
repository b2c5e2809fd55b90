/** What the editor does to a list of layers. Names stay unique, because a layer's name is its place in a checkpoint. */
import type { Layer, LayerType } from "../../../shared/layers";
import type { Network } from "../../../shared/settings/network";
import { freeName, newLayer } from "./layer-types";

/** The layer one place earlier or later; at an end the network stays as it is. */
export function moveLayer(
  network: Network,
  index: number,
  by: -1 | 1,
): Network {
  const layers = [...network.layers];
  const target = index + by;
  if (target < 0 || target >= layers.length) return network;
  [layers[index], layers[target]] = [layers[target], layers[index]];
  return { ...network, layers };
}

/** A copy right below the layer. */
export function duplicateLayer(network: Network, index: number): Network {
  const layer = network.layers[index];
  const copy =
    "name" in layer ? { ...layer, name: freeName(network) } : { ...layer };
  return insert(network, index + 1, copy);
}

/** A new layer of the type with usual numbers, before the one at `index`. */
export function insertLayer(
  network: Network,
  index: number,
  type: LayerType = "dense",
): Network {
  return insert(network, index, newLayer(type, network));
}

export function removeLayer(network: Network, index: number): Network {
  return { ...network, layers: network.layers.toSpliced(index, 1) };
}

export function replaceLayer(
  network: Network,
  index: number,
  layer: Layer,
): Network {
  return { ...network, layers: network.layers.with(index, layer) };
}

function insert(network: Network, index: number, layer: Layer): Network {
  return { ...network, layers: network.layers.toSpliced(index, 0, layer) };
}
