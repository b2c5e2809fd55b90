/** CSV with a header line, separated by commas, semicolons, tabs, bars or blanks; also TensorBoard's own "Wall time,Step,Value". */
import { basename, extname } from "node:path";
import { dsvFormat } from "d3-dsv";
import { RunError } from "../run-error";
import { areTimesOfDay, readColumn } from "./cells";
import { areDays } from "./dates";
import { withTagsAsColumns } from "./long-sheet";
import type { Sheet } from "./long-sheet";
import { timesOf } from "./steps";
import { countsSomething, isTimeName, toldApart } from "./table";
import type { Table } from "./table";
import { readText } from "./text";

/** Rejects with a RunError that names the file. */
export async function importCsv(path: string): Promise<Table> {
  const name = basename(path);
  const { lines, delimiter, notes } = splitLines(await readText(path));
  const sheet = withTagsAsColumns(withWholeTimes(readSheet(lines, name)));
  if (sheet.rows.length === 0)
    throw new RunError(
      [`${name} has no rows below its header line.`, ...sheet.notes].join(" "),
    );
  const columns = sheet.columns.map((column, index) =>
    readColumn(
      sheet.rows.map(({ cells }) => cells[index] ?? ""),
      {
        counts: countsSomething(column),
        isTime: isTimeName(column),
        separatedByCommas: delimiter === ",",
      },
    ),
  );
  return {
    columns: sheet.columns,
    rows: sheet.rows.map((_, row) =>
      columns.map(({ numbers }) => numbers[row]),
    ),
    dates: [...columns.keys()].filter((column) => columns[column].areDates),
    warnings: [
      ...notes,
      ...sheet.notes,
      ...columns.flatMap(({ choice, unused, numbers }, index) => {
        const column = sheet.columns[index];
        return [
          ...(choice ? [`"${column}": ${choice}.`] : []),
          ...(unused
            ? [
                unusedOf(column, unused, {
                  isText: numbers.every((number) => number === null),
                  line: sheet.rows[unused.row].line,
                }),
              ]
            : []),
        ];
      }),
    ],
  };
}

function unusedOf(
  column: string,
  { count, first }: { count: number; first: string },
  { isText, line }: { isText: boolean; line: number },
): string {
  const example = `"${first.slice(0, 40)}" in line ${line}`;
  if (isText)
    return `"${column}" holds no numbers and was left out: ${count} ${count === 1 ? "cell" : "cells"}, the first ${example}.`;
  return `${count} ${count === 1 ? "cell" : "cells"} of "${column}" ${count === 1 ? "is not a number and was" : "are not numbers and were"} left out: the first is ${example}.`;
}

interface Line {
  cells: string[];
  /** Counted from 1, where no cell spans lines. */
  number: number;
}

/** Lines of cells without blank ones, comments and Excel's "sep=;". */
function splitLines(text: string): {
  lines: Line[];
  delimiter: string;
  notes: string[];
} {
  const notes: string[] = [];
  const told = /^sep=(.)\r?\n/i.exec(text);
  const body = told ? text.slice(told[0].length) : text;
  const comments = /^(?:[#%][^\n]*\n|\s*\n)*/.exec(body)?.[0] ?? "";
  const rest = body.slice(comments.length);
  const delimiter = told ? told[1] : delimiterOf(rest);
  const skipped = (told ? 1 : 0) + comments.split("\n").length - 1;
  const lines = cellsOf(rest, delimiter).map((cells, index) => ({
    cells,
    number: index + 1 + skipped,
  }));
  const commented = comments.split("\n").filter((line) => /^[#%]/.test(line));
  // NumPy writes its header as a comment.
  const header = commented.at(-1)?.replace(/^[#%]+\s*/, "");
  const isHeadless =
    lines.length > 0 && lines[0].cells.every((cell) => isNumber(cell));
  const headed = header === undefined ? [] : cellsOf(header, delimiter);
  if (isHeadless && headed.at(0)?.length === lines[0].cells.length)
    lines.unshift({ cells: headed[0], number: skipped });
  else if (commented.length > 0)
    notes.push(
      `${commented.length} comment ${commented.length === 1 ? "line" : "lines"} at the beginning ${commented.length === 1 ? "was" : "were"} left out.`,
    );
  return {
    lines: lines.filter(({ cells }) =>
      cells.some((cell) => cell.trim() !== ""),
    ),
    delimiter,
    notes,
  };
}

function cellsOf(text: string, delimiter: string): string[][] {
  if (delimiter === " ")
    return text.split(/\r\n|\r|\n/).map((line) => line.trim().split(/\s+/));
  return dsvFormat(delimiter).parseRows(text);
}

/** With the day in one column and the time of day in another as one column. */
function withWholeTimes(sheet: Sheet): Sheet {
  const cellsIn = (column: number) =>
    sheet.rows.map(({ cells }) => cells[column]?.trim() ?? "");
  const times = [...sheet.columns.keys()].filter((column) =>
    isTimeName(sheet.columns[column]),
  );
  const day = times.find((column) => areDays(cellsIn(column)));
  const time = times.find((column) => areTimesOfDay(cellsIn(column)));
  if (day === undefined || time === undefined) return sheet;
  const without = (cells: readonly string[]) => cells.toSpliced(time, 1);
  return {
    columns: without(sheet.columns),
    rows: sheet.rows.map(({ cells, line }) => ({
      cells: without(
        cells.with(day, `${cells[day] ?? ""} ${cells[time] ?? ""}`.trim()),
      ),
      line,
    })),
    notes: [
      ...sheet.notes,
      `"${sheet.columns[day]}" and "${sheet.columns[time]}" are read together.`,
    ],
  };
}

/** Rows by the header above them; a second header may name more columns, or others. */
function readSheet(lines: readonly Line[], file: string): Sheet {
  const [first, ...rest] = lines;
  if (first === undefined || isRow(first.cells))
    throw new RunError(
      `${file} begins with numbers; its first line must name the columns.`,
    );
  let header = headerOf(first.cells, rest, file);
  const columns = [...header.names];
  const notes = [...header.notes];
  const rows: Sheet["rows"] = [];
  let ragged = 0;
  let repeated = 0;
  for (const { cells, number } of rest) {
    if (isHeader(cells, header.names)) {
      header = headerOf(cells, [], file);
      const added = header.names.filter((name) => !columns.includes(name));
      columns.push(...added);
      if (added.length > 0)
        notes.push(
          `Line ${number} is a second header, which adds ${added.map((name) => `"${name}"`).join(", ")}.`,
        );
      else repeated++;
      continue;
    }
    const whole = rejoined(cells, header.names.length);
    if (whole.length !== header.names.length) {
      ragged++;
      continue;
    }
    const placed: string[] = [];
    header.names.forEach((name, index) => {
      placed[columns.indexOf(name)] = whole[index];
    });
    rows.push({ cells: placed, line: number });
  }
  if (repeated > 0)
    notes.push(`The header is repeated ${timesOf(repeated)} and was left out.`);
  if (ragged > 0)
    notes.push(
      `${ragged} of ${rest.length} lines do not have ${header.names.length} cells and were left out.`,
    );
  return { columns, rows, notes };
}

/** No header: numbers only, or a fraction and not one letter, as `1000: 0.3224`. */
function isRow(cells: readonly string[]): boolean {
  if (cells.every((cell) => isNumber(cell))) return true;
  const hasLetters = cells.some((cell) => /\p{L}/u.test(cell));
  return !hasLetters && cells.some((cell) => /\d[.,]\d/.test(cell));
}

/** The names of the columns, all different. Where every row has a cell more, the first of them is a row's label, as R writes it. */
function headerOf(
  cells: readonly string[],
  rows: readonly Line[],
  file: string,
): { names: string[]; notes: string[] } {
  const isLabelled =
    rows.length > 0 &&
    rows.every((row) => row.cells.length === cells.length + 1) &&
    rows.some((row) => row.cells.at(-1)?.trim() !== "") &&
    cells.at(-1)?.trim() !== "";
  const end = cells.at(-1)?.trim() === "" ? -1 : undefined;
  const written = [...(isLabelled ? [""] : []), ...cells.slice(0, end)];
  const { names, notes } = toldApart(
    named(
      written.map((cell, index) => cell.trim() || `column ${index + 1}`),
      file,
    ),
  );
  return { names, notes };
}

/** Words in every place, and among them most of the names there were. */
function isHeader(cells: readonly string[], names: readonly string[]): boolean {
  const words = cells.map((cell) => cell.trim());
  if (words.some((word) => word !== "" && isNumber(word))) return false;
  const known = words.filter((word) => names.includes(word)).length;
  return known > 0 && 2 * known >= Math.min(names.length, words.length);
}

/** Without empty cells beyond the header, and with cells joined that only the commas inside of brackets parted. */
function rejoined(cells: readonly string[], width: number): readonly string[] {
  if (cells.length <= width) return cells;
  if (cells.slice(width).every((cell) => cell.trim() === ""))
    return cells.slice(0, width);
  const joined: string[] = [];
  let open = 0;
  for (const cell of cells) {
    if (open > 0) joined.push(`${joined.pop()},${cell}`);
    else joined.push(cell);
    for (const character of cell)
      open += "([".includes(character) ? 1 : ")]".includes(character) ? -1 : 0;
  }
  return joined;
}

/** TensorBoard calls the only column "Value"; the file's name says more. */
function named(columns: string[], file: string): string[] {
  if (columns.join() !== "Wall time,Step,Value") return columns;
  return ["Wall time", "Step", basename(file, extname(file))];
}

/** The one that occurs most in the header line, outside of quotes; blanks where there is no other. */
function delimiterOf(text: string): string {
  const header = /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text)?.[0] ?? "";
  const bare = header.replace(/"(?:[^"]|"")*"/g, "");
  const marks = [",", ";", "\t", "|"];
  const counts = marks.map((mark) => bare.split(mark).length);
  const most = Math.max(...counts);
  if (most > 1) return marks[counts.indexOf(most)];
  return /\S[ ]+\S/.test(bare) && isBlankSeparated(text) ? " " : ",";
}

/** Whether the second line has as many words as the first, numbers among them. */
function isBlankSeparated(text: string): boolean {
  const [header, row] = text
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== "")
    .map((line) => line.trim().split(/\s+/));
  return row?.length === header.length && row.some((word) => isNumber(word));
}

function isNumber(cell: string): boolean {
  const kind = { counts: false, isTime: false, separatedByCommas: true };
  return readColumn([cell], kind).numbers[0] !== null;
}
