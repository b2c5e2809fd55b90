/**
 * Where the smallest and the largest value of any stretch of a growing series lie, fast: each block of 256 values
 * remembers its own two, so that a million points are searched in well under a millisecond. NaN and infinities are skipped.
 */
const block = 256;

export class Extremes {
  private length = 0;
  private lowest = new Uint32Array(64);
  private highest = new Uint32Array(64);

  /** Takes in what was appended to `values` since the last call. */
  extend(values: Float32Array, length: number): void {
    const from = Math.floor(this.length / block);
    const blocks = Math.ceil(length / block);
    this.lowest = grown(this.lowest, blocks);
    this.highest = grown(this.highest, blocks);
    for (let index = from; index < blocks; index++) {
      const [low, high] = scan(
        values,
        index * block,
        Math.min(length, (index + 1) * block),
      );
      this.lowest[index] = low;
      this.highest[index] = high;
    }
    this.length = length;
  }

  /** Indices of the smallest and the largest finite value in `[from, to)`, or null where there is none. */
  find(
    values: Float32Array,
    from: number,
    to: number,
  ): [low: number, high: number] | null {
    const first = Math.ceil(from / block);
    const last = Math.floor(to / block);
    if (last <= first) return found(scan(values, from, to));
    let best = scan(values, from, first * block);
    for (let index = first; index < last; index++)
      best = wider(values, best, [this.lowest[index], this.highest[index]]);
    return found(wider(values, best, scan(values, last * block, to)));
  }
}

const nowhere = 0xffffffff;

function scan(
  values: Float32Array,
  from: number,
  to: number,
): [number, number] {
  let low = nowhere;
  let high = nowhere;
  for (let index = from; index < to; index++) {
    const value = values[index];
    if (!Number.isFinite(value)) continue;
    if (low === nowhere || value < values[low]) low = index;
    if (high === nowhere || value > values[high]) high = index;
  }
  return [low, high];
}

function wider(
  values: Float32Array,
  a: [number, number],
  b: [number, number],
): [number, number] {
  if (a[0] === nowhere) return b;
  if (b[0] === nowhere) return a;
  return [
    values[b[0]] < values[a[0]] ? b[0] : a[0],
    values[b[1]] > values[a[1]] ? b[1] : a[1],
  ];
}

function found(pair: [number, number]): [number, number] | null {
  return pair[0] === nowhere ? null : pair;
}

function grown(array: Uint32Array<ArrayBuffer>, length: number) {
  if (length <= array.length) return array;
  const larger = new Uint32Array(Math.max(length, array.length * 2));
  larger.set(array);
  return larger;
}
