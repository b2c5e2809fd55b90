/** Products of rows with rows, which is where the time of every distance goes; an engine can take them over. */
import type { Rows } from "./rows";
import { sliceRows, squaredNorms } from "./rows";

/** Gives `[a.count, b.count]`: the inner product of each row of `a` with each of `b`. The result may be overwritten by the next call. */
export type Products = (
  a: Rows,
  b: Rows,
) => Promise<Float32Array | Float64Array>;

/** Rows of one block: blocks of distances stay in the processor's cache, and fit into any memory. */
const blockRows = 512;

/** In float64, on this thread. */
export const plainProducts: Products = (a, b) => {
  const { width } = a;
  const products = new Float64Array(a.count * b.count);
  const wide = Float64Array.from(b.values);
  for (let i = 0; i < a.count; i++) {
    const row = Float64Array.from(
      a.values.subarray(i * width, (i + 1) * width),
    );
    for (let j = 0; j < b.count; j++) {
      let sum = 0;
      const at = j * width;
      for (let k = 0; k < width; k++) sum += row[k] * wide[at + k];
      products[i * b.count + j] = sum;
    }
  }
  return Promise.resolve(products);
};

/** A part of a matrix of squared distances: rows from `row` on, columns from `column` on. */
export interface DistanceBlock {
  row: number;
  rows: number;
  column: number;
  columns: number;
  /** `[rows, columns]`. */
  values: Float32Array | Float64Array;
}

/** What float32 products of equal rows leave of their distance, relative to their norms. */
const noise = 4e-6;

/**
 * Squared Euclidean distances of all rows of `a` to all of `b`, block by block, row blocks outermost. A distance that is
 * only rounding is 0, so that copies are copies whatever computed the products.
 */
export async function* distanceBlocks(
  a: Rows,
  b: Rows,
  products: Products,
): AsyncGenerator<DistanceBlock> {
  const left = squaredNorms(a);
  const right = squaredNorms(b);
  for (let row = 0; row < a.count; row += blockRows) {
    const rows = Math.min(blockRows, a.count - row);
    for (let column = 0; column < b.count; column += 4 * blockRows) {
      const columns = Math.min(4 * blockRows, b.count - column);
      const values = await products(
        sliceRows(a, row, row + rows),
        sliceRows(b, column, column + columns),
      );
      toDistances(
        values,
        left.subarray(row, row + rows),
        right.subarray(column, column + columns),
      );
      yield { row, rows, column, columns, values };
    }
  }
}

/** In place. A function of its own, which is compiled much better than the middle of a generator. */
function toDistances(
  products: Float32Array | Float64Array,
  left: Float64Array,
  right: Float64Array,
): void {
  const columns = right.length;
  for (let i = 0; i < left.length; i++) {
    const own = left[i];
    const line = i * columns;
    for (let j = 0; j < columns; j++) {
      const norms = own + right[j];
      const distance = norms - 2 * products[line + j];
      products[line + j] = distance > noise * norms ? distance : 0;
    }
  }
}
