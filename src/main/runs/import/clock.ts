/** What a log's times are, by their magnitude: a clock in s, ms, us or ns, seconds since the start, or no clock at all. */
import type { Clock } from "../../../shared/run";

export interface Times {
  clock: Clock;
  /** A row each: seconds since 1970, seconds since the start, or 0. */
  times: number[];
  /** Rows whose own time is none; they take that of the row before. */
  without: number;
}

/** From 1973 on seconds since 1970 are at least so many, and other units by as much more; below are seconds of a training. */
const clockFrom = 1e8;
const units = [1, 1e3, 1e6, 1e9];

/** Rows in the order of their steps; null is a row without a time. */
export function readTimes(values: readonly (number | null)[]): Times {
  const known = values.filter(
    (value) => value !== null && Number.isFinite(value),
  ) as number[];
  if (known.length === 0) return noClock(values.length);
  const middle = known.toSorted((a, b) => a - b)[known.length >> 1];
  const unit = units.find((one) => middle < clockFrom * 1e3 * one);
  if (unit !== undefined && middle >= clockFrom)
    return filled(values, "wall", (value) =>
      value >= clockFrom * unit && value < clockFrom * 1e3 * unit
        ? value / unit
        : null,
    );
  const isElapsed = known.every(
    (value, row) => value >= 0 && (row === 0 || value >= known[row - 1]),
  );
  return isElapsed && middle < clockFrom && known[0] < known[known.length - 1]
    ? filled(values, "elapsed", (value) => value)
    : noClock(values.length);
}

export function noClock(rows: number): Times {
  const times = Array.from({ length: rows }, () => 0);
  return { clock: "unknown", times, without: 0 };
}

function filled(
  values: readonly (number | null)[],
  clock: Clock,
  toSeconds: (value: number) => number | null,
): Times {
  const own = values.map((value) =>
    value === null || !Number.isFinite(value) ? null : toSeconds(value),
  );
  let last = own.find((value) => value !== null) ?? 0;
  const times = own.map((value) => (last = value ?? last));
  const without = own.filter((value) => value === null).length;
  return { clock, times, without };
}
