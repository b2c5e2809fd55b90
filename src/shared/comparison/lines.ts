/** Configurations as lines of one chart: a run, the median of seeds with each seed thin behind it, or the difference of two. */
import type { ChartLine, XRange } from "../curves/chart";
import { dashOf } from "../curves/colors";
import { differenceCurve, meanCurve, medianCurve } from "../curves/over-seeds";
import { curveOf } from "../curves/run-curves";
import type {
  CurveChoice,
  CurveSource,
  NamedCurves,
} from "../curves/run-curves";
import type { SeriesView } from "../curves/series";
import { metricTitle } from "../metrics";
import type { RunRecord } from "../run";
import type { Configuration } from "./configurations";

export interface ComparedCurves extends CurveSource {
  seed: number | null;
}

export interface ConfigurationCurves {
  key: string;
  name: string;
  color: string;
  runs: readonly ComparedCurves[];
}

export interface LineChoice extends CurveChoice {
  /** What is zoomed to. */
  range: XRange | null;
}

/** `dash` counts the metrics of the chart from 0; `group` is what the metric is called in it. */
export interface LineStyle {
  tag: string;
  group: string;
  dash: number;
}

/** What each configuration's lines are made of, from the curves of each run; its color is its first run's. */
export function curvesOf(
  configurations: readonly Configuration[],
  runs: readonly { curves: NamedCurves; record: RunRecord }[],
): ConfigurationCurves[] {
  return configurations.map(({ name, runs: own }) => ({
    key: name,
    name,
    color: runs[own[0]].curves.color,
    runs: own.map((index) => ({
      ...runs[index].curves,
      seed: runs[index].record.settings?.seed ?? null,
    })),
  }));
}

/** Several metrics in one chart: each line says which it is. */
export function linesOfMetrics(
  configurations: readonly ConfigurationCurves[],
  tags: readonly string[],
  choice: LineChoice,
): ChartLine[] {
  return tags.flatMap((tag, dash) => {
    const group = metricTitle(tag);
    const style = { tag, group, dash };
    return configurationLines(configurations, style, choice).map((line) => ({
      ...line,
      label: `${line.label}: ${group}`,
    }));
  });
}

export function configurationLines(
  configurations: readonly ConfigurationCurves[],
  style: LineStyle,
  choice: LineChoice,
): ChartLine[] {
  const lines = configurations.flatMap((one) => lineOf(one, style, choice));
  return lines.length > mostFaint
    ? lines.map((line) => ({ ...line, faint: null }))
    : lines;
}

/** More raw curves behind the smoothed ones hide what they should show. */
const mostFaint = 4;

function lineOf(
  { color, key, name, runs }: ConfigurationCurves,
  { dash, group, tag }: LineStyle,
  choice: LineChoice,
): ChartLine[] {
  const common = { key: `${key} ${tag}`, group, color, dash: dashOf(dash) };
  if (runs.length === 1) {
    const curve = curveOf(runs[0], tag, choice);
    return curve ? [{ ...common, label: name, ...curve }] : [];
  }
  const members = viewsOf(runs, tag, choice).map(({ view }) => view);
  if (members.length === 0) return [];
  const label = `${name}, median of ${members.length} ${members.length === 1 ? "seed" : "seeds"}`;
  return [{ ...common, label, members, ...medianCurve(members, choice.range) }];
}

/**
 * The first minus the second: of several seeds the mean of the differences by equal seed, with its 95 % interval; where
 * they share fewer than two, the difference of their medians.
 */
export function differenceLine(
  first: ConfigurationCurves,
  second: ConfigurationCurves,
  { dash, group, tag }: LineStyle,
  choice: LineChoice,
): ChartLine[] {
  const { range } = choice;
  const ours = viewsOf(first.runs, tag, choice);
  const theirs = viewsOf(second.runs, tag, choice);
  if (ours.length === 0 || theirs.length === 0) return [];
  const common = {
    key: `difference ${tag}`,
    group,
    color: "var(--text)",
    dash: dashOf(dash),
  };
  const names = `${first.name} − ${second.name}`;
  const members = pairs(ours, theirs).map(([a, b]) =>
    differenceCurve(a, b, range),
  );
  if (members.length >= 2)
    return [
      {
        ...common,
        label: `${names}, mean of ${members.length} pairs`,
        members,
        ...meanCurve(members, range),
      },
    ];
  const [a, b] = [ours, theirs].map((views) =>
    views.length === 1
      ? views[0].view
      : medianCurve(
          views.map(({ view }) => view),
          range,
        ).view,
  );
  return [{ ...common, label: names, view: differenceCurve(a, b, range) }];
}

interface SeedView {
  seed: number | null;
  view: SeriesView;
}

function viewsOf(
  runs: readonly ComparedCurves[],
  tag: string,
  choice: LineChoice,
): SeedView[] {
  return runs.flatMap((run) => {
    const curve = curveOf(run, tag, choice);
    return curve && curve.view.length > 0
      ? [{ seed: run.seed, view: curve.view }]
      : [];
  });
}

/** Curves of equal seeds. */
function pairs(
  first: readonly SeedView[],
  second: readonly SeedView[],
): [SeriesView, SeriesView][] {
  const left = [...second];
  return first.flatMap(({ seed, view }): [SeriesView, SeriesView][] => {
    const at = left.findIndex((other) => seed !== null && other.seed === seed);
    return at < 0 ? [] : [[view, left.splice(at, 1)[0].view]];
  });
}
