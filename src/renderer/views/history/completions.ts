/** What the field of the filter offers while somebody types. */
import { quoted } from "../../../shared/query/filter";
import type { ColumnOffer } from "../../../shared/query/offers";
import { columnTitle } from "../../../shared/query/titles";
import { cellText } from "./cells";

export interface Completion {
  /** What the field holds then. */
  text: string;
  /** Said behind it. */
  detail: string;
  /** Whether it is a whole term. */
  whole: boolean;
}

const most = 10;
/** The names that people filter by, before those of settings and metrics. */
const names = [
  "state",
  "preset",
  "tag",
  "data",
  "rate",
  "seed",
  "step",
  "duration",
  "created",
  "group",
  "sweep",
  "engine",
  "parent",
  "starred",
  "archived",
];

/** Columns for the beginning of a term; values behind `column:`. */
export function completionsOf(
  typed: string,
  offers: readonly ColumnOffer[],
): Completion[] {
  const value = /^(-?)([\p{L}_][^\s:<>=!"]*)\s*([:=])\s*(.*)$/u.exec(typed);
  const found = value
    ? valuesOf(value[1] + value[2] + value[3], value[2], value[4], offers)
    : [...columnsLike(typed, offers), ...valuesLike(typed, offers)];
  return found.slice(0, most);
}

function columnsLike(
  typed: string,
  offers: readonly ColumnOffer[],
): Completion[] {
  const [, minus, word] = /^(-?)(.*)$/s.exec(typed) ?? ["", "", typed];
  if (/\s/.test(word)) return [];
  const all = [
    ...names,
    ...offers.flatMap(({ column, kind }) => (kind === "plain" ? [] : column)),
  ];
  return all.flatMap((name) => {
    const title = columnTitle(name === "tag" ? "tags" : name);
    const fits = [name, title].some((text) => has(text, word));
    return fits
      ? { text: `${minus}${name}:`, detail: title, whole: false }
      : [];
  });
}

/** A word may be a value: `good` is `tag:good` too. */
function valuesLike(
  word: string,
  offers: readonly ColumnOffer[],
): Completion[] {
  if (word.length < 2 || /\s/.test(word)) return [];
  return ["tag", "preset", "state", "data", "group"].flatMap((name) =>
    valuesOf(`${name}:`, name, word, offers),
  );
}

function valuesOf(
  before: string,
  name: string,
  word: string,
  offers: readonly ColumnOffer[],
): Completion[] {
  const column = { tag: "tags", lr: "rate", date: "created" }[name] ?? name;
  const values = offers.find((one) => one.column === column)?.values ?? [];
  return values.flatMap((value) =>
    has(value, word)
      ? {
          text: `${before}${/^[^\s"]+$/.test(value) ? value : quoted(value)}`,
          detail: value === "" ? "" : detailOf(column, value),
          whole: true,
        }
      : [],
  );
}

function detailOf(column: string, value: string): string {
  const text = column === "state" ? cellText(column, value) : "";
  return text === value ? "" : text;
}

function has(text: string, word: string): boolean {
  return text.toLowerCase().includes(word.toLowerCase());
}
