/** A figure in a sentence: three digits, and none that say nothing. */
export function figure(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const size = Math.abs(rounded);
  return size >= 1e-4 && size < 1e6
    ? rounded.toLocaleString("en", { maximumSignificantDigits: 3 })
    : String(rounded);
}
