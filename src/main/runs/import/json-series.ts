/**
 * One JSON document of curves by name, each a list of its own: what TensorBoard's page saves (`[[time, step, value]]`),
 * tensorboardX's `all_scalars.json`, Sacred's `metrics.json` (`{steps, timestamps, values}`), and tables as pandas writes
 * them (`{column: {"0": value}}`).
 */

type JsonObject = Record<string, unknown>;

interface Point {
  time: unknown;
  step: unknown;
  value: unknown;
}

/** A row for each step or index; null where the document is none of these. `name` is what a curve without a name is called. */
export function seriesRows(
  document: unknown,
  name: string,
): JsonObject[] | null {
  if (isTriples(document)) return byStep([[name, document.map(pointOf)]]);
  if (!isObject(document)) return null;
  const entries = Object.entries(document);
  if (entries.length === 0) return null;
  if (entries.every(([, value]) => isTriples(value)))
    return byStep(
      entries.map(([tag, value]) => [tag, (value as Triple[]).map(pointOf)]),
    );
  if (entries.every(([, value]) => isColumns(value)))
    return byStep(
      entries.map(([tag, value]) => [tag, pointsOf(value as Columns)]),
    );
  return isIndexed(entries) ? byIndex(entries) : null;
}

function byStep(series: readonly [tag: string, points: Point[]][]) {
  const rows = new Map<unknown, JsonObject>();
  for (const [tag, points] of series)
    for (const { step, time, value } of points) {
      const row = rows.get(step) ?? { step, "wall time": time };
      row[tag] = value;
      rows.set(step, row);
    }
  return [...rows.values()];
}

type Triple = [time: number, step: number, value: unknown];

function isTriples(value: unknown): value is Triple[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(
      (one) =>
        Array.isArray(one) &&
        one.length === 3 &&
        typeof one[0] === "number" &&
        Number.isInteger(one[1]),
    )
  );
}

const pointOf = ([time, step, value]: Triple): Point => ({ time, step, value });

interface Columns {
  steps: unknown[];
  values: unknown[];
  timestamps?: unknown[];
}

function isColumns(value: unknown): value is Columns {
  if (!isObject(value)) return false;
  const { steps, values } = value;
  return (
    Array.isArray(steps) &&
    Array.isArray(values) &&
    steps.length === values.length
  );
}

function pointsOf({ steps, values, timestamps }: Columns): Point[] {
  return steps.map((step, index) => ({
    step,
    time: timestamps?.[index],
    value: values[index],
  }));
}

/** Columns with the same whole numbers as keys. */
function isIndexed(
  entries: readonly [string, unknown][],
): entries is [string, JsonObject][] {
  const [[, first]] = entries;
  if (!isObject(first)) return false;
  const keys = Object.keys(first);
  if (keys.length < 2 || !keys.every((key) => /^\d+$/.test(key))) return false;
  return entries.every(
    ([, value]) =>
      isObject(value) &&
      Object.keys(value).join() === keys.join() &&
      Object.values(value).every((cell) => !isObject(cell)),
  );
}

function byIndex(entries: readonly [string, JsonObject][]): JsonObject[] {
  return Object.keys(entries[0][1]).map((key) =>
    Object.fromEntries(entries.map(([name, column]) => [name, column[key]])),
  );
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
