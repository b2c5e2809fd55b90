/**
 * One JSON object a line: StyleGAN's `stats.jsonl`, whose values are `{num, mean, std}`, and anything like it. Also one
 * JSON document: a list of such objects, or an object of lists as Keras keeps its history.
 */
import { basename } from "node:path";
import { z } from "zod";
import { RunError } from "../run-error";
import { readColumn } from "./cells";
import { refuseBeyond } from "./limits";
import { countsSomething, isTimeName, listed } from "./table";
import type { Table } from "./table";
import { readText } from "./text";

const objectSchema = z.record(z.string(), z.unknown());
const listSchema = z.array(objectSchema).min(1);
const columnsSchema = z.record(z.string(), z.array(z.unknown()).min(2));
const statSchema = z.object({ mean: z.unknown() });

type Cells = Map<string, unknown>;

/** Rejects with a RunError that names the file. */
export async function importJsonLines(path: string): Promise<Table> {
  const text = await readText(path);
  const { objects, warnings } = objectsIn(text);
  const unused = new Unused();
  const flat = objects.map((object) => {
    const cells: Cells = new Map();
    flatten(object, "", cells, unused);
    return cells;
  });
  if (!flat.some((cells) => [...cells.values()].some(isNumber)))
    throw new RunError(`${basename(path)} holds no line of JSON with numbers.`);
  const columns = [...new Set(flat.flatMap((cells) => [...cells.keys()]))];
  refuseBeyond(basename(path), {
    metrics: columns.length,
    values: columns.length * flat.length,
  });
  const read = columns.map((name) =>
    readCells(
      name,
      flat.map((cells) => cells.get(name)),
      unused,
    ),
  );
  return {
    columns,
    rows: flat.map((_, row) => read.map((numbers) => numbers[row])),
    warnings: [...warnings, ...unused.notes],
  };
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

function objectsIn(text: string): {
  objects: Record<string, unknown>[];
  warnings: string[];
} {
  const whole = parse(text);
  if (whole !== undefined) return { objects: rowsIn(whole), warnings: [] };
  const lines = text.split(/\r\n|\r|\n/);
  const objects: Record<string, unknown>[] = [];
  const warnings: string[] = [];
  let bad = 0;
  lines.forEach((line, index) => {
    if (line.trim() === "") return;
    const parsed = objectSchema.safeParse(parse(line));
    if (parsed.success) objects.push(parsed.data);
    // By a training that still goes on.
    else if (index === lines.length - 1)
      warnings.push("The last line is half-written and was left out.");
    else bad++;
  });
  if (bad > 0)
    warnings.unshift(
      bad === 1
        ? "1 line is not a JSON object and was left out."
        : `${bad} lines are not JSON objects and were left out.`,
    );
  return { objects, warnings };
}

/** Of one document: its list of objects, its columns as rows, or itself as the only row. */
function rowsIn(document: unknown): Record<string, unknown>[] {
  const list = listSchema.safeParse(document);
  if (list.success) return list.data;
  const object = objectSchema.safeParse(document).data ?? {};
  for (const value of Object.values(object)) {
    const inner = listSchema.safeParse(value);
    if (inner.success) return inner.data;
  }
  const lists = columnsSchema.safeParse(object);
  if (!lists.success) return [object];
  const names = Object.keys(lists.data);
  const length = Math.max(...names.map((name) => lists.data[name].length));
  return Array.from({ length }, (_, row) =>
    Object.fromEntries(names.map((name) => [name, lists.data[name][row]])),
  );
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

/** A dict as Python prints it: `{'loss': 0.5, 'best': None}`. */
function python(text: string): string {
  const words: Record<string, string> = {
    None: "null",
    True: "true",
    False: "false",
    nan: "NaN",
    inf: "Infinity",
  };
  return text.replace(
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
  const stat = statSchema.safeParse(value);
  if (stat.success && typeof stat.data.mean !== "object") {
    cells.set(name, stat.data.mean);
    unused.beside(name);
    return;
  }
  const inner = objectSchema.safeParse(value);
  if (!inner.success) {
    cells.set(name, value);
    return;
  }
  for (const [key, part] of Object.entries(inner.data))
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
  const { numbers } = readColumn(texts, {
    counts: countsSomething(name),
    isTime: isTimeName(name),
    separatedByCommas: true,
  });
  return cells.map((cell, row) => {
    const number = typeof cell === "number" ? cell : numbers[row];
    if (number === null && cell !== null && cell !== undefined && cell !== "")
      unused.value(name);
    return number;
  });
}

function isNumber(cell: unknown): boolean {
  return typeof cell === "number" || (typeof cell === "string" && cell !== "");
}
