/** The bars of a small drawing of a network: one for its input and one for each layer that has weights. */
import { volume } from "../../shared/layers";
import { inferShapes, NetworkError } from "../../shared/settings/network";
import type { Shape } from "../../shared/layers";
import type { Network } from "../../shared/settings/network";

export interface Bar {
  /** In (0, 1]. */
  height: number;
  /** Convolutions. */
  thick: boolean;
  /** The input. */
  first: boolean;
}

const largest = Math.log2(128 * 64 * 64);

/** Empty for a network that does not fit. */
export function drawingOf(network: Network): Bar[] {
  const shapes = shapesOf(network);
  if (!shapes) return [];
  const bars = network.layers.flatMap((layer, index): Bar[] => {
    const isDense = layer.type === "dense" || layer.type === "projection";
    const isConvolution =
      layer.type === "conv" || layer.type === "convTranspose";
    if (!isDense && !isConvolution) return [];
    return [bar(shapes[index + 1], isConvolution, false)];
  });
  return [bar(shapes[0], shapes[0].length === 3, true), ...bars];
}

function bar(shape: Shape, thick: boolean, first: boolean): Bar {
  const height = Math.max(0.1, (Math.log2(1 + volume(shape)) / largest) ** 0.7);
  return { height: Math.min(1, height), thick, first };
}

function shapesOf(network: Network): Shape[] | null {
  try {
    return inferShapes(network);
  } catch (error) {
    if (error instanceof NetworkError) return null;
    throw error;
  }
}
