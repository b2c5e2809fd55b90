/** Vectors one below the other: features, or the pixels of pictures. */
export interface Rows {
  count: number;
  width: number;
  /** `[count, width]`. */
  values: Float32Array | Float64Array;
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
