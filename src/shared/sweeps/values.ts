/**
 * The values that a setting takes in a sweep, as people write them: a list (`1e-4, 2e-4`) or a range
 * (`1e-4 .. 1e-2 log 5`, `0 .. 0.9`).
 */

import { z } from "zod";

/** Of a range without a count. */
const usualCount = 5;
const mostValues = 1000;

const axisValuesSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("list"),
    values: z.array(z.json()).min(1).max(mostValues),
  }),
  z.object({
    kind: z.literal("range"),
    from: z.number(),
    to: z.number(),
    /** Spaced evenly by their logarithm. */
    log: z.boolean(),
    /** How many values; null leaves it to who asks. */
    count: z.int().min(1).max(mostValues).nullable(),
  }),
]);
type AxisValues = z.infer<typeof axisValuesSchema>;

/** One setting that varies. `preset` varies the whole settings, `seed` chance alone. */
export const axisSchema = z.object({
  /** A path into the settings, a short name such as `learningRate`, `preset` or `seed`. */
  key: z.string().min(1).max(200),
  values: axisValuesSchema,
});
export type Axis = z.infer<typeof axisSchema>;
type Json = z.infer<ReturnType<typeof z.json>>;

/** What was written cannot be understood, in one sentence. */
export class SweepError extends Error {
  override name = "SweepError";
}

/** `key=values`. Throws a SweepError. */
export function parseAxis(text: string): Axis {
  const split = text.indexOf("=");
  if (split < 1)
    throw new SweepError(
      `A setting to vary needs key=values, such as learningRate=1e-4,2e-4, not ${text}.`,
    );
  const key = text.slice(0, split).trim();
  return { key, values: parseValues(text.slice(split + 1), key) };
}

/** Whether a text is several values: a list, or a range. */
export function isSeveral(text: string): boolean {
  return text.includes(",") || /\d\.?\s*\.\./.test(text);
}

/** Throws a SweepError that names the key. */
export function parseValues(text: string, key: string): AxisValues {
  const range = parseRange(text, key);
  if (range) return range;
  const values = splitList(text).map(parseValue);
  if (values.length === 0 || values.includes(""))
    throw new SweepError(`${key} needs at least one value, and none is empty.`);
  refuseMany(values.length, key);
  return { kind: "list", values };
}

/** A range as its values, ends included. */
export function listOf(values: AxisValues): Json[] {
  if (values.kind === "list") return values.values;
  const { count, from, to } = values;
  const many = count ?? usualCount;
  if (many === 1) return [from];
  return Array.from({ length: many }, (_, index) =>
    index === many - 1 ? to : valueAt(values, index / (many - 1)),
  );
}

/** The value of a range at a share of the way, in [0, 1]; rounded to what people write. */
export function valueAt(
  { from, to, log }: Extract<AxisValues, { kind: "range" }>,
  share: number,
): number {
  const value = log
    ? Math.exp(Math.log(from) + share * (Math.log(to) - Math.log(from)))
    : from + share * (to - from);
  return Number(value.toPrecision(4));
}

/** As in a name: `1e-4`, `0.5`, `strokes`, `none`. */
export function formatValue(value: unknown): string {
  if (value === null) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value.split(/[\\/]/).at(-1) ?? value;
  if (typeof value !== "number") return JSON.stringify(value);
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6)
    ? value.toExponential()
    : String(value);
}

function parseRange(text: string, key: string): AxisValues | null {
  const parts = /^\s*(\S+?)\s*\.\.\s*(\S+)(?:\s+(log))?(?:\s+(\d+))?\s*$/.exec(
    text,
  );
  if (!parts) {
    if (/^\s*-?[\d.]\S*\s*\.\./.test(text)) throw noRange(text, key);
    return null;
  }
  const [from, to] = [Number(parts[1]), Number(parts[2])];
  // A path may have dots too.
  if (Number.isNaN(from)) return null;
  if (Number.isNaN(to)) throw noRange(text, key);
  const log = parts[3] !== undefined;
  const count = parts[4] === undefined ? null : Number(parts[4]);
  if (log && (from <= 0 || to <= 0))
    throw new SweepError(
      `${key}: both ends of a log range must be above zero.`,
    );
  if (count === 0) throw new SweepError(`${key} needs at least one value.`);
  refuseMany(count ?? 1, key);
  return { kind: "range", from, to, log, count };
}

function noRange(text: string, key: string): SweepError {
  return new SweepError(
    `${key}: ${text.trim()} is not a range; write it as 1e-4 .. 1e-2 log 5 or 0 .. 0.9 4.`,
  );
}

function refuseMany(count: number, key: string): void {
  if (count > mostValues)
    throw new SweepError(
      `${key} has ${count} values; at most ${mostValues} are allowed.`,
    );
}

/** At its commas, but not at those inside brackets or quotes. */
function splitList(text: string): string[] {
  const parts = [""];
  let depth = 0;
  let quoted = false;
  for (const letter of text) {
    if (letter === '"') quoted = !quoted;
    if (!quoted && "[{".includes(letter)) depth++;
    if (!quoted && "]}".includes(letter)) depth--;
    if (letter === "," && depth === 0 && !quoted) parts.push("");
    else parts[parts.length - 1] += letter;
  }
  return parts.map((part) => part.trim());
}

/** JSON where it is JSON, else the text itself. */
function parseValue(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
