/**
 * Steps that only grow, out of what a log counts in: a counter that starts again in each epoch is counted on, rows that
 * were trained again take the place of those before, and where a counter cannot tell rows apart, their number does.
 */

export interface Steps {
  /** Null for a row that is left out. Kept rows ascend strictly, taken in `order`. */
  steps: (number | null)[];
  /** The rows in the order of their steps. */
  order: number[];
  /** What was decided, a sentence each. */
  notes: string[];
  /** Whether the steps are the numbers of the rows, so that the counter is a metric like any other. */
  areRowNumbers: boolean;
}

/** The first row has the number 1. */
export function numberRows(rows: number, notes: string[] = []): Steps {
  const order = Array.from({ length: rows }, (_, row) => row);
  const steps = order.map((row) => row + 1);
  return { steps, order, notes, areRowNumbers: true };
}

/**
 * `share` tells whether two rows hold a value of the same metric, so that one of them would hide the other at an equal
 * step. Null in `values` is a row without a count.
 */
export function countSteps(
  name: string,
  values: readonly (number | null)[],
  share: (row: number, other: number) => boolean,
): Steps {
  const counts = values.map(toCount);
  const known = Array.from(counts.keys()).filter((row) => counts[row] !== null);
  const at = (row: number) => counts[row] as number;
  if (known.some((row) => !Number.isInteger(at(row))))
    return numberRows(values.length, [
      `${name} counts in fractions: the row number is the step, and ${name} is kept as a metric.`,
    ]);
  const repeats = known.filter(
    (row, index) =>
      index > 0 &&
      at(row) === at(known[index - 1]) &&
      share(row, known[index - 1]),
  );
  if (repeats.length > known.length / 10)
    return numberRows(values.length, [
      `${name} is the same in several rows: the row number is the step, and ${name} is kept as a metric.`,
    ]);
  const notes = leftOut(name, values, known.length);
  const order = sorted(known, at);
  if (order !== known) notes.push(`The rows are put in the order of ${name}.`);
  const counted = countOn(order, at, share);
  const steps = values.map((): number | null => null);
  for (const [row, step] of counted.steps) steps[row] = step;
  return {
    steps,
    order: order.filter((row) => steps[row] !== null),
    notes: [...notes, ...counted.notes(name)],
    areRowNumbers: false,
  };
}

/** Rounding of what was a whole number once is taken back. */
function toCount(value: number | null): number | null {
  if (value === null || !(value >= 0) || value > Number.MAX_SAFE_INTEGER)
    return null;
  const whole = Math.round(value);
  return Math.abs(value - whole) < 1e-9 * Math.max(1, whole) ? whole : value;
}

function leftOut(
  name: string,
  values: readonly (number | null)[],
  known: number,
): string[] {
  const without = values.length - known;
  if (without === 0) return [];
  const large = values.some((value) => Number(value) > Number.MAX_SAFE_INTEGER);
  return [
    `${rowsOf(without)} without a step in ${name}${large ? ", or with one past 2^53," : ""} ${without === 1 ? "was" : "were"} left out.`,
  ];
}

/** Rows that only stand in another order: their counts are all different. */
function sorted(
  rows: readonly number[],
  at: (row: number) => number,
): readonly number[] {
  const ascends = rows.every((row, i) => i === 0 || at(row) >= at(rows[i - 1]));
  if (ascends || new Set(rows.map(at)).size < rows.length) return rows;
  return rows.toSorted((a, b) => at(a) - at(b));
}

function countOn(
  rows: readonly number[],
  at: (row: number) => number,
  share: (row: number, other: number) => boolean,
) {
  const spacing = usualSpacing(rows.map(at));
  const start = rows.length > 0 ? at(rows[0]) : 0;
  const kept: [row: number, step: number][] = [];
  let offset = 0;
  let restarts = 0;
  let again = 0;
  let back: { from: number; to: number } | null = null;
  for (const row of rows) {
    let step = at(row) + offset;
    const last = kept.at(-1)?.[1] ?? -1;
    if (step < last && at(row) <= start + spacing) {
      restarts++;
      offset = last + spacing - at(row);
      step = last + spacing;
    } else if (step < last) back ??= { from: last, to: step };
    const before = kept.length;
    while (kept.length > 0 && kept[kept.length - 1][1] > step) kept.pop();
    const equal = kept.at(-1);
    if (equal?.[1] === step && share(row, equal[0])) kept.pop();
    again += before - kept.length;
    kept.push([row, step]);
  }
  return {
    steps: kept,
    notes: (name: string) => [
      ...(restarts > 0
        ? [`${name} starts again ${timesOf(restarts)}: steps are counted on.`]
        : []),
      ...(again > 0
        ? [
            `${name} goes back${back ? ` from ${back.from} to ${back.to}` : ""}: ${rowsOf(again)} that later ones take the place of ${again === 1 ? "was" : "were"} left out.`,
          ]
        : []),
    ],
  };
}

/** The middle one of the differences between neighbours that grow. */
function usualSpacing(counts: readonly number[]): number {
  const grown = counts
    .map((count, index) => count - (counts[index - 1] ?? count))
    .filter((difference) => difference > 0)
    .sort((a, b) => a - b);
  return grown[grown.length >> 1] ?? 1;
}

export function timesOf(count: number): string {
  return count === 1 ? "1 time" : `${count} times`;
}

export function rowsOf(count: number): string {
  return count === 1 ? "1 row" : `${count} rows`;
}
