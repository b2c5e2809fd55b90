/** Finding places in lists that ascend. */

/** The last index whose value is at or below `wanted`, among the first `length`; -1 where there is none. */
export function rowAt(
  ascending: ArrayLike<number>,
  wanted: number,
  length = ascending.length,
): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The index of the value closest to `wanted`, the earlier one of two that are equally close; 0 in an empty list. */
export function nearestIndex(
  ascending: readonly number[],
  wanted: number,
): number {
  const before = rowAt(ascending, wanted);
  if (before < 0) return 0;
  if (before === ascending.length - 1) return before;
  const isCloser = wanted - ascending[before] <= ascending[before + 1] - wanted;
  return isCloser ? before : before + 1;
}
