/** From figures to places on paper: round ticks, and curves thinned so that no spike is lost. */

/** About `count` round numbers from `low` to `high`. */
export function roundTicks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low];
  const step = roundStep((high - low) / count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** A tick as text, with as many decimals as its neighbours need. */
export function tickText(value: number, step: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${trim((value / 1e6).toFixed(2))}M`;
  if (size >= 1e4) return `${trim((value / 1e3).toFixed(1))}k`;
  const decimals = Math.min(
    8,
    Math.max(0, -Math.floor(Math.log10(step) + 1e-9)),
  );
  return value.toFixed(decimals);
}

/** The smallest and largest finite figure of several lists; 0 to 1 where there is none. */
export function extent(lists: Iterable<ArrayLike<number>>): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const list of lists)
    for (let i = 0; i < list.length; i++) {
      if (!Number.isFinite(list[i])) continue;
      if (list[i] < low) low = list[i];
      if (list[i] > high) high = list[i];
    }
  return low <= high ? [low, high] : [0, 1];
}

/**
 * Which points of a curve to draw on `columns` columns of paper: in each the first, the lowest, the highest and the
 * last, so that the drawing is the same as with all. What is not finite is always kept: the curve breaks there.
 */
export function thin(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  columns: number,
): number[] {
  const rows = x.length;
  if (rows <= columns * 4) return Array.from({ length: rows }, (_, i) => i);
  const low = x[0];
  const width = (x[rows - 1] - low) / columns || 1;
  const kept = new Set<number>();
  for (let start = 0; start < rows;) {
    const column = Math.floor((x[start] - low) / width);
    let smallest = start;
    let largest = start;
    let end = start;
    while (end < rows && Math.floor((x[end] - low) / width) <= column) {
      if (!Number.isFinite(y[end])) kept.add(end);
      if (y[end] < y[smallest]) smallest = end;
      if (y[end] > y[largest]) largest = end;
      end++;
    }
    for (const index of [start, smallest, largest, end - 1]) kept.add(index);
    start = end;
  }
  return [...Float64Array.from(kept).sort()];
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

function trim(text: string): string {
  return text.replace(/\.?0+$/, "");
}
