/** CSV with a header line, separated by commas, semicolons or tabs; also TensorBoard's own "Wall time,Step,Value". */
import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { dsvFormat } from "d3-dsv";
import { RunError } from "../run-error";
import type { Table } from "./table";

/** Rejects with a RunError that names the file. */
export async function importCsv(path: string): Promise<Table> {
  const text = (await readFile(path, "utf8")).replace(/^\uFEFF/, "");
  const [header, ...lines] = dsvFormat(delimiterOf(text)).parseRows(text);
  const name = basename(path);
  if (lines.length === 0)
    throw new RunError(`${name} has no rows below its header line.`);
  if (header.every((cell) => toNumber(cell) !== null))
    throw new RunError(
      `${name} begins with numbers; its first line must name the columns.`,
    );
  const columns = header.map(
    (cell, index) => cell.trim() || `column ${index + 1}`,
  );
  const rows: Table["rows"] = [];
  let ragged = 0;
  for (const cells of lines) {
    if (cells.length === 1 && cells[0].trim() === "") continue;
    if (cells.length === columns.length) rows.push(cells.map(toNumber));
    else ragged++;
  }
  const warnings =
    ragged > 0
      ? [
          `${ragged} of ${lines.length} lines do not have ${columns.length} cells and were left out.`,
        ]
      : [];
  return { columns: named(columns, name), rows, warnings };
}

/** TensorBoard calls the only column "Value"; the file's name says more. */
function named(columns: string[], file: string): string[] {
  if (columns.join() !== "Wall time,Step,Value") return columns;
  return ["Wall time", "Step", basename(file, extname(file))];
}

/** The one that occurs most in the header line. */
function delimiterOf(text: string): string {
  const end = text.search(/\r?\n/);
  const header = end < 0 ? text : text.slice(0, end);
  const counts = [",", ";", "\t"].map((mark) => header.split(mark).length);
  return [",", ";", "\t"][counts.indexOf(Math.max(...counts))];
}

/** Null for what is no number; dates become seconds since 1970. */
function toNumber(cell: string): number | null {
  const text = cell.trim();
  if (text === "") return null;
  if (/^[+-]?nan$/i.test(text)) return NaN;
  if (/^\+?inf(inity)?$/i.test(text)) return Infinity;
  if (/^-inf(inity)?$/i.test(text)) return -Infinity;
  const value = Number(text);
  if (!Number.isNaN(value)) return value;
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time / 1000;
}
