/** Which curve a metric of a run is: on the chosen axis, smoothed, with D's loss on the common scale where asked for. */
import { metricOf, metricTitle } from "../metrics";
import type { Objective } from "../settings/settings";
import type { AxisUnit } from "./axis";
import type { ChartLine } from "./chart";
import { dashOf, runColors } from "./colors";
import { discriminatorLossFactor } from "./loss-scale";
import type { MetricTable } from "./metric-table";
import type { SeriesView } from "./series";

/** What a run's curves are made from. */
export interface CurveSource {
  table: MetricTable;
  stepsPerEpoch: number;
  /** Null for another program's log. */
  objective: Objective | null;
  /** Of another program's log: what its tags are called here. */
  metricNames?: Readonly<Record<string, string>>;
}

export interface CurveChoice {
  axis: AxisUnit;
  /** TensorBoard's weight, 0 for none. */
  smoothing: number;
  commonScale: boolean;
}

/** The curve, and the raw one behind it where it is smoothed; null where the run has none. */
export function curveOf(
  source: CurveSource,
  tag: string,
  { axis, smoothing, commonScale }: CurveChoice,
): Pick<ChartLine, "view" | "faint"> | null {
  const { table, stepsPerEpoch, objective } = source;
  const place = { unit: axis, stepsPerEpoch };
  const own = ownTag(source, tag);
  const view = table.view(own, place, smoothing);
  if (!view) return null;
  const isScaled = commonScale && metricOf(tag)?.isReduced === true;
  const factor =
    isScaled && objective ? discriminatorLossFactor(objective, "sum") : 1;
  const raw = smoothing > 0 ? table.view(own, place) : null;
  return { view: scaled(view, factor), faint: raw && scaled(raw, factor) };
}

/** What the run's log calls a metric. */
function ownTag({ table, metricNames = {} }: CurveSource, tag: string): string {
  if (table.tags.includes(tag)) return tag;
  const named = Object.entries(metricNames).find(([, name]) => name === tag);
  return named?.[0] ?? tag;
}

/** Both names of a metric, where the run's log has another for it. */
function bothNames(source: CurveSource, tag: string): string {
  const own = ownTag(source, tag);
  return own === tag ? metricTitle(tag) : `${metricTitle(tag)} (${own})`;
}

/** A run among others: with a name and a colour. */
export interface NamedCurves extends CurveSource {
  name: string;
  color: string;
}

/**
 * The chosen curves of one run, each in a colour, or of several, which have a colour a run and a dash a metric. A metric
 * keeps its colour whatever else is chosen from `among`.
 */
export function linesOf(
  runs: readonly NamedCurves[],
  tags: readonly string[],
  choice: CurveChoice,
  among = tags,
): ChartLine[] {
  const several = runs.length > 1;
  return runs.flatMap((run, index) =>
    tags.flatMap((tag, metric) => {
      const curve = curveOf(run, tag, choice);
      if (!curve) return [];
      const name = bothNames(run, tag);
      const place = among.indexOf(tag) % runColors.length;
      return [
        {
          key: `${index} ${tag}`,
          label: several ? `${run.name}: ${name}` : name,
          color: several ? run.color : runColors[place],
          dash: several ? dashOf(metric) : undefined,
          ...curve,
        },
      ];
    }),
  );
}

function scaled(view: SeriesView, factor: number): SeriesView {
  return factor === 1 ? view : { ...view, gain: view.gain * factor };
}
