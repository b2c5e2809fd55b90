/** Round numbers along an axis, and how they are written. */
import { formatX } from "./axis";
import type { AxisUnit } from "./axis";
import type { XRange } from "./chart";

export interface Tick {
  value: number;
  text: string;
}

/** At most about `count` round numbers from `low` to `high`; only `low` where no more can be told apart. */
export function roundTicks(low: number, high: number, count: number): number[] {
  const step = roundStep((high - low) / count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Beyond, a step no longer changes a number that it is added to.
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) return [low];
  return Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, index) => (first + index) * step,
  );
}

/** With as many decimals as neighbours need to be told apart; all as powers of ten where some are large. */
export function tickTexts(values: readonly number[]): Tick[] {
  const step = Math.abs(values.length > 1 ? values[1] - values[0] : values[0]);
  const largest = Math.max(...values.map(Math.abs));
  const decimals = Math.max(0, -Math.floor(Math.log10(step || 1) + 1e-9));
  const isPlain = largest < 1e6 && decimals <= 6;
  return values.map((value) => ({
    value,
    text: isPlain ? value.toFixed(decimals) : powerText(value, step),
  }));
}

/** Powers of ten, or round numbers where there are fewer than two. */
export function logTicks(low: number, high: number, count: number): Tick[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  if (last <= first)
    return tickTexts(roundTicks(low, high, count).filter((value) => value > 0));
  const every = Math.ceil((last - first + 1) / count);
  const powers: Tick[] = [];
  for (let power = first; power <= last; power += every)
    powers.push({
      value: 10 ** power,
      text: Math.abs(power) > 4 ? `1e${power}` : String(Number(`1e${power}`)),
    });
  return powers;
}

/** Whole steps; round minutes and hours of a long time; no two that would be written alike. */
export function xTicks(
  { from, to }: XRange,
  unit: AxisUnit,
  count: number,
): Tick[] {
  const base = unit === "relative" || unit === "wall" ? timeUnit(to - from) : 1;
  return (
    roundTicks(from / base, to / base, count)
      .filter((value) => unit !== "step" || Number.isInteger(value))
      // Room around a single point at the beginning of a run is before the run.
      .filter((value) => value >= 0)
      .map((value) => ({
        value: value * base,
        text: formatX(value * base, unit),
      }))
      .filter(({ text }, at, all) => text !== all[at - 1]?.text)
  );
}

function timeUnit(seconds: number): number {
  if (seconds < 120) return 1;
  return seconds < 7200 ? 60 : 3600;
}

function powerText(value: number, step: number): string {
  if (Math.abs(value) < step / 2) return "0";
  const digits = Math.log10(Math.abs(value) / step);
  return value
    .toExponential(Math.min(15, Math.max(0, Math.ceil(digits - 1e-9))))
    .replace("e+", "e");
}

/** 1, 2 or 5 times a power of ten, at least `rough`. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}
