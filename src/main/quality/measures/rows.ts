/** Vectors one below the other: features, or the pixels of pictures. */
export interface Rows {
  count: number;
  width: number;
  /** `[count, width]`. */
  values: Float32Array | Float64Array;
}

/** Those rows, copied in that order. */
export function pickRows(rows: Rows, indices: ArrayLike<number>): Rows {
  const { width, values } = rows;
  const picked = new Float64Array(indices.length * width);
  for (let i = 0; i < indices.length; i++)
    picked.set(
      values.subarray(indices[i] * width, (indices[i] + 1) * width),
      i * width,
    );
  return { count: indices.length, width, values: picked };
}

/** Rows `from` to `to` (exclusive), sharing their memory. */
export function sliceRows(rows: Rows, from: number, to: number): Rows {
  const { width, values } = rows;
  return {
    count: to - from,
    width,
    values: values.subarray(from * width, to * width),
  };
}

/** 0, 1 ... count - 1. */
export function allOf(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, index) => index);
}

/** Sum of the squares of each row. */
export function squaredNorms({ count, width, values }: Rows): Float64Array {
  const norms = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    let sum = 0;
    for (let i = row * width; i < (row + 1) * width; i++)
      sum += values[i] * values[i];
    norms[row] = sum;
  }
  return norms;
}
