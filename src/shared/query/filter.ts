/**
 * A filter as people type it: `rate < 1e-3 preset:jaketae -tag:bad "first try"`. Terms beside each other must all hold;
 * a minus turns one round; a word alone is looked for in the name, the id, the tags and the notes.
 */
import { readerOf } from "./columns";
import type { Cell, QueriedRun, Reader } from "./columns";

export type Test = (run: QueriedRun) => boolean;

/** What is wrong with a filter, in one sentence. */
export class FilterError extends Error {
  override name = "FilterError";
}

const operators = ["<=", ">=", "!=", "<", ">", "=", ":"] as const;
type Operator = (typeof operators)[number];

/** More terms than anyone types. */
const mostTerms = 50;

const term =
  /\s*(?<not>-?)(?:(?<column>(?:(?:setting|last|best|min|max|at:\d+):)?[\p{L}_][^\s:<>=!"]*)\s*(?<operator><=|>=|!=|<|>|=|:)\s*(?<value>"[^"]*"|[^\s"]+)|"(?<quoted>[^"]*)"|(?<word>[^\s"]+))/uy;

/** Throws a FilterError. */
export function parseFilter(text: string): Test {
  const tests = termsOf(text).map((groups) => {
    const test = testOf(groups);
    return groups.not === "-" ? (run: QueriedRun) => !test(run) : test;
  });
  return (run) => tests.every((test) => test(run));
}

/** The terms of a filter, each as it was typed. Throws a FilterError. */
export function splitFilter(text: string): string[] {
  return termsOf(text).map(({ whole }) => whole?.trim() ?? "");
}

/** A word or a value as a filter takes it, whatever is in it; quotation marks cannot be asked for. */
export function quoted(text: string): string {
  return `"${text.replaceAll('"', "")}"`;
}

/** The columns that a filter asks for. Throws a FilterError. */
export function filterColumns(text: string): string[] {
  return termsOf(text).flatMap(({ column }) => column ?? []);
}

type Term = Record<string, string | undefined>;

function termsOf(text: string): Term[] {
  const terms: Term[] = [];
  term.lastIndex = 0;
  while (text.slice(term.lastIndex).trim() !== "") {
    const at = term.lastIndex;
    const found = term.exec(text);
    if (!found?.groups)
      throw new FilterError(
        `The filter cannot be read from "${text.slice(at).trim().slice(0, 40)}" on; a quotation mark may be missing.`,
      );
    if (terms.length === mostTerms)
      throw new FilterError(`A filter has at most ${mostTerms} terms.`);
    terms.push({ ...found.groups, whole: found[0] });
  }
  return terms;
}

function testOf(groups: Term): Test {
  const { column, operator, value, quoted, word } = groups;
  if (column === undefined || operator === undefined || value === undefined)
    return hasText(quoted ?? word ?? "");
  const reader = readerOf(column);
  if (!reader)
    throw new FilterError(
      `There is no column "${column}"; use name, state, preset, data, tag, rate, seed, step, duration, created, a setting such as objective.loss, or a metric such as loss/generator.`,
    );
  const wanted = value.replace(/^"(.*)"$/s, "$1");
  return compare(
    reader,
    operators.find((one) => one === operator) ?? ":",
    wanted,
  );
}

function hasText(text: string): Test {
  const wanted = text.toLowerCase();
  // Within an id digits are of its date and time, which nobody means by "026".
  const isOfId = /^\d+$/.test(wanted)
    ? (id: string) => id.startsWith(wanted)
    : (id: string) => id.toLowerCase().includes(wanted);
  return (run) =>
    isOfId(run.kind === "damaged" ? run.id : run.record.id) ||
    wordsOf(run).some((one) => one.toLowerCase().includes(wanted));
}

function wordsOf(run: QueriedRun): readonly string[] {
  if (run.kind === "damaged") return [run.reason];
  const { name, notes, tags } = run.record;
  return [name, notes, ...tags];
}

function compare(reader: Reader, operator: Operator, wanted: string): Test {
  const text = wanted.toLowerCase();
  const number = numberOf(text);
  return (run) => {
    const cell = reader(run);
    switch (operator) {
      case ":":
        return isLike(cell, text, number);
      case "=":
        return isEqual(cell, text, number);
      case "!=":
        return !isEqual(cell, text, number);
      default:
        return isOrdered(cell, operator, text, number);
    }
  };
}

/** Text that has it within, a tag that is it, a number or a switch that equals it. */
function isLike(cell: Cell, text: string, number: number | null): boolean {
  return typeof cell === "string"
    ? cell.toLowerCase().includes(text)
    : isEqual(cell, text, number);
}

function isEqual(cell: Cell, text: string, number: number | null): boolean {
  if (cell === null) return text === "none";
  if (typeof cell === "number") return cell === number;
  if (typeof cell === "boolean") return cell === switchOf(text);
  if (typeof cell === "string") return cell.toLowerCase() === text;
  return text === "none"
    ? cell.length === 0
    : cell.some((one) => one.toLowerCase() === text);
}

/** A run without the figure is neither below nor above. */
function isOrdered(
  cell: Cell,
  operator: "<" | "<=" | ">" | ">=",
  text: string,
  number: number | null,
): boolean {
  const order =
    typeof cell === "number" && number !== null
      ? cell - number
      : typeof cell === "string"
        ? Number(cell.toLowerCase() > text) - Number(cell.toLowerCase() < text)
        : NaN;
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    default:
      return operator satisfies never;
  }
}

const seconds = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `1e-3`, `10k`, `2.5h` in seconds; null for what is none. */
function numberOf(text: string): number | null {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([kmshd]?)$/.exec(
    text,
  );
  if (!match) return null;
  const [, digits, unit] = match;
  const scale =
    unit === "k" ? 1000 : (seconds[unit as keyof typeof seconds] ?? 1);
  return Number(digits) * scale;
}

function switchOf(text: string): boolean | null {
  if (["yes", "true", "1"].includes(text)) return true;
  return ["no", "false", "0"].includes(text) ? false : null;
}
