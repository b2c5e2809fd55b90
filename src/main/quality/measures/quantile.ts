/** Order statistics. */

/** The value below which a share of the values lies, by linear interpolation as in NumPy. Changes the order of `values`. */
export function quantile(values: Float64Array, share: number): number {
  const position = (values.length - 1) * share;
  const below = Math.floor(position);
  const low = select(values, below);
  if (below === position) return low;
  let high = Infinity;
  for (let i = below + 1; i < values.length; i++)
    if (values[i] < high) high = values[i];
  return low + (high - low) * (position - below);
}

/** The k-th smallest, which then stands at its place, none larger before it (Hoare 1961). */
function select(values: Float64Array, k: number): number {
  let from = 0;
  let to = values.length - 1;
  while (from < to) {
    const pivot = values[(from + to) >> 1];
    let i = from;
    let j = to;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const value = values[i];
        values[i++] = values[j];
        values[j--] = value;
      }
    }
    if (k <= j) to = j;
    else if (k >= i) from = i;
    else break;
  }
  return values[k];
}
