/**
 * Tables among printed lines: a line of words, then lines with a number below most of them, as fastai, skorch and many
 * trainings of one's own print. Rules and frames around them are left out.
 */
import { readColumn } from "./cells";
import { isTimeName } from "./table";

export interface PrintedTables {
  /** By the number of its line; what a cell of words held is not in it. */
  rows: ReadonlyMap<number, Map<string, number>>;
  /** Lines that are headers or rules. */
  frames: ReadonlySet<number>;
  /** Cells that are not numbers, by column. */
  unused: ReadonlyMap<string, number>;
  /** Whether a table begins below other lines, or has a frame: nothing that is read as CSV. */
  isPrinted: boolean;
}

const rule = /^[\s\-=+|:_*─━═│┃║┌┐└┘├┤┬┴┼╞╡╪╒╕╘╛╭╮╰╯┏┓┗┛┡┩╇╈┳┻╋]+$/;
const frame = /[|│┃║]/;

export function findTables(lines: readonly string[]): PrintedTables {
  const rows = new Map<number, Map<string, number>>();
  const frames = new Set<number>();
  const unused = new Map<string, number>();
  let names: readonly string[] | null = null;
  let block: Map<string, number> | null = null;
  let isPrinted = false;
  lines.forEach((line, index) => {
    if (rule.test(line)) {
      frames.add(index);
      // A block of a name and a number a line is one row, as Stable-Baselines prints it.
      block = null;
      return;
    }
    const pair = names ? null : pairIn(line);
    if (pair) {
      isPrinted = true;
      frames.add(index);
      if (block === null) rows.set(index, (block = new Map()));
      const [name, value] = pair;
      if (value !== null) block.set(name, value);
      return;
    }
    const row = names && rowOf(line, names, unused);
    if (row) {
      rows.set(index, row);
      return;
    }
    names = headerAt(lines, index);
    if (!names) return;
    frames.add(index);
    isPrinted ||=
      index > 0 || frame.test(line) || rule.test(lines[index + 1] ?? "");
  });
  return { rows, frames, unused, isPrinted };
}

/** Of a framed line of two cells; the number is null in a heading of others. */
function pairIn(line: string): [name: string, value: number | null] | null {
  const [name, text, ...others] = byFrames(line);
  if (text === undefined || others.length > 0 || !/[a-z]/i.test(name))
    return null;
  const value = numberOf(text, name);
  return value !== null || text === "" ? [name, value] : null;
}

/** The names in a line whose next one has numbers below them; null where it is no header. */
function headerAt(lines: readonly string[], index: number): string[] | null {
  const below = lines
    .slice(index + 1, index + 4)
    .find((line) => !rule.test(line));
  if (below === undefined) return null;
  for (const split of [byFrames, byColumns, byBlanks]) {
    const names = split(lines[index]);
    const isHeader =
      names.length > 1 &&
      new Set(names).size === names.length &&
      names.every((name) => /[a-z]/i.test(name) && !/[:=]/.test(name)) &&
      names.every((name) => numberOf(name, "") === null);
    if (isHeader && rowOf(below, names, new Map())) return names;
  }
  return null;
}

/** Null where it has not a cell for each name, and a number in most of them. */
function rowOf(
  line: string,
  names: readonly string[],
  unused: Map<string, number>,
): Map<string, number> | null {
  for (const split of [byFrames, byColumns, byBlanks]) {
    const cells = split(line);
    if (cells.length !== names.length) continue;
    const numbers = cells.map((cell, column) => numberOf(cell, names[column]));
    const known = numbers.filter((value) => value !== null).length;
    if (2 * known < names.length || known < 1) continue;
    const row = new Map<string, number>();
    numbers.forEach((value, column) => {
      const name = names[column];
      if (value !== null) row.set(name, value);
      else if (cells[column] !== "")
        unused.set(name, (unused.get(name) ?? 0) + 1);
    });
    return row;
  }
  return null;
}

function byFrames(line: string): string[] {
  if (!frame.test(line)) return [];
  const inner = line.trim().replace(/^[|│┃║]|[|│┃║]$/g, "");
  return inner.split(/[|│┃║]/).map((cell) => cell.trim());
}

function byColumns(line: string): string[] {
  return line.trim().split(/\t+|\s{2,}/);
}

function byBlanks(line: string): string[] {
  return line.trim().split(/\s+/);
}

/** `12/200` is the first of them. */
function numberOf(cell: string, name: string): number | null {
  const text = cell.replace(/^(\d+)\s*\/\s*\d+$/, "$1");
  const kind = {
    counts: false,
    isTime: isTimeName(name),
    separatedByCommas: true,
  };
  return readColumn([text], kind).numbers[0];
}
