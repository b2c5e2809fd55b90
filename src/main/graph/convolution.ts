import type { Shape } from "../../shared/layers";

/**
 * The geometry of a convolution between an image (the larger side) and a map. A transposed convolution has the same
 * geometry, read from map to image.
 */
export interface Convolution {
  batch: number;
  /** Of the image. */
  height: number;
  width: number;
  channels: number;
  /** Of the map. */
  mapHeight: number;
  mapWidth: number;
  filters: number;
  kernel: number;
  stride: number;
  padding: number;
}

/** Whether the kernel covers the whole image once, so that the convolution is a product of matrices. */
export function isUnpaddedWhole(c: Convolution): boolean {
  return (
    c.padding === 0 &&
    c.mapHeight === 1 &&
    c.mapWidth === 1 &&
    c.height === c.kernel &&
    c.width === c.kernel
  );
}

/** The geometry of a layer; for a transposed convolution the image is what it gives. Shapes are of one sample. */
export function convolutionOf(
  layer: { kernel: number; stride: number; padding: number },
  batch: number,
  image: Shape,
  map: Shape,
): Convolution {
  const { kernel, stride, padding } = layer;
  const [channels, height, width] = image;
  const [filters, mapHeight, mapWidth] = map;
  return {
    batch,
    height,
    width,
    channels,
    mapHeight,
    mapWidth,
    filters,
    kernel,
    stride,
    padding,
  };
}
