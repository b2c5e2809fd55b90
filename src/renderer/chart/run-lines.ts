/** Which curves the view of a run shows, in which colours. */
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
  dash?: number[];
}

export const lossLines: readonly Wanted[] = [
  {
    tag: "loss/discriminator",
    label: "D loss",
    color: "var(--discriminator)",
  },
  { tag: "loss/generator", label: "G loss", color: "var(--generator)" },
];

export const scoreLines: readonly Wanted[] = [
  {
    tag: "score/real",
    label: "D(x)",
    color: "var(--discriminator)",
    mark: "real",
  },
  {
    tag: "score/fake",
    label: "D(G(z))",
    color: "var(--generator)",
    mark: "fake",
  },
];

export const gradientLines: readonly Wanted[] = [
  {
    tag: "gradient/discriminator",
    label: "D",
    color: "var(--discriminator)",
  },
  {
    tag: "gradient/generator",
    label: "G",
    color: "var(--generator)",
  },
];

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
  const known = [...lossLines, ...scoreLines, ...gradientLines].map(
    ({ tag }) => tag,
  );
  const extra = ["loss/discriminator_real", "loss/discriminator_fake"];
  const others = source.table.tags.filter(
    (tag) => ![...known, ...extra, "score/fake_after"].includes(tag),
  );
  return runLines(
    source,
    others.map((tag) => ({ tag, label: tag, color: "var(--text)" })),
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
