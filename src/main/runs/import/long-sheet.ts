/**
 * A sheet that has a line for each value: `run,tag,step,value`, as TensorBoard's data frames, MLflow and tidy R keep it.
 * It becomes a column for each tag and a line for each step; where a tag has another value at a step, as in the next
 * epoch, that begins another line of this step.
 */
import { countsSomething, isTimeName } from "./table";

interface Row {
  cells: string[];
  line: number;
}

export interface Sheet {
  columns: string[];
  rows: Row[];
  notes: string[];
}

const tagName = /^(tag|metric|key|variable|scalar|name)$/i;
const valueName = /^values?$/i;
const runName = /^(run|experiment|split|phase|mode|set)$/i;

/** The sheet as it is where it has no such lines. */
export function withTagsAsColumns(sheet: Sheet): Sheet {
  const { columns, rows } = sheet;
  const find = (is: (name: string) => boolean) =>
    columns.findIndex((name) => is(name.trim()));
  const tag = find((name) => tagName.test(name));
  const value = find((name) => valueName.test(name));
  const step = find(countsSomething);
  if (tag < 0 || value < 0 || step < 0) return sheet;
  const at = (row: Row, column: number) => row.cells[column]?.trim() ?? "";
  if (!rows.some((row) => /\p{L}/u.test(at(row, tag)))) return sheet;
  const run = find((name) => runName.test(name));
  const runs = new Set(rows.map((row) => (run < 0 ? "" : at(row, run))));
  const nameOf = (row: Row) =>
    runs.size > 1 ? `${at(row, run)}/${at(row, tag)}` : at(row, tag);
  const kept = [step, ...columns.keys()].filter(
    (column, index) =>
      index === 0 || (column !== step && isTimeName(columns[column].trim())),
  );
  const tags = [...new Set(rows.map(nameOf))];
  const places = new Map(tags.map((one, index) => [one, kept.length + index]));
  const lines = new Map<string, Row>();
  const counts = new Map<string, number>();
  for (const row of rows) {
    const name = nameOf(row);
    const place = `${at(row, step)} ${name}`;
    const count = (counts.get(place) ?? 0) + 1;
    counts.set(place, count);
    const key = `${at(row, step)} ${count}`;
    const line = lines.get(key) ?? {
      cells: kept.map((column) => at(row, column)),
      line: row.line,
    };
    line.cells[places.get(name) ?? 0] = at(row, value);
    lines.set(key, line);
  }
  return {
    columns: [...kept.map((column) => columns[column]), ...tags],
    rows: [...lines.values()],
    notes: [
      ...sheet.notes,
      `Each "${columns[tag]}" is a curve of its own, over "${columns[step]}".`,
    ],
  };
}
