/**
 * Dates as people and programs of many countries write them: `2024-01-31T14:05:06Z`, `31.01.2024 14:05`, `1/31/24 2:05 PM`,
 * `Wed Jan 31 14:05:06 2024`, `20240131-140506`. Whether the day or the month comes first is decided once for a column.
 */

export interface DateReader {
  /** Seconds since 1970, by this machine's time zone where the text names none; null for what is not a date. */
  read(text: string): number | null;
  /** How they were read, where it could be otherwise: a sentence without the column's name. */
  choice: string | null;
}

type Order = "day" | "month";

const clockTime = String.raw`(?:(?:,?\s+|T|_|-)(?<hour>\d{1,2})[:.-](?<minute>\d\d)(?:[:.-](?<second>\d\d)(?:[.,:](?<part>\d+))?)?\s*(?<half>[ap]\.?m\.?)?\s*(?<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)?(?:\s*\(?[A-Z]{3,5}\)?)?)?`;
const weekday = String.raw`(?:[a-z]{2,9}\.?,?\s+)?`;
const month = String.raw`(?<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?`;

const forms = [
  String.raw`(?<year>\d{4})(?<mark>[-/.])(?<month>\d{1,2})\k<mark>(?<day>\d{1,2})${clockTime}`,
  String.raw`(?<first>\d{1,2})(?<mark>[-/.])(?<other>\d{1,2})\k<mark>(?<year>\d{4}|\d\d)${clockTime}`,
  String.raw`${weekday}(?<day>\d{1,2})[\s-]${month}[\s,-]+(?<year>\d{4})${clockTime}`,
  String.raw`${weekday}${month}\s+(?<day>\d{1,2}),?\s+(?<year>\d{4})${clockTime}`,
  // As C's asctime has it.
  String.raw`${weekday}${month}\s+(?<day>\d{1,2})\s+(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)\s+(?:[A-Z]{3,5}\s+)?(?<year>\d{4})`,
  String.raw`(?<year>(?:19|20)\d\d)(?<month>\d\d)(?<day>\d\d)(?:(?<mark>[-_T]?)(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)(?<zone>Z)?)?`,
].map((form) => new RegExp(`^${form}$`, "i"));
const monthNames = "janfebmaraprmayjunjulaugsepoctnovdec";

/** Null where the first cell is not a date, and unless `isTime` where any is not, or could be something else. */
export function dateReader(
  cells: readonly string[],
  isTime: boolean,
): DateReader | null {
  const written = cells.filter((cell) => cell !== "");
  if (written.length === 0 || !isDate(written[0])) return null;
  const parts = written.map(partsOf);
  const known = parts.filter((part) => part !== null);
  if (!isTime && known.length < parts.length) return null;
  if (!isTime && known.some(isVague)) return null;
  const { order, choice } = orderOf(known);
  const read = (text: string) => secondsOf(partsOf(text), order);
  if (!isTime && written.some((text) => read(text) === null)) return null;
  return { read, choice };
}

/** Whether every cell that holds something is a day without a time. */
export function areDays(cells: readonly string[]): boolean {
  const written = cells.filter((cell) => cell !== "");
  const isDay = (cell: string) => isDate(cell) && !partsOf(cell)?.hour;
  return written.length > 0 && written.every(isDay);
}

/** Other things look like that, too: `1.2.24`, `20240131`. */
function isVague({ year, mark, name }: Parts): boolean {
  const isPlainNumber = !mark && name === undefined;
  return year?.length === 2 || isPlainNumber;
}

function isDate(text: string): boolean {
  const parts = partsOf(text);
  return secondsOf(parts, "day") !== null || secondsOf(parts, "month") !== null;
}

type Parts = Partial<Record<string, string>>;

function partsOf(text: string): Parts | null {
  for (const form of forms) {
    const found = form.exec(text)?.groups;
    if (found) return found;
  }
  return null;
}

/** A number past 12 tells; else dots and dashes stand in countries that begin with the day, and a slash mostly does not. */
function orderOf(parts: readonly Parts[]): {
  order: Order;
  choice: string | null;
} {
  const open = parts.filter(({ first }) => first !== undefined);
  if (open.length === 0) return { order: "day", choice: null };
  if (open.some(({ first }) => Number(first) > 12))
    return { order: "day", choice: null };
  if (open.some(({ other }) => Number(other) > 12))
    return { order: "month", choice: null };
  const order = open[0].mark === "/" ? "month" : "day";
  const isEither = open.every(({ first, other }) => first === other);
  const choice = isEither ? null : `the ${order} comes first in its dates`;
  return { order, choice };
}

function secondsOf(parts: Parts | null, order: Order): number | null {
  if (!parts) return null;
  const [day, month] = dayAndMonth(parts, order);
  const year = Number(parts.year) + (parts.year?.length === 2 ? 2000 : 0);
  const [hour, minute, second] = [parts.hour, parts.minute, parts.second].map(
    (part) => Number(part ?? 0),
  );
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 60)
    return null;
  if (day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate())
    return null;
  const time = [
    year,
    month - 1,
    day,
    inDay(hour, parts.half),
    minute,
    second,
  ] as const;
  const fraction = parts.part ? Number(`0.${parts.part}`) : 0;
  // A day alone is one of everywhere.
  const isUniversal = parts.zone !== undefined || parts.hour === undefined;
  const whole = isUniversal
    ? Date.UTC(...time) / 1000 - offsetOf(parts.zone)
    : new Date(...time).getTime() / 1000;
  return whole + fraction;
}

function dayAndMonth(
  { first, other, day, month, name }: Parts,
  order: Order,
): [day: number, month: number] {
  if (first !== undefined)
    return order === "day"
      ? [Number(first), Number(other)]
      : [Number(other), Number(first)];
  const named = name
    ? monthNames.indexOf(name.toLowerCase()) / 3 + 1
    : Number(month);
  return [Number(day), named];
}

/** The hour of the day; `half` is what stands behind one of twelve: `am`, `pm` or their first letter. */
export function inDay(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  return (hour % 12) + (/^p/i.test(half) ? 12 : 0);
}

/** Seconds east of Greenwich. */
function offsetOf(zone = ""): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  if (sign === undefined) return 0;
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  return sign === "-" ? -seconds : seconds;
}
