/** How the history's table is looked at: columns, order, groups and filter; kept by name. */
import { z } from "zod";
import { columnTitle } from "../../shared/query/titles";
import { parseColumn } from "../../shared/query/columns";
import type { ColumnOffer } from "../../shared/query/offers";

const column = z.string().min(1).max(200);

export const historyViewSchema = z.object({
  /** Beside the name, in their order; null shows what differs. */
  columns: z.array(column).max(50).nullable(),
  /** Pixels, where they were changed. */
  widths: z.record(z.string(), z.number().min(40).max(1000)),
  sort: z.array(z.object({ column, descending: z.boolean() })).max(5),
  group: column.nullable(),
  /** The terms of the filter. */
  terms: z.array(z.string().max(300)).max(40),
});
export type HistoryView = z.infer<typeof historyViewSchema>;

export const namedViewsSchema = z
  .array(
    z.object({
      name: z.string().trim().min(1).max(100),
      view: historyViewSchema,
    }),
  )
  .max(100);
export type NamedView = z.infer<typeof namedViewsSchema>[number];

export const plainView: HistoryView = {
  columns: null,
  widths: {},
  sort: [],
  group: null,
  terms: [],
};

/** What one asks of every run, whether it differs or not. */
const always = ["state", "step", "duration"];
const figures = ["loss/discriminator", "loss/generator"];
/** More settings than that are looked for in the list of columns. */
const mostDiffering = 6;
/** Said by another column, or too long for a table that nobody asked for. */
const unasked = new Set([
  "preset",
  "seed",
  "data.source",
  "engine.id",
  "log.template",
  "optimizers.generator.learningRate",
]);

/** The columns until somebody chooses others: how the runs stand, what differs between them, and what came of it. */
export function differingColumns(offers: readonly ColumnOffer[]): string[] {
  const differs = new Set(
    offers.flatMap((offer) => (offer.differs ? offer.column : [])),
  );
  const plain = ["preset", "data", "rate", "seed", "parent", "group"].filter(
    (one) => differs.has(one),
  );
  const settings = offers.flatMap((offer) =>
    offer.kind === "setting" && offer.differs && !unasked.has(offer.column)
      ? offer.column
      : [],
  );
  const quality = offers.flatMap(({ column: name }) =>
    name.startsWith("quality/") ? name : [],
  );
  const metrics = figures.filter((name) =>
    offers.some((offer) => offer.column === name),
  );
  return [
    ...always,
    ...[...plain, ...settings].slice(0, mostDiffering),
    ...[...quality.slice(0, 2), ...metrics].map((name) => `last:${name}`),
    "created",
  ];
}

/** Pixels. */
export const nameWidth = 300;

/** Pixels that a column takes until it is resized: its title, and the longest value that it usually has. */
export function usualWidth(name: string): number {
  const parsed = parseColumn(name);
  const words = 20 + 7 * columnTitle(name).length;
  if (parsed?.kind === "plain")
    return Math.max(words, plainWidths[parsed.name] ?? 72);
  return Math.max(
    88,
    Math.min(words, 180),
    name.endsWith(".network") ? 240 : 0,
  );
}

const plainWidths: Partial<Record<string, number>> = {
  state: 104,
  preset: 136,
  data: 136,
  tags: 136,
  parent: 160,
  sweep: 160,
  id: 240,
  notes: 240,
  reason: 240,
  device: 160,
};

const numbers = new Set([
  "step",
  "steps",
  "duration",
  "speed",
  "rate",
  "seed",
  "disk",
]);

/** Whether a column stands on the right, as figures do. */
export function isNumeric(
  name: string,
  offers: readonly ColumnOffer[],
): boolean {
  const parsed = parseColumn(name);
  if (parsed?.kind === "metric") return true;
  if (parsed?.kind === "plain") return numbers.has(parsed.name);
  const values = offers.find(({ column: one }) => one === name)?.values ?? [];
  return (
    values.length > 0 &&
    values.every((value) => value === "none" || !Number.isNaN(Number(value)))
  );
}
