/**
 * What can be asked of a run, each by a name that is the same in a table's columns, its sort order and its filter:
 * `state`, `rate`, `setting:objective.loss`, `last:loss/generator`.
 */
import type { RunRecord } from "../run";

/** A value in a table; null where a run has none. */
export type Cell = string | number | boolean | readonly string[] | null;

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
  parent: ({ parent }) => parent?.run ?? null,
  tags: ({ tags }) => tags,
  group: ({ group }) => group,
  notes: ({ notes }) => notes,
  reason: ({ reason }) => reason,
  starred: ({ starred }) => starred,
  archived: ({ archived }) => archived,
  imported: ({ importedFrom }) => importedFrom,
} satisfies Record<string, (record: RunRecord) => Cell>;

type PlainColumn = keyof typeof plainColumns;

/** `tag:good` reads better than `tags:good`. */
const otherNames: Record<string, PlainColumn | undefined> = {
  tag: "tags",
  note: "notes",
  date: "created",
  lr: "rate",
};

/** A setting by its path, or one figure of a metric's summary. */
const prefixes = ["setting", "last", "min", "max"] as const;

/** Reads one column of any record. */
export type Reader = (record: RunRecord) => Cell;

/** Null for a name that is no column. A path that has a dot is a setting, a tag that has a slash its last value. */
export function readerOf(column: string): Reader | null {
  const name = otherNames[column] ?? column;
  if (isPlain(name)) return plainColumns[name];
  const mark = column.indexOf(":");
  const prefix = prefixes.find((one) => one === column.slice(0, mark));
  const rest = column.slice(mark + 1);
  if (prefix === "setting") return rest === "" ? null : settingReader(rest);
  if (prefix)
    return rest === ""
      ? null
      : ({ summary }) =>
          Object.hasOwn(summary, rest) ? summary[rest][prefix] : null;
  if (mark >= 0) return null;
  if (column.includes("/")) return readerOf(`last:${column}`);
  return column.includes(".") ? settingReader(column) : null;
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

/** Lists become text, because only their whole means something in a table. */
function settingReader(path: string): Reader {
  const keys = path.split(".");
  return ({ settings }) => {
    let part: unknown = settings;
    for (const key of keys) {
      if (typeof part !== "object" || part === null) return null;
      part = Object.hasOwn(part, key)
        ? (part as Record<string, unknown>)[key]
        : null;
    }
    switch (typeof part) {
      case "string":
      case "number":
      case "boolean":
        return part;
      default:
        return part === null || part === undefined
          ? null
          : JSON.stringify(part);
    }
  };
}
