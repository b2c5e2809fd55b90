/** The orders in which rows are gathered for `lower-winograd.ts`, each named by what it brings to the front. */
import type { Chunk } from "./chunks";
import type { Convolution } from "../../../graph/convolution";
import type { Tiling } from "./winograd";
import { taps } from "./winograd";

/** Rows of padded images as windows: `[point y, point x, image, tile y, tile x, y in block]`. */
export function windowOrder(
  c: Convolution,
  t: Tiling,
  { first, images }: Chunk,
): Int32Array {
  return indices(
    [t.points, t.points, images, t.rows, t.columns, c.stride],
    ([pointY, pointX, image, tileY, tileX, y]) => {
      const blockY = tileY * t.tile + pointY;
      const blockX = tileX * t.tile + pointX;
      const row = ((first + image) * t.blockRows + blockY) * c.stride + y;
      return row * t.blockColumns + blockX;
    },
  );
}

/** Pixels of the map by their place in a tile: `[y in tile, x in tile, image, tile y, tile x]`. */
export function tileOrder(
  c: Convolution,
  t: Tiling,
  { first, images }: Chunk,
): Int32Array {
  return indices(
    [t.tile, t.tile, images, t.rows, t.columns],
    ([y, x, image, tileY, tileX]) =>
      ((first + image) * c.mapHeight + tileY * t.tile + y) * c.mapWidth +
      tileX * t.tile +
      x,
  );
}

/** The same with all tiles of an axis side by side: `[y in tile, tile y, x in tile, tile x, image]`. */
export function axisOrder(
  c: Convolution,
  t: Tiling,
  { first, images }: Chunk,
): Int32Array {
  return indices(
    [t.tile, t.rows, t.tile, t.columns, images],
    ([y, tileY, x, tileX, image]) =>
      ((first + image) * c.mapHeight + tileY * t.tile + y) * c.mapWidth +
      tileX * t.tile +
      x,
  );
}

/** An image's pixels, without its padding, from `[block y, block x, image, y in block, x in block]`. */
export function pixelOrder(
  c: Convolution,
  t: Tiling,
  images: number,
): Int32Array {
  return indices([images, c.height, c.width], ([image, row, column]) => {
    const [y, x] = [row + c.padding, column + c.padding];
    const blockY = Math.floor(y / c.stride);
    const blockX = Math.floor(x / c.stride);
    const block = (blockY * t.blockColumns + blockX) * images + image;
    return (block * c.stride + (y % c.stride)) * c.stride + (x % c.stride);
  });
}

/** Rows of weights by taps: `[tap y, tap x, filter, y in block]`. */
export function tapOrder(c: Convolution): Int32Array {
  return indices(
    [taps, taps, c.filters, c.stride],
    ([tapY, tapX, filter, y]) =>
      (filter * c.kernel + tapY * c.stride + y) * taps + tapX,
  );
}

/** The order that undoes one. */
export function inverse(order: Int32Array): Int32Array {
  const undone = new Int32Array(order.length);
  order.forEach((to, from) => (undone[to] = from));
  return undone;
}

/** One index for each place in an array of these extents, the last axis moving fastest. */
function indices(
  extents: readonly number[],
  indexAt: (place: readonly number[]) => number,
): Int32Array {
  const count = extents.reduce((product, extent) => product * extent, 1);
  const place = extents.map(() => 0);
  return Int32Array.from({ length: count }, () => {
    const index = indexAt(place);
    let axis = extents.length - 1;
    while (axis >= 0 && ++place[axis] === extents[axis]) place[axis--] = 0;
    return index;
  });
}
