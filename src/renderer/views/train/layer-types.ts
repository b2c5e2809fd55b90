/** What the network editor knows of each type of layer: its name, a new one, and its numbers. */
import { layerSchema, kindOf } from "../../../shared/layers";
import type { Layer, LayerType } from "../../../shared/layers";
import type { Network } from "../../../shared/settings/network";

/** A layer of the type with usual numbers and a name that the network does not use yet. */
export function newLayer(type: LayerType, network: Network): Layer {
  const name = freeName(network);
  return layerSchema.parse({ type, name, ...kindOf(type).usual });
}

export interface LayerNumber {
  key: string;
  label: string;
  value: number;
  /** The layer with another number; null where it may not have that. */
  set(value: number): Layer | null;
}

export function layerNumbers(layer: Layer): LayerNumber[] {
  const told: Readonly<Record<string, unknown>> = layer;
  return kindOf(layer.type).numbers.map(([key, label, at]) => {
    const list = at === undefined ? [told[key]] : [...[told[key]].flat()];
    return {
      key: label,
      label,
      value: Number(list[at ?? 0]),
      set(value) {
        const next = at === undefined ? value : list.with(at, value);
        return checked({ ...layer, [key]: next });
      },
    };
  });
}

function checked(layer: unknown): Layer | null {
  const parsed = layerSchema.safeParse(layer);
  return parsed.success ? parsed.data : null;
}

/** A name that no layer of the network has. */
export function freeName(network: Network): string {
  const taken = new Set(
    network.layers.map((layer) => ("name" in layer ? layer.name : "")),
  );
  for (let number = network.layers.length; ; number++)
    if (!taken.has(`layer${number}`)) return `layer${number}`;
}
