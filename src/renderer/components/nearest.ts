/** The index of the number closest to `wanted` in an ascending list; the earlier one of two that are equally close. */
export function nearestIndex(
  ascending: readonly number[],
  wanted: number,
): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  if (low > 0 && wanted - ascending[low - 1] <= ascending[low] - wanted)
    return low - 1;
  return Math.max(0, low);
}
