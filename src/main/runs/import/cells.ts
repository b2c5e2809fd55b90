/**
 * Numbers out of the cells of a column, as people and programs write them: decimal commas, thousands separators,
 * `tensor(0.69)`, per cent, dates and durations. What is not a number is counted.
 */
import { dateReader } from "./dates";
import { daySeconds, durationOf } from "./durations";

/** What a mean is printed with: `0.69 ± 0.02`, `0.69 +/- 0.02`. */
export const deviation =
  /\s*(?:±|\+\/?-)\s*(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi;

export interface ColumnReading {
  /** NaN and infinities included; null where the cell is empty or is not a number. */
  numbers: (number | null)[];
  /** Cells that hold something else, and the first of them. */
  unused: { count: number; first: string; row: number } | null;
  /** How the numbers were written, where that was a choice: a sentence without the column's name. */
  choice: string | null;
  /** Whether they are dates, in seconds since 1970. */
  areDates: boolean;
}

export interface ColumnKind {
  /** Counts something, so that `1,000` is a thousand. */
  counts: boolean;
  /** May hold dates and durations. */
  isTime: boolean;
  /** Where commas end cells, a comma within one is more likely to separate thousands. */
  separatedByCommas: boolean;
}

/** Reads the cells of one column in one way. */
export function readColumn(
  cells: readonly string[],
  kind: ColumnKind,
): ColumnReading {
  const deviates = cells.some((cell) => cell.search(deviation) >= 0);
  const plain = cells.map((cell) =>
    unwrap((deviates ? cell.replace(deviation, "") : cell).trim()),
  );
  const dates = dateReader(plain, kind.isTime);
  const style = styleOf(plain, kind);
  const reading: ColumnReading = {
    numbers: [],
    unused: null,
    choice: dates ? dates.choice : style.choice,
    areDates: dates !== null,
  };
  plain.forEach((text, row) => {
    const number = dates?.read(text) ?? toNumber(text, style, kind.isTime);
    reading.numbers.push(number);
    if (number !== null || text === "") return;
    reading.unused ??= { count: 0, first: cells[row].trim(), row };
    reading.unused.count++;
  });
  if (kind.isTime && areTimesOfDay(plain))
    reading.numbers = overMidnight(reading.numbers);
  if (plain.some((text) => percent.test(text)))
    reading.choice ??= "its per cent signs are left out";
  if (deviates) reading.choice ??= "its deviations are left out";
  return reading;
}

/** The number inside of what Python prints for one: `tensor(0.69, device='cuda:0')`, `np.float32(0.69)`, `[0.69]`. */
function unwrap(text: string): string {
  if (!/[([=]/.test(text)) return text;
  const inner =
    /^[\w.]*\(\s*\[*\s*([^\s,()[\]]+)\s*\]*\s*(,.*)?\)$/s.exec(text) ??
    /^\[+\s*([^\s,()[\]]+)\s*\]+$/.exec(text) ??
    /^<tf\.[^>]*numpy=([^\s,()[\]>]+)>$/.exec(text);
  return inner && isNumeric(inner[1]) ? inner[1] : text;
}

function isNumeric(text: string): boolean {
  return decimal.test(text) || special(text) !== null;
}

interface Style {
  /** Which sign ends the whole part, and whether the other one separates thousands. */
  point: "." | ",";
  grouped: boolean;
  choice: string | null;
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const percent = /^[+-]?[\d.,]+\s*%$/;
/** Thousands with blanks, apostrophes or underscores are never anything else. */
const spaced = /^([+-]?\d{1,3})((?:[\s'’_]\d{3})+)(?!\d)/;
const commaGroups = /^[+-]?[1-9]\d{0,2}(,\d{3})+$/;
const commaGroupsForSure =
  /^[+-]?[1-9]\d{0,2}((,\d{3}){2,}|(,\d{3})+\.\d*(e[+-]?\d+)?)$/i;
const commaDecimal = /^[+-]?(\d+|[1-9]\d{0,2}(\.\d{3})+)?,\d*(e[+-]?\d+)?$/i;
const dotGroups = /^[+-]?[1-9]\d{0,2}(\.\d{3})+$/;

/** One decision for the whole column. */
function styleOf(cells: readonly string[], kind: ColumnKind): Style {
  const commas = cells.filter((cell) => cell.includes(","));
  const dots = cells.filter((cell) => !cell.includes(",") && /\./.test(cell));
  const dotsGroup =
    dots.length > 0 && dots.every((cell) => dotGroups.test(cell));
  if (commas.length === 0) {
    const isGrouped =
      dotsGroup &&
      (dots.some((cell) => /\..*\./.test(cell)) ||
        (kind.counts && !kind.separatedByCommas));
    return isGrouped
      ? { point: ",", grouped: true, choice: "dots in it separate thousands" }
      : { point: ".", grouped: false, choice: null };
  }
  const groups: Style = {
    point: ".",
    grouped: true,
    choice: "commas in it separate thousands",
  };
  const decimals: Style = {
    point: ",",
    grouped: dots.length === 0 || dotsGroup,
    choice: "commas in it are decimal points",
  };
  if (commas.some((cell) => commaGroupsForSure.test(cell))) return groups;
  const isDecimal = commas.some(
    (cell) => commaDecimal.test(cell) && !commaGroups.test(cell),
  );
  if (isDecimal) return decimals;
  if (!commas.some((cell) => commaGroups.test(cell)))
    return { point: ".", grouped: false, choice: null };
  return kind.counts || kind.separatedByCommas ? groups : decimals;
}

/** Null for what is not a number; durations become seconds. */
function toNumber(text: string, style: Style, isTime: boolean): number | null {
  if (text === "") return null;
  const named = special(text);
  if (named !== null) return named;
  const joined = text
    .replace(/\s*%$/, "")
    .replace(spaced, (_, head: string, tail: string) =>
      [head, tail.replace(/[^\d]/g, "")].join(""),
    );
  const written = inPoints(joined, style);
  if (decimal.test(written)) return Number(written);
  return isTime ? durationOf(text) : null;
}

function inPoints(text: string, { point, grouped }: Style): string {
  if (point === ".")
    return grouped && /^[+-]?\d{1,3}(,\d{3})+/.test(text)
      ? text.replaceAll(",", "")
      : text;
  if (grouped && (dotGroups.test(text) || /\..*,/.test(text)))
    return text.replaceAll(".", "").replace(",", ".");
  return text.replace(",", ".");
}

/** Also as Microsoft's C library writes them. */
function special(text: string): number | null {
  if (/^[+-]?nan$/i.test(text) || /^[+-]?1\.#(ind|qnan|snan)/i.test(text))
    return NaN;
  const infinite = /^([+-]?)(inf(inity)?|1\.#inf\d*|∞)$/i.exec(text);
  if (!infinite) return null;
  return infinite[1] === "-" ? -Infinity : Infinity;
}

const timeOfDay = /^\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?:\s*[ap]\.?m\.?)?$/i;

/** Whether every cell that holds something is a time of day. */
export function areTimesOfDay(cells: readonly string[]): boolean {
  const written = cells.filter((cell) => cell !== "");
  return written.length > 0 && written.every((cell) => timeOfDay.test(cell));
}

/** Times of day go on after midnight. */
function overMidnight(times: readonly (number | null)[]): (number | null)[] {
  let days = 0;
  let last: number | null = null;
  return times.map((time) => {
    if (time === null) return null;
    if (last !== null && last - time > daySeconds / 2) days++;
    last = time;
    return time + days * daySeconds;
  });
}
