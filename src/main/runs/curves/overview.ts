/**
 * A long run's curves at a glance: of each of about a thousand stretches the lowest and the highest value, so that a
 * window can draw them before it has every row.
 */
import type { MetricGroup } from "../../../shared/contract/files";
import { smooth } from "../../../shared/metrics";

const stretches = 1000;

/** The groups thinned as they are, then all of them again with their curves smoothed; the last row is kept whole. */
export function overviewOf(
  groups: readonly MetricGroup[],
  smoothing: number,
): MetricGroup[] {
  const smoothed = groups.map((group) => ({
    ...group,
    values: group.values.map((column) => smooth(column, smoothing)),
  }));
  return [...groups, ...smoothed].map(thinned);
}

function thinned(group: MetricGroup): MetricGroup {
  const { tags, steps, times, values } = group;
  const rows = steps.length;
  const size = Math.ceil(rows / stretches);
  if (size <= 2) return group;
  const ends = (column: Float64Array) => {
    const kept: number[] = [];
    for (let from = 0; from < rows; from += size)
      kept.push(column[from], column[Math.min(from + size, rows) - 1]);
    return Float64Array.from([...kept, column[rows - 1]]);
  };
  return {
    tags,
    steps: ends(steps),
    times: ends(times),
    values: values.map((column) => extremesOf(column, size)),
  };
}

/** NaN where a stretch holds no finite number. */
function extremesOf(column: Float32Array, size: number): Float32Array {
  const kept: number[] = [];
  for (let from = 0; from < column.length; from += size) {
    let low = Infinity;
    let high = -Infinity;
    const end = Math.min(from + size, column.length);
    for (let row = from; row < end; row++) {
      const value = column[row];
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low <= high) kept.push(low, high);
    else kept.push(NaN, NaN);
  }
  return Float32Array.from([...kept, column[column.length - 1]]);
}
