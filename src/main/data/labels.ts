/**
 * From what people save beside their images to classes: class numbers, one-hot rows, text, -1 for none. What cannot be
 * labels is left out with its reason, because images can be trained on without.
 */

interface Labels {
  /** One class index an image. */
  labels: Uint16Array;
  /** Their names. */
  classes: string[];
}

/** Labels, or why there are none: the end of a sentence that begins with their name. */
export type Labelling = Labels | string;

/** An index has two bytes. */
const mostClasses = 2 ** 16;

/** Class numbers from 0 up keep their numbers; where some are negative or huge each different one is a class. */
export function labelsOfNumbers(values: ArrayLike<number>): Labelling {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isInteger(values[i])) return "holds no whole numbers";
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  if (high < 0 && low === high) return `says ${low} for every image`;
  if (low < 0 || high >= mostClasses)
    return labelsOfNames(
      Array.from(values, String),
      (a, b) => Number(a) - Number(b),
    );
  return {
    labels: Uint16Array.from(values),
    classes: numberedClasses(high + 1),
  };
}

/** Each different name is a class. */
export function labelsOfNames(
  names: readonly string[],
  order?: (a: string, b: string) => number,
): Labelling {
  const classes = [...new Set(names)].sort(order);
  if (classes.length > mostClasses)
    return `has ${classes.length} different values, more than there can be classes`;
  const numbers = new Map(classes.map((name, label) => [name, label]));
  return {
    labels: Uint16Array.from(names, (name) => numbers.get(name) ?? 0),
    classes,
  };
}

/** `at(row, column)` of a table in which each row has a single 1 and is 0 elsewhere. */
export function labelsOfOneHot(
  rows: number,
  columns: number,
  at: (row: number, column: number) => number,
): Labelling {
  if (columns > mostClasses) return `has ${columns} numbers an image`;
  const labels = new Uint16Array(rows);
  for (let row = 0; row < rows; row++) {
    let ones = 0;
    for (let column = 0; column < columns; column++) {
      const value = at(row, column);
      if (value === 1) {
        ones++;
        labels[row] = column;
      } else if (value !== 0) ones = Infinity;
    }
    if (ones !== 1)
      return `has ${columns} numbers an image that are not one-hot`;
  }
  return { labels, classes: numberedClasses(columns) };
}

function numberedClasses(count: number): string[] {
  return Array.from({ length: count }, (_, label) => String(label));
}
