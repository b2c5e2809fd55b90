/**
 * One JSON object a line: StyleGAN's `stats.jsonl`, whose values are `{num, mean, std}`, and anything like it. Also one
 * JSON document: a list of such objects, or an object of lists as Keras keeps its history.
 */
import { basename, extname } from "node:path";
import { RunError } from "../run-error";
import { readColumn } from "./cells";
import { seriesRows } from "./json-series";
import { refuseBeyond } from "./limits";
import { countsSomething, isTimeName, listed } from "./table";
import type { Table } from "./table";
import { readText } from "./text";

type JsonObject = Record<string, unknown>;

/** Rejects with a RunError that names the file. */
export async function importJsonLines(path: string): Promise<Table> {
  const notes: string[] = [];
  const unused = new Unused();
  const cells = new Cells(basename(path));
  const name = basename(path, extname(path));
  for (const object of objectsIn(await readText(path), name, notes)) {
    flatten(object, "", cells, unused);
    cells.endRow();
  }
  const columns = [...cells.columns.keys()];
  if (![...cells.columns.values()].some((column) => column.some(isNumber)))
    throw new RunError(`${basename(path)} holds no line of JSON with numbers.`);
  const read = columns.map((name) => readCells(name, cells.take(name), unused));
  return {
    columns,
    rows: Array.from({ length: cells.rows }, (_, row) =>
      read.map((numbers) => numbers[row]),
    ),
    warnings: [...notes, ...unused.notes],
  };
}

/** Values by column, in the order in which the columns came; an object is let go of when its values are taken. */
class Cells {
  rows = 0;
  readonly columns = new Map<string, unknown[]>();

  constructor(private readonly file: string) {}

  /** In the row that is under way; of two with one name the later counts. */
  set(name: string, value: unknown): void {
    const column = this.columns.get(name) ?? [];
    this.columns.set(name, column);
    while (column.length < this.rows) column.push(undefined);
    column[this.rows] = value;
  }

  /** Throws a RunError where this row was one too many. */
  endRow(): void {
    this.rows++;
    const metrics = this.columns.size;
    refuseBeyond(this.file, { metrics, values: metrics * this.rows });
  }

  /** A value for each row; they are no longer kept here. */
  take(name: string): unknown[] {
    const column = this.columns.get(name) ?? [];
    this.columns.delete(name);
    while (column.length < this.rows) column.push(undefined);
    return column;
  }
}

/** What of the objects is not taken, by name. */
class Unused {
  private readonly counts = new Map<string, number>();
  private readonly stats = new Set<string>();

  value(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  beside(name: string): void {
    this.stats.add(name);
  }

  get notes(): string[] {
    const names = [...this.counts.keys()];
    const total = [...this.counts.values()].reduce((sum, one) => sum + one, 0);
    return [
      ...(names.length > 0
        ? [
            `${total} ${total === 1 ? "value that is not a number was" : "values that are not numbers were"} left out: ${listed(names)}.`,
          ]
        : []),
      ...(this.stats.size > 0
        ? [
            `Of ${this.stats.size === 1 ? "a metric" : `${this.stats.size} metrics`} with num, mean and std the mean is taken; the others were left out.`,
          ]
        : []),
    ];
  }
}

/** Says in `notes` what is no object. */
function* objectsIn(
  text: string,
  name: string,
  notes: string[],
): Generator<JsonObject> {
  const whole = parse(text);
  if (whole !== undefined) {
    yield* seriesRows(whole, name) ?? rowsIn(whole);
    return;
  }
  const lines = text.split(/\r\n|\r|\n/);
  let bad = 0;
  let isCutOff = false;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const parsed = parse(line);
    if (isObject(parsed)) yield parsed;
    // By a training that still goes on.
    else if (index === lines.length - 1) isCutOff = true;
    else bad++;
  }
  if (bad > 0)
    notes.push(
      bad === 1
        ? "1 line is not a JSON object and was left out."
        : `${bad} lines are not JSON objects and were left out.`,
    );
  if (isCutOff) notes.push("The last line is half-written and was left out.");
}

/** Of one document: its list of objects, its columns as rows, or itself as the only row. */
function rowsIn(document: unknown): JsonObject[] {
  if (isListOfObjects(document)) return document;
  const object = isObject(document) ? document : {};
  const inner = Object.values(object).find(isListOfObjects);
  if (inner) return inner;
  const lists = listsIn(object);
  if (lists === null || lists.length === 0) return [object];
  const length = Math.max(...lists.map(([, values]) => values.length));
  return Array.from({ length }, (_, row) =>
    Object.fromEntries(lists.map(([name, values]) => [name, values[row]])),
  );
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isListOfObjects(value: unknown): value is JsonObject[] {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}

/** Columns by name, also in objects: `{"D": {"loss": [...]}}`; null where there is something else beside them. */
function listsIn(
  object: JsonObject,
  under = "",
  depth = 0,
): [name: string, values: unknown[]][] | null {
  const found: [string, unknown[]][] = [];
  for (const [key, value] of Object.entries(object)) {
    const name = under + key;
    if (Array.isArray(value) && value.length >= 2) found.push([name, value]);
    else if (isObject(value) && depth < deepest) {
      const inner = listsIn(value, `${name}/`, depth + 1);
      if (inner === null) return null;
      found.push(...inner);
    } else return null;
  }
  return found;
}

/** Undefined for what is no JSON. A byte order mark may stand where files were joined. */
function parse(text: string): unknown {
  const json = text.replace(/^[\uFEFF\s]+/, "");
  try {
    return JSON.parse(
      notNumbers(/^[[{]\s*['}]/.test(json) ? python(json) : json),
    );
  } catch {
    return undefined;
  }
}

/** What Python and PyTorch put around a number. */
const tensors =
  /\b(?:tensor|array|np\.\w+)\(\s*\[*\s*([-+\w.]+)\s*\]*\s*(?:,[^()]*(?:\([^()]*\)[^()]*)*)?\)/g;

/** A dict as Python prints it: `{'loss': 0.5, 'best': None}`. */
function python(text: string): string {
  const words: Record<string, string> = {
    None: "null",
    True: "true",
    False: "false",
    nan: "NaN",
    inf: "Infinity",
  };
  return text
    .replace(tensors, "$1")
    .replace(
      /'((?:[^'\\]|\\.)*)'|"(?:[^"\\]|\\.)*"|\b(None|True|False|nan|inf)\b/g,
      (whole, single?: string, word?: string) => {
        if (word !== undefined) return words[word];
        return single === undefined
          ? whole
          : JSON.stringify(single.replaceAll("\\'", "'"));
      },
    );
}

/** Python writes NaN and Infinity, which JSON does not know; strings stand in for them. */
function notNumbers(line: string): string {
  return line.replace(/([:[,]\s*)(-?Infinity|NaN)(?=\s*[,\]}])/g, '$1"$2"');
}

/** Deeper than any program nests what it measures. */
const deepest = 50;

function flatten(
  value: unknown,
  name: string,
  cells: Cells,
  unused: Unused,
  depth = 0,
): void {
  if (depth > deepest)
    throw new RunError(
      `A value lies more than ${deepest} levels deep; what is measured stands in the first few.`,
    );
  if (!isObject(value)) {
    cells.set(name, value);
    return;
  }
  if (name !== "" && "mean" in value && typeof value.mean !== "object") {
    cells.set(name, value.mean);
    unused.beside(name);
    return;
  }
  for (const [key, part] of Object.entries(value))
    flatten(
      part,
      name === "" ? key : `${name}/${key}`,
      cells,
      unused,
      depth + 1,
    );
}

/** Numbers as they are, and those that stand in strings. */
function readCells(
  name: string,
  cells: readonly unknown[],
  unused: Unused,
): (number | null)[] {
  const texts = cells.map((cell) => (typeof cell === "string" ? cell : ""));
  const written = texts.some((text) => text !== "")
    ? readColumn(texts, {
        counts: countsSomething(name),
        isTime: isTimeName(name),
        separatedByCommas: true,
      }).numbers
    : null;
  return cells.map((cell, row) => {
    const number = typeof cell === "number" ? cell : (written?.[row] ?? null);
    if (number === null && cell !== null && cell !== undefined && cell !== "")
      unused.value(name);
    return number;
  });
}

function isNumber(cell: unknown): boolean {
  return typeof cell === "number" || (typeof cell === "string" && cell !== "");
}
