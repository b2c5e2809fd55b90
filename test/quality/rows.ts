/** Rows of numbers that look like chance and are the same here and in test/reference/quality.py. */
import type { Rows } from "../../src/main/quality/measures/rows";

export function rowsOf(
  count: number,
  width: number,
  seed: number,
  { shift = 0, scale = 1 } = {},
): Rows {
  const values = Float64Array.from({ length: count * width }, (_, index) => {
    const i = index + 1;
    const a = Math.sin(i * 12.9898 + seed * 78.233) * 43758.5453;
    const b = Math.sin(i * 39.3467 + seed * 11.135) * 24634.6345;
    const value = a - Math.floor(a) + (b - Math.floor(b)) - 1;
    return Math.fround(value * scale + shift);
  });
  return { count, width, values };
}

export function joinRows(a: Rows, b: Rows): Rows {
  const values = new Float64Array(a.values.length + b.values.length);
  values.set(a.values);
  values.set(b.values, a.values.length);
  return { count: a.count + b.count, width: a.width, values };
}

/** All rows the same. */
export function constantRows(count: number, width: number, value = 0): Rows {
  return { count, width, values: new Float64Array(count * width).fill(value) };
}
