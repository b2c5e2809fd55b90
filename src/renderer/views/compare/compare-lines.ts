/** What is compared as lines of one chart. */
import {
  configurationLines,
  differenceLine,
} from "../../../shared/comparison/lines";
import type {
  ComparedCurves,
  ConfigurationCurves,
} from "../../../shared/comparison/lines";
import type { ChartLine, XRange } from "../../../shared/curves/chart";
import { labelOf } from "../../../shared/metric-names";
import type {
  ComparedConfiguration,
  ComparedRun,
  Comparing,
} from "./comparing.svelte";

/** Of one metric. `range` is what is zoomed to. */
export function compareLines(
  { axis, configurations, view, visibleConfigurations, runs }: Comparing,
  tag: string,
  range: XRange | null,
): ChartLine[] {
  const records = runs.map(({ listing }) => listing.record);
  const style = { tag, group: labelOf(tag, records), dash: 0 };
  const choice = { ...view, axis, range };
  if (!view.difference)
    return configurationLines(
      visibleConfigurations.map(curvesOf),
      style,
      choice,
    );
  const [first, second] = view.difference.map((id) =>
    configurations.find((one) => one.runs.some((run) => run.id === id)),
  );
  return first && second
    ? differenceLine(curvesOf(first), curvesOf(second), style, choice)
    : [];
}

function curvesOf({
  color,
  key,
  name,
  runs,
}: ComparedConfiguration): ConfigurationCurves {
  return { key, name, color, runs: runs.map(sourceOf) };
}

function sourceOf({
  curves,
  listing: { record },
  seed,
}: ComparedRun): ComparedCurves {
  return {
    seed,
    table: curves.table,
    stepsPerEpoch: record.progress.stepsPerEpoch,
    objective: record.settings?.objective ?? null,
    metricNames: record.metricNames,
  };
}
