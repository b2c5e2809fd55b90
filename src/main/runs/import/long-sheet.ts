/**
 * A sheet that has a line for each value: `run,tag,step,value`, as TensorBoard's data frames, MLflow and tidy R keep it.
 * It becomes a column for each tag and a line for each step; where a tag has another value at a step, as in the next
 * epoch, that begins another line of this step. Also one that has a line for each part: `step,loss,split`.
 */
import { countsSomething, isTimeName, listed } from "./table";

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

/** More are no parts of one training. */
const mostRuns = 100;

/** The sheet as it is where it has no such lines. */
export function withTagsAsColumns(sheet: Sheet): Sheet {
  const { columns, rows } = sheet;
  const find = (is: (name: string) => boolean) =>
    columns.findIndex((name) => is(name.trim()));
  const at = (row: Row, column: number) => row.cells[column]?.trim() ?? "";
  const hasWords = (column: number) =>
    column >= 0 && rows.some((row) => /\p{L}/u.test(at(row, column)));
  const tag = find((name) => tagName.test(name));
  const value = find((name) => valueName.test(name));
  const step = find(countsSomething);
  const run = find((name) => runName.test(name));
  const runs = new Set(rows.map((row) => (run < 0 ? "" : at(row, run))));
  const isLong = value >= 0 && hasWords(tag);
  const isSplit = runs.size > 1 && runs.size <= mostRuns && hasWords(run);
  if (step < 0 || !(isLong || isSplit)) return sheet;
  const kept = [step, ...columns.keys()].filter(
    (column, index) =>
      index === 0 || (column !== step && isTimeName(columns[column].trim())),
  );
  const others = [...columns.keys()].filter(
    (column) => !kept.includes(column) && column !== run,
  );
  const unused = others.filter(
    (column) => isLong && column !== tag && column !== value,
  );
  const valuesIn = (row: Row): [name: string, text: string][] =>
    isLong
      ? [[at(row, tag), at(row, value)]]
      : others.map((column) => [columns[column], at(row, column)]);
  const places = new Map<string, number>();
  const lines = new Map<string, Row>();
  const counts = new Map<string, number>();
  for (const row of rows)
    for (const [name, text] of valuesIn(row)) {
      const whole = runs.size > 1 ? `${at(row, run)}/${name}` : name;
      const place = `${at(row, step)} ${whole}`;
      const count = (counts.get(place) ?? 0) + 1;
      counts.set(place, count);
      const key = `${at(row, step)} ${count}`;
      const line = lines.get(key) ?? {
        cells: kept.map((column) => at(row, column)),
        line: row.line,
      };
      if (!places.has(whole)) places.set(whole, kept.length + places.size);
      line.cells[places.get(whole) ?? 0] = text;
      lines.set(key, line);
    }
  return {
    columns: [...kept.map((column) => columns[column]), ...places.keys()],
    rows: [...lines.values()],
    notes: [
      ...sheet.notes,
      `Each "${columns[isLong ? tag : run]}" is a curve of its own, over "${columns[step]}".`,
      ...(unused.length > 0
        ? [
            `Left out beside them: ${listed(unused.map((column) => columns[column]))}.`,
          ]
        : []),
    ],
  };
}
