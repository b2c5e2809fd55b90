/**
 * A long run's curves at a glance: of each of about a thousand stretches the lowest and the highest value, so that a
 * window can draw them before it has every row.
 */
import type { Column } from "../../../shared/curves/column";
import { stretchesOf } from "../../../shared/curves/decimate";
import type { MetricGroup } from "../../../shared/curves/metric-group";
import { smooth } from "../../../shared/curves/smooth";

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
function extremesOf(values: Column, size: number): Column {
  const kept: number[] = [];
  for (const { rows } of stretchesOf({ values }, size))
    if (rows) kept.push(values[rows[0]], values[rows[1]]);
    else kept.push(NaN, NaN);
  kept.push(values[values.length - 1]);
  return values instanceof Float32Array
    ? Float32Array.from(kept)
    : Float64Array.from(kept);
}
