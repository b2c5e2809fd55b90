/** What each layer of a network made of one sample, as figures and as a small grey picture. */
import type { ActivationView } from "../../shared/contract/microscope";
import { volume } from "../../shared/layers";
import { describeLayer, inferShapes } from "../../shared/settings/network";
import type { Shape } from "../../shared/layers";
import type { Network } from "../../shared/settings/network";
import { extremes } from "./histogram";

/** What the window is shown, its picture still as values. */
export interface Activation extends Omit<ActivationView, "picture"> {
  /** `tiles` squares of `tile` pixels a side, 0 for the smallest value and 1 for the largest. */
  tiles: number;
  tile: number;
  pixels: Float32Array;
}

/** `outputs[0]` is the network's input, `outputs[i + 1]` what layer i gave, each `[batch, ...shape]`. */
export function activationsOf(
  network: Network,
  outputs: readonly Float32Array[],
  index: number,
  batch: number,
): Activation[] {
  const shapes = inferShapes(network);
  return outputs.map((all, position) => {
    const size = all.length / batch;
    const values = all.slice(index * size, (index + 1) * size);
    const layer = position - 1;
    return {
      layer,
      title: layer < 0 ? "input" : describeLayer(network.layers[layer], layer),
      shape: [...shapes[position]],
      ...figuresOf(values),
      ...pictureOf(values, shapes[position]),
    };
  });
}

function figuresOf(
  values: Float32Array,
): Pick<Activation, "min" | "max" | "mean" | "zeros"> {
  const sum = values.reduce((total, value) => total + value, 0);
  const zeros = values.reduce((count, value) => count + Number(value === 0), 0);
  return {
    ...extremes(values),
    mean: sum / values.length,
    zeros: zeros / values.length,
  };
}

/** A channel is a tile; a flat layer is one tile, row by row, as square as it gets. */
function pictureOf(
  values: Float32Array,
  shape: Shape,
): Pick<Activation, "tiles" | "tile" | "pixels"> {
  const { min, max } = extremes(values);
  const scale = max > min ? 1 / (max - min) : 0;
  const greys = values.map((value) => (value - min) * scale);
  if (shape.length === 3)
    return { tiles: shape[0], tile: shape[1], pixels: greys };
  const tile = Math.ceil(Math.sqrt(volume(shape)));
  const pixels = new Float32Array(tile * tile);
  pixels.set(greys);
  return { tiles: 1, tile, pixels };
}
