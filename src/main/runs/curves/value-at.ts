import type { MetricGroup } from "../../../shared/curves/metric-group";
import { rowAt } from "../../../shared/curves/search";

/** A metric at a step, or where it is written more rarely at the last step before; null where there is none. */
export function valueAt(
  groups: readonly MetricGroup[],
  metric: string,
  step: number,
): number | null {
  for (const { steps, tags, values } of groups) {
    const column = tags.indexOf(metric);
    const row = column < 0 ? -1 : rowAt(steps, step);
    if (row >= 0) return values[column][row];
  }
  return null;
}
