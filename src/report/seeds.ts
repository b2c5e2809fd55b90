/** What came of each configuration over its seeds: median, every seed, interval, and the difference from the first. */
import {
  differenceWords,
  intervalWords,
} from "../shared/comparison/over-seeds";
import type { Difference, OverSeeds } from "../shared/comparison/over-seeds";
import { metricRows, qualityRows } from "../shared/comparison/seed-table";
import type { SeedRow } from "../shared/comparison/seed-table";
import { formatValue } from "../shared/format-value";
import { stampOf } from "../shared/quality";
import { compared, configurations, data, overSeeds, runs } from "./data";
import { element, faint, section, table } from "./elements";

/** Nothing where each configuration has one run. */
export function seedsSection(): void {
  if (!overSeeds) return;
  const newest = data.quality ?? [];
  const quality = qualityRows(newest, compared);
  const stamped = newest.find((one) => one !== null);
  section(
    "Over seeds",
    faint(
      `Medians with every seed, and the 95 % interval of the mean over seeds by Student's t. Differences are from ${configurations[0].name}, of equal seeds; each interval stands for itself.`,
    ),
    ...(stamped && quality.kind === "rows"
      ? [faint(stampOf(stamped)), seedTable("Measure", quality.rows)]
      : stamped && quality.kind === "none"
        ? [faint(quality.reason)]
        : []),
    seedTable("Last value", metricRows(compared, "last")),
  );
}

function seedTable(head: string, rows: readonly SeedRow[]): HTMLElement {
  return table(
    [head, ...configurations.map(configurationHeading)],
    rows.map(({ cells, differences, label }) => [
      label,
      ...cells.map((cell, index) => cellOf(cell, differences[index])),
    ]),
  );
}

function configurationHeading({
  name,
  runs: own,
}: (typeof configurations)[number]): HTMLElement {
  const swatch = element("span", { className: "swatch" });
  swatch.style.background = runs[own[0]].color;
  const seeds = own.length === 1 ? "one seed" : `${own.length} seeds`;
  return element("span", {}, swatch, name, line(seeds));
}

function cellOf(
  cell: OverSeeds | null,
  difference: Difference | null,
): HTMLElement {
  if (!cell) return element("span", { textContent: "–" });
  const { median, values } = cell;
  return element(
    "span",
    {},
    element("strong", { textContent: formatValue(median) }),
    line(values.map(({ value }) => formatValue(value)).join("  ")),
    line(intervalWords(cell)),
    ...(difference ? [line(differenceText(difference))] : []),
  );
}

function differenceText(difference: Difference): string {
  const words = differenceWords(difference);
  if (difference.kind === "none") return words;
  const { interval, kind, mean } = difference;
  return `${words}, by ${formatValue(mean)} (${formatValue(interval.low)} to ${formatValue(interval.high)})${kind === "unpaired" ? ", not paired" : ""}`;
}

function line(textContent: string): HTMLElement {
  return element("span", { className: "line faint", textContent });
}
