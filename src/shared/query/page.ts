/** One page of a table of runs: filtered, sorted, and no more of each run than its columns. */
import { z } from "zod";
import type { RunListing, RunRecord } from "../run";
import { readerOf, shortCell } from "./columns";
import type { Cell, Reader } from "./columns";
import { FilterError, parseFilter } from "./filter";

const columnSchema = z.string().min(1).max(200);

export const runQuerySchema = z.object({
  columns: z.array(columnSchema).max(60),
  /** See `filter.ts`; empty takes every run, damaged ones too. */
  filter: z.string().max(2000).default(""),
  /** Runs under way first and then the newest, where this is null. */
  sort: z
    .object({ column: columnSchema, descending: z.boolean() })
    .nullable()
    .default(null),
  page: z.object({
    from: z.int().nonnegative(),
    count: z.int().min(1).max(1000),
  }),
});
export type RunQuery = z.infer<typeof runQuerySchema>;

interface RunRow {
  id: string;
  /** One for each column that was asked for, in that order; none where the run is damaged. */
  cells: Cell[];
  /** Why it cannot be read, or null. */
  damaged: string | null;
}

export interface RunPage {
  rows: RunRow[];
  /** How many runs match, on all pages. */
  matching: number;
  /** How many there are. */
  total: number;
}

/** What a page is made of: what a listing has without its files. */
export type QueriedRun =
  { kind: "run"; record: RunRecord } | Extract<RunListing, { kind: "damaged" }>;

/** `runs` come in their usual order. Throws a FilterError where the filter or a column cannot be understood. */
export function pageOf(runs: readonly QueriedRun[], query: RunQuery): RunPage {
  const readers = query.columns.map(reader);
  const test = parseFilter(query.filter);
  const records = runs.flatMap((run) =>
    run.kind === "run" && test(run.record) ? [run.record] : [],
  );
  // Nothing is known of a damaged run, so only a list of everything has it.
  const damaged =
    query.filter.trim() === ""
      ? runs.filter((run) => run.kind === "damaged")
      : [];
  const { from, count } = query.page;
  const rows = [
    ...sorted(records, query.sort).map((record) => ({ record })),
    ...damaged,
  ].slice(from, from + count);
  return {
    rows: rows.map((row) =>
      "record" in row
        ? {
            id: row.record.id,
            cells: readers.map((read) => shortCell(read(row.record))),
            damaged: null,
          }
        : { id: row.id, cells: [], damaged: row.reason },
    ),
    matching: records.length + damaged.length,
    total: runs.length,
  };
}

function reader(column: string): Reader {
  const found = readerOf(column);
  if (!found) throw new FilterError(`There is no column "${column}".`);
  return found;
}

const words = new Intl.Collator("en", { numeric: true });

/** Runs without the value come last in either direction; equal ones keep their order. */
function sorted(records: RunRecord[], sort: RunQuery["sort"]): RunRecord[] {
  if (!sort) return records;
  const read = reader(sort.column);
  const sign = sort.descending ? -1 : 1;
  return records
    .map((record) => ({ record, key: keyOf(read(record)) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null)
        return Number(a.key === null) - Number(b.key === null);
      return sign * order(a.key, b.key);
    })
    .map(({ record }) => record);
}

function order(a: string | number, b: string | number): number {
  return typeof a === "number" && typeof b === "number"
    ? a - b
    : words.compare(String(a), String(b));
}

function keyOf(cell: Cell): string | number | null {
  if (cell === null || (typeof cell === "number" && Number.isNaN(cell)))
    return null;
  if (typeof cell === "boolean") return Number(cell);
  if (typeof cell === "string" || typeof cell === "number") return cell;
  return cell.length === 0 ? null : cell.join(" ");
}
