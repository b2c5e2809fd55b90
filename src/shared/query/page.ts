/**
 * One page of a table of runs: filtered, sorted, grouped, and no more of each run than its columns. `selectRuns` finds
 * which rows there are; `rowOf` reads one of them, so that a page costs what its rows cost.
 */
import { z } from "zod";
import type { RunPicture } from "../grid-layout";
import { againstOf, noInterval } from "../quality";
import { besideCell, parseColumn, readerOf, shortCell } from "./columns";
import type { Cell, QueriedRun, Reader } from "./columns";
import { FilterError, filterColumns, parseFilter } from "./filter";
import { groupRuns, spreadOf } from "./groups";
import type { RunGroup, Spread } from "./groups";

const columnSchema = z.string().min(1).max(200);

const sortSchema = z.object({ column: columnSchema, descending: z.boolean() });
export type SortTerm = z.infer<typeof sortSchema>;

export const runQuerySchema = z.object({
  columns: z.array(columnSchema).max(60),
  /** See `filter.ts`; empty takes every run. */
  filter: z.string().max(2000).default(""),
  /** The first counts most. Runs under way first and then the newest, where there is none. */
  sort: z.array(sortSchema).max(5).default([]),
  /** Runs with the same value of this column stand together below a heading. */
  group: columnSchema.nullable().default(null),
  /** Headings whose runs are not shown. */
  folded: z.array(z.string().max(400)).max(1000).default([]),
  /** Whether each row says where its newest grid is. */
  pictures: z.boolean().default(false),
  page: z.object({
    from: z.int().nonnegative(),
    count: z.int().min(1).max(1000),
  }),
});
export type RunQuery = z.infer<typeof runQuerySchema>;
export type RunAsk = z.input<typeof runQuerySchema>;

export type PageRow =
  | {
      kind: "run";
      id: string;
      /** One for each column that was asked for, in that order. */
      cells: Cell[];
      /** By column: what a value may not stand without, as a measure of quality its interval and floor. */
      beside: Record<string, string>;
      picture: RunPicture | null;
    }
  | {
      kind: "damaged";
      id: string;
      reason: string;
      repairable: boolean;
    }
  | {
      kind: "group";
      /** The value that its runs have in common, as text. */
      key: string;
      value: Cell;
      count: number;
      folded: boolean;
      /** Of each column the spread over its runs; null where it has no numbers. */
      spreads: (Spread | null)[];
      /** By column, as of a run: what a median may not stand without, or why there is none. */
      beside: Record<string, string>;
    };
export type RunRow = Extract<PageRow, { kind: "run" }>;

export interface RunPage {
  rows: PageRow[];
  /** How many rows there are on all pages, headings included. */
  count: number;
  /** How many runs match. */
  matching: number;
  /** How many there are. */
  total: number;
}

/** A row before its cells are read. */
export type Entry = QueriedRun | RunGroup;

export interface Selection {
  entries: Entry[];
  matching: number;
  total: number;
}

/** `runs` come in their usual order. Throws a FilterError where the filter or a column cannot be understood. */
export function selectRuns(
  runs: readonly QueriedRun[],
  { filter, sort, group, folded }: RunQuery,
): Selection {
  const test = parseFilter(filter);
  const found = sorted(runs.filter(test), sort);
  return {
    entries:
      group === null ? found : groupRuns(found, reader(group), new Set(folded)),
    matching: found.length,
    total: runs.length,
  };
}

function besideCells(
  columns: readonly string[],
  besideOf: (column: string) => string | null,
): Record<string, string> {
  return Object.fromEntries(
    columns.flatMap((name) => {
      const beside = besideOf(name);
      return beside === null ? [] : [[name, beside]];
    }),
  );
}

const severalWays =
  "measured in different ways: a median of them would say nothing";

/** Of several runs what all of them are held against; one has its interval too. */
function besideGroup(
  runs: readonly QueriedRun[],
  column: string,
): string | null {
  const all = runs.flatMap((run) =>
    run.kind === "run" ? (besideCell(run, column) ?? []) : [],
  );
  if (all.length < 2) return all.at(0) ?? null;
  const ways = new Set(all.map(againstOf));
  return ways.size > 1 || all.includes(noInterval)
    ? severalWays
    : againstOf(all[0]);
}

/** Reads the cells of rows. Throws a FilterError for a name that is no column. */
export function rowReader(columns: readonly string[]): (row: Entry) => PageRow {
  const readers = columns.map(reader);
  return (row) => {
    switch (row.kind) {
      case "run":
        return {
          kind: "run",
          id: row.record.id,
          cells: readers.map((read) => shortCell(read(row))),
          beside: besideCells(columns, (name) => besideCell(row, name)),
          picture: null,
        };
      case "damaged": {
        const { id, reason, repairable } = row;
        return { kind: "damaged", id, reason, repairable };
      }
      case "group": {
        const { kind, key, value, runs, folded } = row;
        const beside = besideCells(columns, (name) => besideGroup(runs, name));
        const spreads = readers.map((read, index) =>
          beside[columns[index]] === severalWays
            ? null
            : spreadOf(runs.map(read)),
        );
        const count = runs.length;
        return { kind, key, value, count, folded, spreads, beside };
      }
      default:
        return row satisfies never;
    }
  };
}

/** The columns from other files that decide which rows there are, so that those of every run must be read. */
export function columnsToSelect({
  columns,
  filter,
  sort,
  group,
}: RunQuery): string[] {
  const asked = [
    ...filterColumns(filter),
    ...sort.map(({ column }) => column),
    // A heading sums up all of its runs.
    ...(group === null ? [] : [group, ...columns]),
  ];
  return asked.filter(isFromFiles);
}

/** Whether a column is not in the record: it is read from a run's other files, which takes longer. */
export function isFromFiles(name: string): boolean {
  const column = parseColumn(name);
  if (column?.kind === "plain") return column.name === "disk";
  return column?.kind === "metric" && column.statistic === "at";
}

function reader(column: string): Reader {
  const found = readerOf(column);
  if (!found) throw new FilterError(`There is no column "${column}".`);
  return found;
}

const words = new Intl.Collator("en", { numeric: true });

/** Runs without the value come last in either direction; equal ones keep their order. */
function sorted(runs: QueriedRun[], sort: readonly SortTerm[]): QueriedRun[] {
  if (sort.length === 0) return runs;
  const terms = sort.map(({ column, descending }) => ({
    read: reader(column),
    sign: descending ? -1 : 1,
  }));
  return runs
    .map((run) => ({ run, keys: terms.map(({ read }) => keyOf(read(run))) }))
    .sort((a, b) => {
      for (let index = 0; index < terms.length; index++) {
        const { sign } = terms[index];
        const order = compare(a.keys[index], b.keys[index], sign);
        if (order !== 0) return order;
      }
      return 0;
    })
    .map(({ run }) => run);
}

type SortKey = string | number | null;

function compare(a: SortKey, b: SortKey, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return typeof a === "number" && typeof b === "number"
    ? sign * (a - b)
    : sign * words.compare(String(a), String(b));
}

function keyOf(cell: Cell): SortKey {
  if (cell === null || (typeof cell === "number" && Number.isNaN(cell)))
    return null;
  if (typeof cell === "boolean") return Number(cell);
  if (typeof cell === "string" || typeof cell === "number") return cell;
  return cell.length === 0 ? null : cell.join(" ");
}
