/**
 * Makes both networks fit images of another size or colour, where a change at their ends is enough: the flat input of
 * D, the last layer of G. What else does not fit is said by `check.ts` beside the layer.
 */
import { volume } from "../layers";
import { inferShapes, NetworkError } from "./network";
import type { Layer } from "../layers";
import type { Network } from "./network";
import type { TrainingSettings } from "./settings";

/** A generator that no change at its end makes fit stays as it is. `size` is pixels a side. */
export function withImages(
  settings: TrainingSettings,
  change: { size?: number; channels?: 1 | 3 },
): TrainingSettings {
  const data = { ...settings.data, ...change };
  const image: [number, number, number] = [data.channels, data.size, data.size];
  return {
    ...settings,
    data,
    discriminator: {
      ...settings.discriminator,
      input:
        settings.discriminator.input.length === 1 ? [volume(image)] : image,
    },
    generator: generatorFor(settings.generator, image),
  };
}

/** All layers that read labels for so many classes. */
export function withClasses(
  settings: TrainingSettings,
  classes: number,
): TrainingSettings {
  const counted = (network: Network): Network => ({
    ...network,
    layers: network.layers.map((layer) =>
      "classes" in layer ? { ...layer, classes } : layer,
    ),
  });
  return {
    ...settings,
    generator: counted(settings.generator),
    discriminator: counted(settings.discriminator),
  };
}

function generatorFor(
  generator: Network,
  image: [number, number, number],
): Network {
  const layers = [...generator.layers];
  const last = layers.at(-1);
  if (last?.type === "reshape")
    layers[layers.length - 1] = { ...last, shape: image };
  const index = layers.findLastIndex(hasOutputs);
  const layer = layers[index];
  if (layer?.type === "dense")
    layers[index] = { ...layer, units: volume(image) };
  else if (layer?.type === "conv" || layer?.type === "convTranspose")
    layers[index] = { ...layer, filters: image[0] };
  const changed = { ...generator, layers };
  return fits(changed) ? changed : generator;
}

function hasOutputs(layer: Layer): boolean {
  return (
    layer.type === "dense" ||
    layer.type === "conv" ||
    layer.type === "convTranspose"
  );
}

function fits(network: Network): boolean {
  try {
    inferShapes(network);
    return true;
  } catch (error) {
    if (error instanceof NetworkError) return false;
    throw error;
  }
}
