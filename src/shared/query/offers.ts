/** Which columns a set of runs can have, and what differs among them: the choices of a table, and what a filter completes. */
import type { RunRecord } from "../run";
import { plainValue, settingValues } from "../settings/differences";
import { metricsOf } from "../metric-names";
import { plainColumnNames, readerOf } from "./columns";
import type { Cell, QueriedRun } from "./columns";

export interface ColumnOffer {
  /** As a query names it; of a metric without what is taken of it: `loss/generator`. */
  column: string;
  kind: "plain" | "setting" | "metric";
  /** Whether any two of the runs have another value. */
  differs: boolean;
  /** Some values that occur, the most frequent first; none of a metric. */
  values: string[];
}

const mostValues = 30;
/** More settings than any run of ours has, so that a library of strange records does not make a long answer. */
const mostColumns = 1000;

/** Of runs that can be read; in the order of the settings and the metrics. */
export function columnOffers(runs: readonly QueriedRun[]): ColumnOffer[] {
  const records = runs.flatMap((run) => (run.kind === "run" ? run.record : []));
  return [
    ...plainColumnNames.map((name) => plainOffer(name, runs)),
    ...settingOffers(records),
    ...metricsOf(records).map((column): ColumnOffer => {
      return { column, kind: "metric", differs: true, values: [] };
    }),
  ].slice(0, mostColumns);
}

function plainOffer(column: string, runs: readonly QueriedRun[]): ColumnOffer {
  const read = readerOf(column);
  const counts = new Map<string, number>();
  const seen = new Set<string>();
  for (const run of runs) {
    const cell = read?.(run) ?? null;
    const texts = textsOf(cell);
    seen.add(texts.join(", "));
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return {
    column,
    kind: "plain",
    differs: seen.size > 1,
    values: frequent(counts),
  };
}

function settingOffers(records: readonly RunRecord[]): ColumnOffer[] {
  const values = new Map<string, Map<string, number>>();
  let withSettings = 0;
  for (const { settings } of records) {
    if (!settings) continue;
    withSettings++;
    for (const [path, text] of textsOfSettings(settings)) {
      const counts = values.get(path);
      if (counts) counts.set(text, (counts.get(text) ?? 0) + 1);
      else values.set(path, new Map([[text, 1]]));
    }
  }
  return [...values].map(([column, counts]) => ({
    column,
    kind: "setting",
    differs:
      counts.size > 1 ||
      [...counts.values()].reduce((sum, one) => sum + one, 0) < withSettings,
    values: frequent(counts),
  }));
}

/** A library is asked again and again, and the settings of a record never change in place. */
const known = new WeakMap<object, ReadonlyMap<string, string>>();

function textsOfSettings(
  settings: NonNullable<RunRecord["settings"]>,
): ReadonlyMap<string, string> {
  const before = known.get(settings);
  if (before) return before;
  const texts = new Map(
    [...settingValues(settings)].map(([path, value]) => {
      const [text = "none"] = textsOf(plainValue(path, value));
      return [path, text];
    }),
  );
  known.set(settings, texts);
  return texts;
}

function textsOf(cell: Cell): readonly string[] {
  if (cell === null) return [];
  if (typeof cell === "boolean") return [cell ? "yes" : "no"];
  return typeof cell === "object" ? cell : [String(cell).slice(0, 200)];
}

function frequent(counts: ReadonlyMap<string, number>): string[] {
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostValues)
    .map(([text]) => text.slice(0, 200));
}
