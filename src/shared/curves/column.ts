/** The numbers of one metric: in single precision as training gives them, in double where a log holds what that cannot. */
export type Column = Float32Array | Float64Array;

const largest = 3.4028234663852886e38;
const smallest = 1.401298464324817e-45;

/** Whether single precision has the number, to its last digit but for decimals: large, tiny and long whole numbers need double. */
export function isSingle(value: number): boolean {
  const size = Math.abs(value);
  if (!(size > 16_777_216)) return size === 0 || !(size < smallest);
  if (size === Infinity) return true;
  return (
    size <= largest &&
    !(Number.isInteger(value) && Math.fround(value) !== value)
  );
}

export function columnOf(values: readonly number[]): Column {
  return values.every(isSingle)
    ? Float32Array.from(values)
    : Float64Array.from(values);
}

/** Only these rows. */
export function rowsOfColumn(column: Column, rows: readonly number[]): Column {
  return column instanceof Float32Array
    ? Float32Array.from(rows, (row) => column[row])
    : Float64Array.from(rows, (row) => column[row]);
}
