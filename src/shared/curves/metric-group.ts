/** The metrics of a run as numbers, as they are read from its log. */
import type { Column } from "./column";

/** Scalars that share their steps. A run of ours has one group, or two where G is updated less often than D. */
export interface MetricGroup {
  tags: string[];
  steps: Float64Array;
  /** Seconds since 1970. */
  times: Float64Array;
  /** One array per tag. NaN and infinities are real values here. */
  values: Column[];
}
