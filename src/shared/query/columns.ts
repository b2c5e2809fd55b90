/**
 * What can be asked of a run, each by a name that is the same in a table's columns, its sort order and its filter:
 * `state`, `rate`, `setting:objective.loss`, `last:loss/generator`, `at:1000:loss/generator`.
 */
import { summaryOf } from "../metric-names";
import { betterOf } from "../metrics";
import { measureOf, noInterval } from "../quality";
import type { RunListing, RunRecord } from "../run";
import { settingValue } from "../settings/differences";

/** A value in a table; null where a run has none. */
export type Cell = string | number | boolean | readonly string[] | null;

/** What a table is made of: what a listing has without its files, which take longer to find than the record. */
export type QueriedRun =
  | {
      kind: "run";
      record: RunRecord;
      /** Of each `at:` column what its curves say, and of `disk`, as far as that was read. */
      figures?: Map<string, Figure>;
    }
  | Extract<RunListing, { kind: "damaged" }>;

/** What other files than the record say. */
export interface Figure {
  value: number | null;
  /** Of a measure of quality: what it may not stand without. */
  beside?: string;
}

/** Text in a cell is cut to this: a page must stay small whatever somebody noted. */
const longestText = 300;

const plainColumns = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  state: ({ state }) => state,
  /** ISO 8601, so that text order is time order. */
  created: ({ createdAt }) => createdAt,
  updated: ({ updatedAt }) => updatedAt,
  step: ({ progress }) => progress.step,
  steps: ({ progress }) => progress.totalSteps || null,
  /** Seconds of training. */
  duration: ({ progress }) => progress.seconds,
  /** Steps a second. */
  speed: ({ progress: { step, seconds } }) =>
    seconds > 0 ? step / seconds : null,
  /** The learning rate of G. */
  rate: ({ settings }) => settings?.optimizers.generator.learningRate ?? null,
  seed: ({ settings }) => settings?.seed ?? null,
  preset: ({ settings }) => settings?.preset ?? null,
  data: ({ data, settings }) => data?.title ?? settings?.data.source ?? null,
  engine: ({ environment, settings }) =>
    environment?.engine ?? settings?.engine.id ?? null,
  device: ({ environment }) => environment?.device ?? null,
  parent: ({ parent }) => parent?.run ?? null,
  tags: ({ tags }) => tags,
  group: ({ group }) => group,
  /** The sweep that it is an entry of. */
  sweep: ({ sweep }) => sweep?.id ?? null,
  notes: ({ notes }) => notes,
  reason: ({ reason }) => reason,
  /** What the doctor says, by its id: `verdict:d-wins`. */
  verdict: ({ verdict }) => verdict?.id ?? null,
  color: ({ color }) => color,
  /** Bytes of its folder; read from the disk, so not of the record. */
  disk: () => null,
  starred: ({ starred }) => starred,
  archived: ({ archived }) => archived,
  /** Whether it came with the application. */
  example: ({ example }) => example,
  imported: ({ importedFrom }) => importedFrom,
} satisfies Record<string, (record: RunRecord) => Cell>;

export type PlainColumn = keyof typeof plainColumns;
export const plainColumnNames = Object.keys(plainColumns) as PlainColumn[];

/** What is known of a run that cannot be read; everything else is null. */
const damagedColumns: Partial<
  Record<string, (run: { id: string; reason: string }) => Cell>
> = {
  id: ({ id }) => id,
  name: ({ id }) => id,
  state: () => "damaged",
  reason: ({ reason }) => reason,
  starred: () => false,
  archived: () => false,
  example: () => false,
};

/** `tag:good` reads better than `tags:good`. */
const otherNames: Record<string, PlainColumn | undefined> = {
  tag: "tags",
  note: "notes",
  date: "created",
  lr: "rate",
};

/** One figure of a metric: of its summary, or at a step of its curve. */
export const statistics = ["last", "best", "min", "max", "at"] as const;
export type Statistic = (typeof statistics)[number];

/** A column's name taken apart. */
export type Column =
  | { kind: "plain"; name: PlainColumn }
  | { kind: "setting"; path: string }
  | {
      kind: "metric";
      statistic: Statistic;
      metric: string;
      /** Of `at` only. */
      step: number;
    };

/** Reads one column of any run. */
export type Reader = (run: QueriedRun) => Cell;

/** Null for a name that is no column. A path that has a dot is a setting, a tag that has a slash its last value. */
export function parseColumn(column: string): Column | null {
  const name = otherNames[column] ?? column;
  if (isPlain(name)) return { kind: "plain", name };
  const { groups } =
    /^(?<prefix>setting|last|best|min|max|at:(?<step>\d{1,15})):(?<rest>.+)$/s.exec(
      column,
    ) ?? {};
  if (groups?.prefix === "setting")
    return { kind: "setting", path: groups.rest };
  if (groups) {
    const [statistic] = groups.prefix.split(":");
    return {
      kind: "metric",
      statistic: statistic as Statistic,
      metric: groups.rest,
      step: Number(groups.step),
    };
  }
  if (column.includes(":")) return null;
  if (column.includes("/"))
    return { kind: "metric", statistic: "last", metric: column, step: NaN };
  return column.includes(".") ? { kind: "setting", path: column } : null;
}

/** Null for a name that is no column. */
export function readerOf(name: string): Reader | null {
  const column = parseColumn(name);
  if (!column) return null;
  const damaged =
    column.kind === "plain" ? damagedColumns[column.name] : undefined;
  return (run) =>
    run.kind === "run" ? read(run, column, name) : (damaged?.(run) ?? null);
}

function read(
  { record, figures }: Extract<QueriedRun, { kind: "run" }>,
  column: Column,
  name: string,
): Cell {
  switch (column.kind) {
    case "plain":
      return column.name === "disk"
        ? (figures?.get(name)?.value ?? null)
        : plainColumns[column.name](record);
    case "setting":
      return record.settings && settingValue(record.settings, column.path);
    case "metric": {
      const { metric, statistic } = column;
      if (statistic === "at") return figures?.get(name)?.value ?? null;
      const summary = summaryOf(record, metric);
      return summary?.[keptAs(statistic, metric)] ?? null;
    }
    default:
      return column satisfies never;
  }
}

const besideKeys = {
  last: "beside",
  min: "besideMin",
  max: "besideMax",
} as const;

/** What a run's value of a measure of quality may not stand without; null for other columns, and where there is no value. */
export function besideCell(
  run: Extract<QueriedRun, { kind: "run" }>,
  name: string,
): string | null {
  const column = parseColumn(name);
  if (column?.kind !== "metric") return null;
  const { metric, statistic } = column;
  if (!measureOf(metric) || read(run, column, name) === null) return null;
  const kept =
    statistic === "at"
      ? run.figures?.get(name)?.beside
      : summaryOf(run.record, metric)?.[besideKeys[keptAs(statistic, metric)]];
  return kept ?? noInterval;
}

function keptAs(
  statistic: Exclude<Statistic, "at">,
  metric: string,
): "last" | "min" | "max" {
  return statistic === "best" ? betterOf(metric) : statistic;
}

/** As a page carries it. */
export function shortCell(cell: Cell): Cell {
  return typeof cell === "string" && cell.length > longestText
    ? `${cell.slice(0, longestText)}…`
    : cell;
}

function isPlain(name: string): name is PlainColumn {
  return Object.hasOwn(plainColumns, name);
}
