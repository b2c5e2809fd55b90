/**
 * Where the smallest and the largest value of any stretch of a growing series lie, fast: blocks of 16 values remember
 * their own two, blocks of 8 such blocks theirs, and so on, so that a stretch of any length costs a few dozen looks.
 * NaN and infinities are skipped.
 */
import type { Column } from "../../shared/curves/column";

const smallest = 16;
const fanOut = 8;
const nowhere = 0xffffffff;

interface Level {
  /** Values in a block. */
  size: number;
  /** How many values it has seen. */
  length: number;
  lowest: Uint32Array<ArrayBuffer>;
  highest: Uint32Array<ArrayBuffer>;
}

export class Extremes {
  private readonly levels: Level[] = [];
  private low = nowhere;
  private high = nowhere;

  /** Takes in what was appended to `values` since the last call. */
  extend(values: Column, length: number): void {
    for (let level = 0, size = smallest; ; level++, size *= fanOut) {
      this.levels[level] ??= {
        size,
        length: 0,
        lowest: new Uint32Array(8),
        highest: new Uint32Array(8),
      };
      this.extendLevel(level, values, length);
      if (size >= length) return;
    }
  }

  /** Indices of the smallest and the largest finite value in `[from, to)`, or null where there is none. */
  find(
    values: Column,
    from: number,
    to: number,
  ): [low: number, high: number] | null {
    this.search(values, from, to, this.levels.length);
    return this.low === nowhere ? null : [this.low, this.high];
  }

  private extendLevel(at: number, values: Column, length: number): void {
    const level = this.levels[at];
    const { size } = level;
    const blocks = Math.ceil(length / size);
    level.lowest = grown(level.lowest, blocks);
    level.highest = grown(level.highest, blocks);
    // The last block may have been a part.
    const first = Math.floor(level.length / size);
    for (let block = first; block < blocks; block++) {
      const from = block * size;
      this.search(values, from, Math.min(length, from + size), at);
      level.lowest[block] = this.low;
      level.highest[block] = this.high;
    }
    level.length = length;
  }

  /** By whole blocks of the first `depth` levels where they fit, value by value elsewhere. */
  private search(
    values: Column,
    from: number,
    to: number,
    depth: number,
  ): void {
    this.low = nowhere;
    this.high = nowhere;
    for (let at = from; at < to;) {
      const level = this.widest(at, to, depth);
      if (level === null) {
        if (Number.isFinite(values[at])) this.take(values, at, at);
        at++;
      } else {
        const block = at / level.size;
        if (level.lowest[block] !== nowhere)
          this.take(values, level.lowest[block], level.highest[block]);
        at += level.size;
      }
    }
  }

  /** The level with the largest block that begins at `at` and ends by `to`. */
  private widest(at: number, to: number, depth: number): Level | null {
    let found: Level | null = null;
    for (let level = 0; level < depth; level++) {
      const { size } = this.levels[level];
      if (at % size !== 0 || at + size > to) break;
      found = this.levels[level];
    }
    return found;
  }

  private take(values: Column, low: number, high: number): void {
    if (this.low === nowhere || values[low] < values[this.low]) this.low = low;
    if (this.high === nowhere || values[high] > values[this.high])
      this.high = high;
  }
}

function grown(array: Uint32Array<ArrayBuffer>, length: number) {
  if (length <= array.length) return array;
  const larger = new Uint32Array(Math.max(length, array.length * 2));
  larger.set(array);
  return larger;
}
