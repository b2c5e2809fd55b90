/** The tutorials with a fraction of their widths, for engines that are slow in a test: same layers, losses and images. */
import type { Layer } from "../../src/shared/layers";
import type { Network } from "../../src/shared/settings/network";
import { tutorials } from "../../src/shared/settings/presets";
import { wganGp } from "../../src/shared/settings/presets/wgan-gp";
import type { EngineCase } from "./cases";

const narrower = 8;

/** One case for each preset. Their names differ from those of the whole ones, because weights are drawn by name. */
export function narrowPresets(): EngineCase[] {
  // The penalty needs gradients of gradients.
  return [...tutorials, wganGp].map(({ id, settings }) => {
    const { objective, optimizers, improvements } = settings;
    return {
      name: `narrow ${id}`,
      model: {
        generator: narrow(settings.generator),
        discriminator: narrow(settings.discriminator),
        objective,
        optimizers,
        improvements,
      },
      batch: 4,
      generatorUpdates: [0, 1, 2].map(
        (step) => step % objective.generatorEvery === 0,
      ),
      heavy: false,
    };
  });
}

/** Widths between the first layer and the last; what comes out stays as it is. */
export function narrow(network: Network): Network {
  const last = network.layers.findLastIndex(isWide);
  return {
    ...network,
    layers: network.layers.map((layer, i) => (i < last ? less(layer) : layer)),
  };
}

function isWide({ type }: Layer): boolean {
  return type === "dense" || type === "conv" || type === "convTranspose";
}

function less(layer: Layer): Layer {
  switch (layer.type) {
    case "dense":
      return { ...layer, units: Math.ceil(layer.units / narrower) };
    case "conv":
    case "convTranspose":
      return { ...layer, filters: Math.ceil(layer.filters / narrower) };
    case "reshape": {
      const [channels, height, width] = layer.shape;
      const shape: typeof layer.shape = [channels / narrower, height, width];
      return { ...layer, shape };
    }
    default:
      return layer;
  }
}
