/** Which curves the view of a run shows, in which colours. */
import type { Metric } from "../../shared/metrics";
import {
  metricOf,
  metrics,
  metricTitle,
  stepMetrics,
} from "../../shared/metrics";
import { viewOf } from "../../shared/curves/series";
import { curveOf } from "../../shared/curves/run-curves";
import type { CurveChoice, CurveSource } from "../../shared/curves/run-curves";
import type { Axis } from "../../shared/curves/axis";
import type { MetricTable } from "../../shared/curves/metric-table";
import type { ChartLine } from "../../shared/curves/chart";

interface Wanted {
  tag: string;
  label: string;
  color: string;
  mark?: "real" | "fake";
}

/** The curves of our own metrics that one chart shows. */
export function chartLines(
  source: CurveSource,
  chart: Metric["chart"],
  choice: CurveChoice,
): ChartLine[] {
  const wanted = stepMetrics.flatMap((tag) => {
    const metric: Metric = metrics[tag];
    const { title, network, images } = metric;
    if (metric.chart !== chart) return [];
    return [{ tag, label: title, color: `var(--${network})`, mark: images }];
  });
  return runLines(source, wanted, choice);
}

/** The curves that the run has. */
export function runLines(
  source: CurveSource,
  wanted: readonly Wanted[],
  choice: CurveChoice,
): ChartLine[] {
  return wanted.flatMap(({ tag, ...look }) => {
    const curve = curveOf(source, tag, choice);
    return curve ? [{ ...look, key: tag, ...curve }] : [];
  });
}

/** Every curve that is not among the product's own: what an imported log holds. */
export function otherLines(
  source: CurveSource,
  choice: CurveChoice,
): ChartLine[] {
  const names = source.metricNames ?? {};
  const others = source.table.tags.filter((tag) => metricOf(tag) === null);
  return runLines(
    source,
    others.map((tag) => ({
      tag,
      label: Object.hasOwn(names, tag)
        ? `${metricTitle(names[tag])} (${tag})`
        : tag,
      color: "var(--text)",
    })),
    choice,
  );
}

/** Steps per second, measured over stretches of at least half a second; at most 2,000 points. */
export function speedLine(table: MetricTable, axis: Axis): ChartLine[] {
  const timing = table.timing();
  if (!timing || timing.length < 3) return [];
  const { steps, times, length } = timing;
  const stride = Math.max(1, Math.floor(length / 2000));
  const xs: number[] = [];
  const values: number[] = [];
  let from = 0;
  for (let row = stride; row < length; row += stride) {
    const seconds = times[row] - times[from];
    if (seconds < 0.5) continue;
    xs.push(table.xOf(steps[row], axis));
    values.push((steps[row] - steps[from]) / seconds);
    from = row;
  }
  if (xs.length === 0) return [];
  const view = viewOf(Float64Array.from(xs), Float32Array.from(values));
  return [{ key: "speed", label: "steps/s", color: "var(--text-soft)", view }];
}
