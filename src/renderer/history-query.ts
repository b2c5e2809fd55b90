/** Which runs the history shows, in which order and groups: pure functions of the records. */
import { metricsOf, summaryOf } from "../shared/metric-names";
import type { RunListing, RunRecord, RunState } from "../shared/run";
import type { DamagedRun, ReadableRun } from "./state/runs.svelte";
import { dataTitle } from "./data-title";

export const statistics = ["last", "min", "max", "step"] as const;
export type Statistic = (typeof statistics)[number];

/** How a statistic is called. */
export const statisticWords: Record<Statistic, string> = {
  last: "last",
  min: "smallest",
  max: "largest",
  step: "at step",
};

export type SortKey =
  "name" | "state" | "preset" | "data" | "step" | "created" | "metric";

export interface HistoryQuery {
  text: string;
  preset: string | null;
  data: string | null;
  /** `damaged` are the runs that cannot be read. */
  state: RunState | "damaged" | null;
  tag: string | null;
  starred: boolean;
  archived: boolean;
  sort: SortKey;
  descending: boolean;
  /** The metric of the last column. */
  metric: string;
  statistic: Statistic;
  /** For `step`. */
  atStep: number;
  group: "none" | "preset" | "data" | "state" | "group";
}

export const everything: HistoryQuery = {
  text: "",
  preset: null,
  data: null,
  state: null,
  tag: null,
  starred: false,
  archived: false,
  sort: "created",
  descending: true,
  metric: "loss/generator",
  statistic: "last",
  atStep: 1000,
  group: "none",
};

export type HistoryRow =
  | { kind: "group"; title: string; count: number }
  | { kind: "run"; run: ReadableRun }
  | DamagedRun;

/** Stays with a row while others come and go. */
export function keyOf(row: HistoryRow): string {
  switch (row.kind) {
    case "group":
      return `group ${row.title}`;
    case "run":
      return row.run.record.id;
    case "damaged":
      return row.id;
    default:
      return row satisfies never;
  }
}

/** What a run's metric of the query is at its step; null where that is not known. */
export type ValueAtStep = (run: string) => number | null;

/** The rows in order: runs, with a heading before each group; at the end those that cannot be read. */
export function historyRows(
  listings: readonly RunListing[],
  query: HistoryQuery,
  valueAtStep: ValueAtStep = () => null,
): HistoryRow[] {
  const runs = listings
    .filter((listing) => listing.kind === "run")
    .filter(({ record }) => matches(record, query))
    .sort((a, b) => compare(a.record, b.record, query, valueAtStep));
  const damaged = listings
    .filter((listing) => listing.kind === "damaged")
    .filter((listing) => matchesDamaged(listing, query));
  if (query.group === "none")
    return [...runs.map((run) => ({ kind: "run" as const, run })), ...damaged];
  return [
    ...grouped(runs, query),
    ...(damaged.length > 0
      ? [{ kind: "group" as const, title: damagedWords, count: damaged.length }]
      : []),
    ...damaged,
  ];
}

/** How the runs that cannot be read are called. */
export const damagedWords = "Cannot be read";

function grouped(
  sorted: readonly ReadableRun[],
  query: HistoryQuery,
): HistoryRow[] {
  const groups = new Map<string, ReadableRun[]>();
  for (const run of sorted) {
    const title = groupOf(run.record, query);
    const members = groups.get(title);
    if (members) members.push(run);
    else groups.set(title, [run]);
  }
  return [...groups].flatMap(([title, members]): HistoryRow[] => [
    { kind: "group", title, count: members.length },
    ...members.map((run) => ({ kind: "run" as const, run })),
  ]);
}

/** A run's figure of the metric column; null where it has none. */
export function figureOf(
  record: RunRecord,
  { metric, statistic }: Pick<HistoryQuery, "metric" | "statistic">,
  valueAtStep: ValueAtStep = () => null,
): number | null {
  if (statistic === "step") return valueAtStep(record.id);
  return summaryOf(record, metric)?.[statistic] ?? null;
}

/** What the filters offer: every value that occurs. */
export function choicesOf(runs: readonly ReadableRun[]): {
  presets: string[];
  data: string[];
  tags: string[];
  metrics: string[];
} {
  const records = runs.map(({ record }) => record);
  return {
    presets: distinct(records.map((one) => one.settings?.preset ?? "")),
    data: distinct(records.map(dataTitle)),
    tags: distinct(records.flatMap(({ tags }) => tags)),
    metrics: distinct(metricsOf(records)),
  };
}

function matches(record: RunRecord, query: HistoryQuery): boolean {
  if (record.archived !== query.archived) return false;
  if (query.starred && !record.starred) return false;
  if (query.preset && record.settings?.preset !== query.preset) return false;
  if (query.data && dataTitle(record) !== query.data) return false;
  if (query.state && record.state !== query.state) return false;
  if (query.tag && !record.tags.includes(query.tag)) return false;
  return hasWords(
    `${record.name} ${record.id} ${record.tags.join(" ")} ${record.notes}`,
    query,
  );
}

/** Nothing is known of such a run but its name on disk and what is wrong. */
function matchesDamaged({ id, reason }: DamagedRun, query: HistoryQuery) {
  const { archived, data, preset, starred, state, tag } = query;
  if (archived || data || preset || starred || tag) return false;
  if (state && state !== "damaged") return false;
  return hasWords(`${id} ${reason}`, query);
}

function hasWords(text: string, query: HistoryQuery): boolean {
  const searched = text.toLowerCase();
  return query.text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => searched.includes(word));
}

/** Runs without the figure come last in either direction. */
function compare(
  a: RunRecord,
  b: RunRecord,
  query: HistoryQuery,
  valueAtStep: ValueAtStep,
): number {
  const left = sortValue(a, query, valueAtStep);
  const right = sortValue(b, query, valueAtStep);
  if (left === null || right === null)
    return left === right ? 0 : left === null ? 1 : -1;
  const order =
    typeof left === "number" && typeof right === "number"
      ? left - right
      : String(left).localeCompare(String(right), undefined, { numeric: true });
  return query.descending ? -order : order;
}

function sortValue(
  record: RunRecord,
  query: HistoryQuery,
  valueAtStep: ValueAtStep,
): string | number | null {
  switch (query.sort) {
    case "name":
      return record.name;
    case "state":
      return record.state;
    case "preset":
      return record.settings?.preset ?? null;
    case "data":
      return dataTitle(record) || null;
    case "step":
      return record.progress.step;
    case "created":
      return record.createdAt;
    case "metric": {
      const figure = figureOf(record, query, valueAtStep);
      return figure === null || Number.isNaN(figure) ? null : figure;
    }
    default:
      return query.sort satisfies never;
  }
}

function groupOf(record: RunRecord, { group }: HistoryQuery): string {
  switch (group) {
    case "preset":
      return record.settings?.preset ?? "imported";
    case "data":
      return dataTitle(record) || "unknown data";
    case "state":
      return record.state;
    case "group":
      return record.group ?? "no group";
    case "none":
      return "";
    default:
      return group satisfies never;
  }
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].filter(Boolean).sort();
}
