/**
 * The table over seeds that the window, the command line and the report share: a row a metric or measure, a cell a
 * configuration, and the difference of each from one of them.
 */
import type { Quality } from "../quality";
import { whyNotAlike } from "../compare-quality";
import { measureKinds, measureNames, measureOf } from "../quality";
import { labelOf, metricsOf, summaryOf } from "../metric-names";
import type { RunRecord } from "../run";
import type { Configuration } from "./configurations";
import { differenceOf, overSeeds } from "./over-seeds";
import type { Difference, Interval, OverSeeds } from "./over-seeds";

export interface SeedRow {
  /** A metric's tag, or `quality/fd`. */
  key: string;
  label: string;
  /** One a configuration; null where none of its seeds has a value. */
  cells: (OverSeeds | null)[];
  /** One a configuration: it minus the one that all are held against; null for that one itself. */
  differences: (Difference | null)[];
}

/** Which value of a metric's curve. */
export type Statistic = "last" | "min" | "max";

/** What each seed gave, by its index among the runs; null or NaN where it has no value. */
export function seedRow(
  { key, label }: { key: string; label: string },
  valueOf: (run: number) => number | null,
  { configurations, records, baseline }: Compared,
  withinOf: (run: number) => Interval | undefined = () => undefined,
): SeedRow {
  const cells = configurations.map(({ runs }) =>
    overSeeds(
      runs.flatMap((index) => {
        const value = valueOf(index);
        const { id: run, settings } = records[index];
        return value === null
          ? []
          : [
              {
                ...{ run, seed: settings?.seed ?? null, value },
                within: withinOf(index),
              },
            ];
      }),
    ),
  );
  const against = cells.at(baseline) ?? null;
  const differences = cells.map((cell, index) =>
    index === baseline ? null : differenceOf(cell, against),
  );
  return { key, label, cells, differences };
}

/** The runs, how they are grouped, and the index of the configuration that the others are held against. */
export interface Compared {
  records: readonly RunRecord[];
  configurations: readonly Configuration[];
  baseline: number;
}

/** Every metric that any of the runs has, whichever name it has for it; measures of quality stand in `qualityRows`. */
export function comparedMetrics(records: readonly RunRecord[]): string[] {
  return metricsOf(records).filter((tag) => measureOf(tag) === null);
}

/** A row for each of them. */
export function metricRows(
  compared: Compared,
  statistic: Statistic,
): SeedRow[] {
  const { records } = compared;
  return comparedMetrics(records).map((tag) =>
    seedRow(
      { key: tag, label: labelOf(tag, records) },
      (index) => summaryOf(records[index], tag)?.[statistic] ?? null,
      compared,
    ),
  );
}

/**
 * A row for every measure of the runs' newest measurements; the interval over seeds is theirs, whatever that of a single
 * measurement is, which one seed alone keeps. The reason, in one sentence, where they cannot stand in one table.
 */
export function qualityRows(
  newest: readonly (Quality | null)[],
  compared: Compared,
): { kind: "rows"; rows: SeedRow[] } | { kind: "none"; reason: string } {
  const reason = whyNotAlike(newest);
  if (reason !== null) return { kind: "none", reason };
  const rows = measureNames.map((name) =>
    seedRow(
      { key: `quality/${name}`, label: measureKinds[name].title },
      (index) => {
        const measure = newest[index]?.measures[name];
        return measure && "value" in measure ? measure.value : null;
      },
      compared,
      (index) => {
        const measure = newest[index]?.measures[name];
        return measure && "value" in measure ? measure : undefined;
      },
    ),
  );
  return {
    kind: "rows",
    rows: rows.filter(({ cells }) => cells.some((cell) => cell !== null)),
  };
}
