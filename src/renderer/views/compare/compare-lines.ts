/** The curves of several runs as lines of one chart: each run, the mean over seeds, or the difference of two. */
import type { ComparisonView } from "../../../shared/contract/comparisons";
import { difference, spreadOf } from "../../../shared/curves/compare";
import type { Series } from "../../../shared/curves/compare";
import { labelOf } from "../../../shared/metric-names";
import { seedGroups } from "../../../shared/settings/differences";
import { curveOf } from "../../../shared/curves/run-curves";
import type { CurveSource } from "../../../shared/curves/run-curves";
import { dashOf } from "../../../shared/curves/colors";
import type { ChartLine } from "../../../shared/curves/chart";
import type { SeriesView } from "../../../shared/curves/series";
import { viewOf } from "../../../shared/curves/series";
import type { ComparedRun } from "./comparing.svelte";

export function compareLines(
  runs: readonly ComparedRun[],
  view: ComparisonView,
): ChartLine[] {
  const lines = view.tags.flatMap((tag, index) => {
    const group = labelOf(
      tag,
      runs.map(({ listing }) => listing.record),
    );
    const style = { tag, group, dash: dashOf(index) };
    if (view.difference) return differenceLine(runs, view, style);
    if (!view.groupSeeds)
      return runs.flatMap((run) => ownLine(run, view, style));
    return seedGroups(runs.map(({ listing }) => listing.record)).flatMap(
      (group) => {
        const members = group.map((place) => runs[place]);
        return members.length === 1
          ? ownLine(members[0], view, style)
          : meanLine(members, view, style);
      },
    );
  });
  return lines.length > mostFaint
    ? lines.map((line) => ({ ...line, faint: null }))
    : lines;
}

/** More raw curves behind the smoothed ones hide what they should show. */
const mostFaint = 4;

interface Style {
  tag: string;
  /** The metric with every name that the runs have for it. */
  group: string;
  dash: number[] | undefined;
}

function ownLine(
  run: ComparedRun,
  view: ComparisonView,
  { tag, group, dash }: Style,
): ChartLine[] {
  const curve = curveOf(sourceOf(run), tag, view);
  if (!curve) return [];
  return [
    {
      key: `${run.id} ${tag}`,
      label: run.listing.record.name,
      group,
      color: run.color,
      dash,
      ...curve,
    },
  ];
}

/** In the colour of the group's first run. */
function meanLine(
  members: readonly ComparedRun[],
  view: ComparisonView,
  { tag, group, dash }: Style,
): ChartLine[] {
  const curves = members.flatMap((run) => viewOfRun(run, view, tag) ?? []);
  if (curves.length === 0) return [];
  const { x, mean, deviation } = spreadOf(curves.map(seriesOf));
  const shifted = (sign: number) =>
    viewOf(
      x,
      Float32Array.from(mean, (value, row) => value + sign * deviation[row]),
    );
  const [first] = members;
  return [
    {
      key: `mean ${first.id} ${tag}`,
      label: `${first.listing.record.name}, mean of ${members.length} seeds`,
      group,
      color: first.color,
      dash,
      view: viewOf(x, Float32Array.from(mean)),
      band: { lower: shifted(-1), upper: shifted(1) },
    },
  ];
}

function differenceLine(
  runs: readonly ComparedRun[],
  view: ComparisonView,
  { tag, group, dash }: Style,
): ChartLine[] {
  const [first, second] = (view.difference ?? []).map((id) =>
    runs.find((run) => run.id === id),
  );
  const one = first && viewOfRun(first, view, tag);
  const other = second && viewOfRun(second, view, tag);
  if (!one || !other) return [];
  const { x, y } = difference(seriesOf(one), seriesOf(other));
  return [
    {
      key: `difference ${tag}`,
      label: `${first.listing.record.name} − ${second.listing.record.name}`,
      group,
      color: "var(--text)",
      dash,
      view: viewOf(x, Float32Array.from(y)),
    },
  ];
}

/** Without the raw curve behind it. */
function viewOfRun(
  run: ComparedRun,
  view: ComparisonView,
  tag: string,
): SeriesView | null {
  return curveOf(sourceOf(run), tag, view)?.view ?? null;
}

function sourceOf({ curves, listing: { record } }: ComparedRun): CurveSource {
  return {
    table: curves.table,
    stepsPerEpoch: record.progress.stepsPerEpoch,
    objective: record.settings?.objective ?? null,
    metricNames: record.metricNames,
  };
}

function seriesOf(view: SeriesView): Series {
  return {
    x: view.xs
      .subarray(0, view.length)
      .map((x) => x * view.scale + view.offset),
    y: view.values.subarray(0, view.length).map((y) => y * view.gain),
  };
}
