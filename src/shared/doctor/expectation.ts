/** What the fork of a finding should show within how many steps, and whether a run showed it. */
import { z } from "zod";
import { figure } from "./figure";
import { metricTitle } from "../metrics";
import { thresholds } from "./thresholds";

export const expectationSchema = z.object({
  /** A metric of the run. */
  metric: z.string().max(200),
  above: z.boolean(),
  value: z.number(),
  /** Steps after the fork. */
  within: z.int().positive().max(999_999_999),
});
export type Expectation = z.infer<typeof expectationSchema>;

/** A curve, or what was measured at some steps, ascending. */
export interface Points {
  steps: ArrayLike<number>;
  values: ArrayLike<number>;
}

/** What a run showed in the steps that count. */
export interface Shown {
  /** Null while it cannot be told: too few steps yet, or nothing measured in them. */
  came: boolean | null;
  /** The step since which it has held; null where it does not. */
  since: number | null;
  /** The mean at the end of those steps, as far as there are any. */
  value: number | null;
  /** Steps after the fork that are there, at most those that count. */
  steps: number;
}

/** `D(G(z)) above 0.1 within 400 steps`. */
export function expectationInWords({
  metric,
  above,
  value,
  within,
}: Expectation): string {
  return `${metricTitle(metric)} ${above ? "above" : "below"} ${figure(value)} within ${within.toLocaleString("en")} steps`;
}

/**
 * What a run shows in the steps after `from` that count. It came where the mean of the last tenth of them passes the value;
 * single steps prove nothing. `last`: the step that the run has reached; what has measured points is judged by the newest.
 */
export function shownBy(
  { above, value, within }: Expectation,
  { steps, values }: Points,
  from: number,
  last: number,
): Shown {
  const end = from + within;
  const passes = (mean: number) => (above ? mean > value : mean < value);
  const rows: number[] = [];
  for (let row = 0; row < steps.length; row++)
    if (steps[row] > from && steps[row] <= end && Number.isFinite(values[row]))
      rows.push(row);
  const reached = Math.max(0, Math.min(last, end) - from);
  if (rows.length === 0)
    return { came: null, since: null, value: null, steps: reached };
  const span = Math.max(1, Math.ceil(rows.length * thresholds.expected.share));
  const meanTo = (at: number) => {
    const part = rows.slice(Math.max(0, at - span + 1), at + 1);
    return part.reduce((sum, row) => sum + values[row], 0) / part.length;
  };
  let at = rows.length - 1;
  const mean = meanTo(at);
  while (at > 0 && passes(meanTo(at - 1))) at--;
  return {
    came: reached < within ? null : passes(mean),
    since: passes(mean) ? steps[rows[at]] : null,
    value: mean,
    steps: reached,
  };
}
