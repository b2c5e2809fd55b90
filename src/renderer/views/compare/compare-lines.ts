/** The curves of several runs as lines of one chart: each run, the mean over seeds, or the difference of two. */
import type { ComparisonView } from "../../../shared/contract/comparisons";
import { difference, spreadOf } from "../../../shared/curves/compare";
import type { Series } from "../../../shared/curves/compare";
import { seedGroups } from "../../../shared/settings/differences";
import { discriminatorLossFactor } from "../../../shared/metrics";
import { dashOf } from "../../../shared/curves/colors";
import type { ChartLine } from "../../chart/lines";
import type { SeriesView } from "../../series/series";
import { viewOf } from "../../series/series";
import type { ComparedRun } from "./comparing.svelte";

export function compareLines(
  runs: readonly ComparedRun[],
  view: ComparisonView,
): ChartLine[] {
  const lines = view.tags.flatMap((tag, index) => {
    const style = { tag, dash: dashOf(index)?.split(" ").map(Number) };
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
  dash: number[] | undefined;
}

function ownLine(
  run: ComparedRun,
  view: ComparisonView,
  { tag, dash }: Style,
): ChartLine[] {
  const smoothed = curveOf(run, view, tag, view.smoothing);
  if (!smoothed) return [];
  return [
    {
      key: `${run.id} ${tag}`,
      label: run.listing.record.name,
      group: tag,
      color: run.color,
      dash,
      view: smoothed,
      faint: view.smoothing > 0 ? curveOf(run, view, tag, 0) : null,
    },
  ];
}

/** In the colour of the group's first run. */
function meanLine(
  members: readonly ComparedRun[],
  view: ComparisonView,
  { tag, dash }: Style,
): ChartLine[] {
  const curves = members.flatMap(
    (run) => curveOf(run, view, tag, view.smoothing) ?? [],
  );
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
      group: tag,
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
  { tag, dash }: Style,
): ChartLine[] {
  const [first, second] = (view.difference ?? []).map((id) =>
    runs.find((run) => run.id === id),
  );
  const one = first && curveOf(first, view, tag, view.smoothing);
  const other = second && curveOf(second, view, tag, view.smoothing);
  if (!one || !other) return [];
  const { x, y } = difference(seriesOf(one), seriesOf(other));
  return [
    {
      key: `difference ${tag}`,
      label: `${first.listing.record.name} − ${second.listing.record.name}`,
      group: tag,
      color: "var(--text)",
      dash,
      view: viewOf(x, Float32Array.from(y)),
    },
  ];
}

/** On the chosen axis, smoothed, and with D's loss on the common scale where that is asked for. */
function curveOf(
  { curves, listing }: ComparedRun,
  view: ComparisonView,
  tag: string,
  smoothing: number,
): SeriesView | null {
  const { progress, settings } = listing.record;
  const axis = { unit: view.axis, stepsPerEpoch: progress.stepsPerEpoch };
  const curve = curves.table.view(tag, axis, smoothing);
  const isDiscriminator = tag.startsWith("loss/discriminator");
  if (!curve || !view.commonScale || !settings || !isDiscriminator)
    return curve;
  const factor = discriminatorLossFactor(settings.objective, "sum");
  return { ...curve, gain: curve.gain * factor };
}

function seriesOf(view: SeriesView): Series {
  return {
    x: view.xs
      .subarray(0, view.length)
      .map((x) => x * view.scale + view.offset),
    y: view.values.subarray(0, view.length).map((y) => y * view.gain),
  };
}
