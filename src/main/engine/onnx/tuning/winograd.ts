/**
 * Winograd's minimal filtering: tile + 1 products give what a filter of two taps puts out at `tile` places, for which
 * plain multiplication takes 2 * tile; along both axes of an image that is 25 for 64, or 9 for 16. Lavin and Gray 2016,
 * https://arxiv.org/abs/1509.09308, section 4. Here are the matrices and the choice; `lower-winograd.ts` makes ONNX.
 *
 * A convolution whose kernel is two strides wide is such a filter over blocks of stride x stride pixels.
 */
import type { Convolution } from "../../../graph/convolution";

export const taps = 2;

/** By rows. */
export type Matrix = readonly (readonly number[])[];

/** With data V = B d and weights U = G g, the filter's outputs are A (U * V). Gradients take the transposed matrices. */
export interface Transforms {
  /** B, `[points, points]`. */
  data: Matrix;
  /** G, `[points, taps]`. */
  weight: Matrix;
  /** A, `[tile, points]`. */
  output: Matrix;
}

/** Where polynomials are multiplied, besides at infinity. Of the small numbers these round least: see performance.md. */
const evaluationPoints = [0, -1, 2, 0.5];

/** By Toom's and Cook's method: a filter is a product of polynomials, which is done at points and interpolated. */
export function transformsOf(tile: number): Transforms {
  const points = evaluationPoints.slice(0, tile);
  const rows = points.map((point) => {
    const others = points.filter((other) => other !== point);
    const scale = others.reduce((product, it) => product * (point - it), 1);
    return {
      data: [...polynomial(others), 0],
      weight: powers(point, taps).map((power) => power / scale),
      output: powers(point, tile),
    };
  });
  rows.push({
    data: polynomial(points),
    weight: leading(taps),
    output: leading(tile),
  });
  return {
    data: rows.map(({ data }) => data),
    weight: rows.map(({ weight }) => weight),
    output: transposed(rows.map(({ output }) => output)),
  };
}

export function transposed(matrix: Matrix): Matrix {
  return matrix[0].map((_, column) => matrix.map((row) => row[column]));
}

/** One matrix for all tiles of an axis: from its blocks to `[points, tiles]`. Neighbouring tiles share a block. */
export function acrossTiles(data: Matrix, tile: number, tiles: number): Matrix {
  return data.flatMap((row) =>
    Array.from({ length: tiles }, (_, t) =>
      Array.from(
        { length: tiles * tile + 1 },
        (_, i) => row[i - t * tile] ?? 0,
      ),
    ),
  );
}

/** Coefficients of the polynomial with these roots, the constant one first. */
function polynomial(roots: readonly number[]): number[] {
  return roots.reduce(
    (product, root) =>
      [...product, 0].map((it, i) => (product[i - 1] ?? 0) - root * it),
    [1],
  );
}

function powers(base: number, count: number): number[] {
  return Array.from({ length: count }, (_, exponent) => base ** exponent);
}

/** A polynomial at infinity is its leading coefficient. */
function leading(count: number): number[] {
  return Array.from({ length: count }, (_, i) => Number(i === count - 1));
}

/** How a convolution is cut into tiles of its map. */
export interface Tiling {
  /** Pixels of the map along a tile's side. */
  tile: number;
  /** Evaluation points along an axis; as many blocks of the image make a tile. */
  points: number;
  /** Tiles of one map. */
  rows: number;
  columns: number;
  /** Blocks of one padded image. */
  blockRows: number;
  blockColumns: number;
  /** Floats of one block. */
  blockFloats: number;
}

/** Rows of fewer floats are slow to gather, and their products are few. */
const fewestChannels = 16;
/** Transforming the weights costs as much as the products that so many tiles save. */
const fewestTiles = 16;

/** The tiles by which a convolution is faster than by plain products, or null where there are none. */
export function tilingOf(c: Convolution): Tiling | null {
  const tile = [4, 2].find(
    (it) => c.mapHeight % it === 0 && c.mapWidth % it === 0,
  );
  if (!tile || !isFilterOfBlocks(c)) return null;
  const rows = c.mapHeight / tile;
  const columns = c.mapWidth / tile;
  // The matrices of `acrossTiles` grow with the map, and what is saved grows with the filters.
  const pays =
    Math.min(c.channels, c.filters) >= fewestChannels &&
    Math.max(c.mapHeight, c.mapWidth) <= c.filters &&
    c.batch * rows * columns >= fewestTiles;
  if (!pays) return null;
  return {
    tile,
    points: tile + taps - 1,
    rows,
    columns,
    blockRows: c.mapHeight + taps - 1,
    blockColumns: c.mapWidth + taps - 1,
    blockFloats: c.stride * c.stride * c.channels,
  };
}

function isFilterOfBlocks(c: Convolution): boolean {
  return (
    c.kernel === taps * c.stride &&
    (c.height + 2 * c.padding) % c.stride === 0 &&
    (c.width + 2 * c.padding) % c.stride === 0
  );
}
