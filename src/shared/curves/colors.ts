/** Colours and dashes that tell runs and metrics apart, also for colour-blind eyes (Okabe and Ito 2008). */

/** In this order; the yellow of the set is left out because it cannot be read on white. */
export const runColors = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#56b4e9",
  "#e69f00",
  "#7f5fc1",
  "#7f7f7f",
] as const;

/** A run keeps the colour its user chose; the others take those that are left, in order. */
export function colorsOf(runs: readonly { color: string | null }[]): string[] {
  const taken = new Set(runs.map((run) => run.color?.toLowerCase()));
  const free = runColors.filter((color) => !taken.has(color));
  let next = 0;
  return runs.map(
    (run) =>
      run.color ??
      (free.length > 0 ? free : runColors)[
        next++ % (free.length || runColors.length)
      ],
  );
}

/** The dashes and gaps of the first, second ... metric in pixels; undefined draws through. Gaps are short, so that a restless curve can be followed. */
export function dashOf(metric: number): number[] | undefined {
  return [undefined, [12, 3], [3, 3], [12, 3, 3, 3]][metric % 4];
}
