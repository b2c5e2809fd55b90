/**
 * Lines that a training printed, as most tutorials do: `Epoch [1/20], Step [400/937], d_loss: 0.9407, D(x): 0.75`,
 * `[0/5][50/1583] Loss_D: 0.01 D(G(z)): 0.59 / 0.01`, `(epoch: 1, iters: 100) D: 0.111, 0.105`; names and numbers without a sign between them, and tables, too. A line with a
 * figure is a row.
 */
import { basename } from "node:path";
import { RunError } from "../run-error";
import { bareFigures, bareNames, unit } from "./bare-figures";
import { deviation } from "./cells";
import { dateReader } from "./dates";
import { withDurationsAsSeconds } from "./durations";
import { withPlainCounts } from "./grouped-counts";
import { refuseBeyond } from "./limits";
import { findTables } from "./printed-table";
import { countsSomething, listed } from "./table";
import type { Table } from "./table";
import { readText } from "./text";

const number = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?%?|[-+]?(?:nan|inf(?:inity)?)\b`;
/** A name, and one number or several: those of the networks of a cycle, or of D's two looks at the same fakes. */
const figure = new RegExp(
  String.raw`(?<![\w.])([a-z_][^,;|[\]\t:=]*?\s*)(:|=|->)\s*(${number})((?:\s*[,/]\s*(?:${number})(?![\w.]*\s*[:=]))*)(?:m?s\b)?(?![\w%]|\.\d|:\d|(?<=%)\s*\||\s+days?\b)`,
  "gi",
);
/** Several numbers of one name in brackets: `dA[0.711,0.708]`. */
const bracketed = new RegExp(
  String.raw`\b([a-z_]\w*)\[\s*((?:${number})(?:\s*,\s*(?:${number}))*)\s*\]`,
  "gi",
);
/** What a loop counts, with or without its end: `Epoch [1/20]`, `Iter-1000`, `[Batches Done: 3]`. */
const counter =
  /(?<![\w.])(epoch|step|batch(?:es)?(?: done)?|iter(?:ation)?s?)(?:s)?[\s:#=[-]*(\d+)(?:\s*\/\s*\d+)?/gi;
/**
 * PyTorch's DCGAN example and its many heirs: `[0/5][50/1583]`; the lecture's `e0.i50/938`; Keras trainings' `>1, 50/117,`;
 * `Epoch: [ 0/25] [ 50/1583]` and `Epoch[0](50/500)` in those of Torch and TensorFlow 1; CycleGAN's `Epoch 1/200 [0100/1096]`,
 * and `Train Epoch: 1 [640/60000 (1%)]` of PyTorch's MNIST example.
 */
const bare =
  /^\s*(?:\[(\d+)\/\d+\]\s*\[(\d+)\/\d+\]|e(\d+)\.i(\d+)\/\d+|>(\d+), (\d+)\/\d+,)|(?<!\w)epoch[\s:]*\[?\s*(\d+)(?:\s*\/\s*\d+)?\s*\]?\s*[[(]\s*(\d+)\s*\/\s*\d+\s*(?:\(\d+%\)\s*)?[\])]/i;

/** What many loggers begin with: `2024-01-31 14:05:06,123 - INFO - `, `[31.01.2024 14:05:06] `. */
const stamp =
  /^\W*((?:\d{4}[-/.]\d\d[-/.]\d\d|\d\d[-/.]\d\d[-/.]\d{4})[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?)/;
/** A loop's bare number before the names: `100 D loss 0.5`, `>1, d1=0.686`. */
const alone = /^\s*(?:>?(\d+)(?:\/\d+)?[:,]?\s+(?=[a-z_{])|\[(\d+)\/\d+\])/i;
/** Keras-GAN and its many heirs begin with the bare step, `300 [D loss: 0.69] [G loss: 0.7]`; tqdm's bar has its own. */
const leading = /^\s*(\d+):?\s+\[|\|\s*(\d+)\/(?:\d+|\?)\s+\[\d+:\d\d/;
/** What Python and PyTorch put around a number: `tensor(0.69, device='cuda:0', grad_fn=<MeanBackward0>)`. */
const wrapped = new RegExp(
  String.raw`\b(?:tensor|array|np\.float\d+|np\.int\d+)\(\s*\[*\s*(${number})\s*\]*\s*(?:,[^()]*)?\)`,
  "gi",
);
/** What Python's logging begins each line with: `INFO:root:`. */
const level = /^(?:DEBUG|INFO|WARNING|ERROR|CRITICAL):[\w.]+:\s*/;
/** Quotes around the names of a dict. */
const quotedName = /(['"])([\w./() ]+)\1(?=\s*:)/g;
/** Colours and the like of a terminal (ECMA-48, section 5.4). */
// eslint-disable-next-line no-control-regex -- that is what they begin with
const escapes = /\x1b\[[0-?]*[ -/]*[@-~]/g;

/** Whether the beginning of a text is of such lines. */
export function isPrinted(text: string): boolean {
  const lines = linesOf(text).slice(0, 200);
  const unsigned = bareNames(lines.map(withoutSigns));
  const { rows, frames, isPrinted: hasTable } = findTables(lines);
  const tellsBare = (line: string) => {
    const { size } = figuresIn(line, unsigned);
    return size > 1 || (size > 0 && countersIn(line).size > 0);
  };
  const telling = lines.filter(
    (line, index) =>
      figuresIn(line).size > 0 ||
      (hasTable ? rows.has(index) : !rows.has(index) && tellsBare(line)),
  ).length;
  const others = hasTable ? lines.length - frames.size : lines.length;
  return telling > 1 && 2 * telling >= others;
}

/** Rejects with a RunError that names the file. */
export async function importPrinted(path: string): Promise<Table> {
  const text = await readText(path);
  const lines = linesOf(text);
  const deviations = text.match(deviation)?.length ?? 0;
  const { found, without, unused } = rowsOf(lines);
  const columns = [...new Set(found.flatMap((row) => [...row.keys()]))];
  if (columns.length === 0)
    throw new RunError(`${basename(path)} has no line with a number.`);
  refuseBeyond(basename(path), {
    metrics: columns.length,
    values: columns.length * found.length,
  });
  return {
    columns,
    rows: found.map((row) => columns.map((column) => row.get(column) ?? null)),
    warnings: [
      "Read as lines that a training printed.",
      ...leftOut(deviations, "deviation", "behind ±"),
      ...leftOut(without, "line", "without a number"),
      ...(unused.size === 0
        ? []
        : [
            `Cells of tables that are not numbers were left out: ${listed([...unused.keys()])}.`,
          ]),
    ],
  };
}

/** `2 lines without a number were left out.`; nothing of none. */
function leftOut(count: number, what: string, which: string): string[] {
  if (count === 0) return [];
  return count === 1
    ? [`1 ${what} ${which} was left out.`]
    : [`${count} ${what}s ${which} were left out.`];
}

function linesOf(text: string): string[] {
  // A progress bar writes over its own line.
  return text
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== "")
    .map((line) =>
      withPlainCounts(withDurationsAsSeconds(line).replace(escapes, ""))
        .replace(level, "")
        .replace(quotedName, "$2")
        .replace(deviation, "")
        .replace(wrapped, "$1")
        .replace(bracketed, (whole, name: string, values: string) =>
          countsSomething(name) ? whole : `${name}: ${values}`,
        ),
    );
}

/** A line that counts, as Keras' "Epoch 1/3", counts for those that follow and do not. */
function rowsOf(lines: readonly string[]): {
  found: Map<string, number>[];
  without: number;
  /** Cells of tables that hold no number, by column. */
  unused: ReadonlyMap<string, number>;
} {
  const unsigned = bareNames(lines.map(withoutSigns));
  const tables = findTables(lines);
  const found: Map<string, number>[] = [];
  let counts = new Map<string, number>();
  let without = 0;
  for (const [index, line] of lines.entries()) {
    const row = tables.rows.get(index);
    if (row) found.push(new Map([...counts, ...row]));
    if (row || tables.frames.has(index)) continue;
    const figures = figuresIn(line, unsigned);
    const counters = countersIn(line);
    if (figures.size > 0)
      found.push(
        new Map([...counts, ...counters, ...timeIn(line), ...figures]),
      );
    else if (counters.size === 0) without++;
    // A step within an epoch that a line above it named.
    const epoch = counts.get("epoch");
    if (counters.size === 0) continue;
    counts = counters;
    if (epoch !== undefined && !counts.has("epoch")) counts.set("epoch", epoch);
  }
  return { found, without, unused: tables.unused };
}

function countersIn(line: string): Map<string, number> {
  const found = new Map<string, number>();
  const first = bare.exec(line);
  if (first) {
    const [epoch, batch] = first.slice(1).filter((part) => part !== undefined);
    found.set("epoch", Number(epoch)).set("batch", Number(batch));
  }
  const [, step, done] = leading.exec(line) ?? [];
  if (step !== undefined) found.set("step", Number(step));
  if (done !== undefined) found.set("batch", Number(done));
  for (const [, name, count] of line.matchAll(counter)) {
    const plain = name.toLowerCase().replace("batches", "batch");
    if (!found.has(plain)) found.set(plain, Number(count));
  }
  const [, leads, inBrackets] = alone.exec(line) ?? [];
  const count = leads ?? inBrackets;
  if (found.size === 0 && count !== undefined) found.set("step", Number(count));
  return found;
}

/** Of a line that begins with the time at which it was written. */
function timeIn(line: string): [name: string, seconds: number][] {
  const [, text] = stamp.exec(line) ?? [];
  if (text === undefined) return [];
  const seconds = dateReader([text], true)?.read(text) ?? null;
  return seconds === null ? [] : [["wall time", seconds]];
}

/** `names` are those that need no sign before their number. */
function figuresIn(
  line: string,
  names?: ReadonlySet<string>,
): Map<string, number> {
  const found = new Map<string, number>();
  const rest = line.replace(bare, "").replace(counter, "");
  // What has a sign comes first: `D: 0.5 G 1.2`.
  for (const [name, value] of names ? bareFigures(withoutSigns(line)) : [])
    if (names?.has(name)) found.set(name, valueOf(value));
  for (const match of rest.matchAll(figure)) {
    const [, , sign, first, others] = match;
    const words = withoutUnit(match[1], rest.slice(0, match.index));
    // "Fri Jun 21 05:19:51" is a time of day.
    if (sign === ":" && /\d$/.test(words) && /^\d\d$/.test(first)) continue;
    const short = nameIn(words, sign);
    const name = found.has(short) ? words.trim() : short;
    const values = [
      first,
      ...others.split(/[,/]/).filter((part) => part.trim() !== ""),
    ];
    values.forEach((value, index) => {
      const own = index === 0 ? name : anotherName(name, index);
      if (!found.has(own)) found.set(own, valueOf(value));
    });
  }
  return found;
}

/** `batch_cost: 0.36 sec reader_cost: 0.01`: a unit belongs to the number before it. */
function withoutUnit(words: string, before: string): string {
  const [first, rest] = /^(\S+)\s+(\S.*)$/s.exec(words)?.slice(1) ?? [words];
  const isUnit = /\d\s*$/.test(before) && unit.test(first.replace(/\/s$/, ""));
  return isUnit && rest !== undefined ? rest : words;
}

/** What is left of a line without its counters and the figures that have a sign. */
function withoutSigns(line: string): string {
  return line.replace(bare, "").replace(counter, " , ").replace(figure, " , ");
}

/** Right before a `=` stands one word; before a `:`, or a `=` between blanks, all that follows the last separator. */
function nameIn(words: string, sign: string): string {
  const name = words.split(" - ").at(-1)?.trim() ?? words;
  return sign === "=" && !/\s$/.test(words)
    ? (name.split(/\s+/).at(-1) ?? name)
    : name;
}

/** `D(G(z)): 0.59 / 0.01` is before and after D's update. */
function anotherName(name: string, index: number): string {
  if (index === 1 && /^d\(g\(z\)\)$/i.test(name)) return "D_G_z2";
  return `${name} (${index + 1})`;
}

function valueOf(text: string): number {
  const plain = text.trim().toLowerCase();
  const sign = plain.startsWith("-") ? -1 : 1;
  if (plain.includes("nan")) return NaN;
  if (plain.includes("inf")) return sign * Infinity;
  return Number(plain.replace(/%$/, ""));
}
