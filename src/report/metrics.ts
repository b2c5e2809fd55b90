/** The metrics of all runs as a table: last, best, and at the step whose samples are shown. */
import { metricTitle } from "../shared/metrics";
import { rowAt } from "../shared/curves/search";
import { formatValue } from "../shared/format-value";
import { overSeeds, runs, several, sources, tags } from "./data";
import { element, folded, heading, section, table } from "./elements";
import type { Gallery } from "./gallery";

export function metricsSection(gallery: Gallery): void {
  const holder = element("div");
  const show = () => holder.replaceChildren(metricsTable(gallery.step));
  section("Metrics", overSeeds ? folded("Of every run", holder) : holder);
  gallery.onMove(show);
  show();
}

function metricsTable(step: number | undefined): HTMLElement {
  const head = [
    "Metric",
    ...(several ? ["Run"] : []),
    ...["Last", "Smallest", "At step", "Largest", "At step"],
    ...(step === undefined ? [] : [`At step ${step}`]),
  ];
  const rows = tags.flatMap((tag) =>
    runs.flatMap(({ record }, index) => {
      const summary = record.summary[tag];
      if (!summary) return [];
      return [
        [
          metricTitle(tag),
          ...(several ? [heading(index)] : []),
          ...(summary.beside === undefined
            ? [
                formatValue(summary.last),
                formatValue(summary.min),
                String(summary.minStep ?? ""),
                formatValue(summary.max),
                String(summary.maxStep ?? ""),
              ]
            : // Of the extremes the intervals are not known here.
              [
                `${formatValue(summary.last)}: ${summary.beside}`,
                ...["", "", "", ""],
              ]),
          ...(step === undefined ? [] : [atStep(index, tag, step)]),
        ],
      ];
    }),
  );
  return table(head, rows);
}

/** The value of the row at or before a step. */
function atStep(run: number, tag: string, step: number): string {
  const axis = { unit: "step", stepsPerEpoch: 1 } as const;
  const view = sources[run].table.view(tag, axis);
  const row = view ? rowAt(view.xs, step, view.length) : -1;
  return view && row >= 0 ? formatValue(view.values[row]) : "";
}
