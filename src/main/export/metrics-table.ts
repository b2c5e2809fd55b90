/** Metrics as rows: what the CSV holds and the report shows. */
import { csvFormatRow } from "d3-dsv";
import type { MetricGroup } from "../../shared/curves/metric-group";
import { isSingle } from "../../shared/curves/column";
import { clockUnknown } from "../../shared/curves/axis";
import type { Clock } from "../../shared/run";

interface MetricsTable {
  /** TensorBoard tags in the order of the columns. */
  tags: string[];
  rows: Iterable<MetricRow>;
}

interface MetricRow {
  step: number;
  /** Seconds since 1970. */
  time: number;
  /** One per tag; null where the step has no such figure. */
  values: (number | null)[];
}

/** Groups with different steps joined into one table, by step. */
function joinGroups(groups: readonly MetricGroup[]): MetricsTable {
  return {
    tags: groups.flatMap((group) => group.tags),
    rows: joinedRows(groups),
  };
}

function* joinedRows(groups: readonly MetricGroup[]): Generator<MetricRow> {
  const next = groups.map(() => 0);
  for (;;) {
    const step = Math.min(
      ...groups.map((group, index) => group.steps[next[index]] ?? Infinity),
    );
    if (step === Infinity) return;
    let time = 0;
    const values = groups.flatMap((group, index) => {
      const row = next[index];
      if (group.steps[row] !== step) return group.tags.map(() => null);
      next[index]++;
      time = Math.max(time, group.times[row]);
      return group.values.map((column) => column[row]);
    });
    yield { step, time, values };
  }
}

/** The cell of a figure: as few digits as give the same 32-bit number back, all where it is larger; NaN and Infinity by name. */
export function formatFigure(value: number | null): string {
  if (value === null) return "";
  if (!Number.isFinite(value) || !isSingle(value)) return String(value);
  for (let digits = 6; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === Math.fround(value))
      return String(Number(text));
  }
  return String(value);
}

export interface MetricsOfRun {
  id: string;
  stepsPerEpoch: number;
  clock: Clock;
  groups: MetricGroup[];
}

/** Lines of CSV with their line ends, heading first. `runs` are told apart by a first column if there are several. */
export function* csvLines(runs: readonly MetricsOfRun[]): Generator<string> {
  const tables = runs.map((run) => joinGroups(run.groups));
  const tags = [...new Set(tables.flatMap((table) => table.tags))];
  const several = runs.length > 1;
  const elapsed = runs.some(({ clock }) => clock === "elapsed");
  yield line([
    ...(several ? ["run"] : []),
    ...["step", "epoch", "time"],
    ...(elapsed ? ["seconds"] : []),
    ...tags,
  ]);
  for (const [index, { id, stepsPerEpoch, clock }] of runs.entries()) {
    const columns = tags.map((tag) => tables[index].tags.indexOf(tag));
    for (const { step, time, values } of tables[index].rows)
      yield line([
        ...(several ? [id] : []),
        String(step),
        stepsPerEpoch > 0 ? String(step / stepsPerEpoch) : "",
        clock === "wall" ? dateOf(time) : clockUnknown,
        ...(elapsed ? [clock === "elapsed" ? String(time) : ""] : []),
        ...columns.map((column) => formatFigure(values[column] ?? null)),
      ]);
  }
}

/** The largest number of seconds that a Date takes. */
const lastSecond = 8.64e12;

function dateOf(seconds: number): string {
  return Math.abs(seconds) <= lastSecond
    ? new Date(seconds * 1000).toISOString()
    : clockUnknown;
}

function line(cells: string[]): string {
  return `${csvFormatRow(cells.map(asText))}\r\n`;
}

/** A spreadsheet would run a cell that begins like a formula; behind an apostrophe it is text. */
function asText(cell: string): string {
  return /^[=+\-@\t\r\n]/.test(cell) && !isNumber(cell) ? `'${cell}` : cell;
}

function isNumber(cell: string): boolean {
  return cell.trim() !== "" && (cell === "NaN" || !Number.isNaN(Number(cell)));
}
