/**
 * The one decision on what black and white are in numbers that are not bytes: arrays, and TIFFs of floats or of whole
 * numbers beyond a byte. It is taken once over all images of a set, so that a dark one stays dark.
 */
import { DataError } from "./image-set";

/** In the order in which they are tried. */
const ranges = [
  { name: "0 ... 1", low: 0, high: 1 },
  { name: "-1 ... 1", low: -1, high: 1 },
  { name: "0 ... 255", low: 0, high: 255 },
] as const;
type Range = (typeof ranges)[number];

/** Beyond half a grey level a value is no longer a rounding outside. */
const halfLevel = 0.5 / 255;
/** What resampling overshoots by, as part of the range, and how many values may. */
const overshoot = 0.1;
const mayOvershoot = 0.01;

/** Counts the values of a set: their extremes, and how many lie outside of each range. */
export class ValueTally {
  count = 0;
  min = Infinity;
  max = -Infinity;
  /** By range: outside at all, and by more than half a level. */
  readonly outside = [0, 0, 0];
  readonly far = [0, 0, 0];

  /** False where there is a NaN among them; then they are not counted whole. */
  add(values: ArrayLike<number>): boolean {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value < this.min) this.min = value;
      if (value > this.max) this.max = value;
      if (value >= 0 && value <= 1) continue;
      if (Number.isNaN(value)) return false;
      this.countOutside(value);
    }
    this.count += values.length;
    return true;
  }

  private countOutside(value: number): void {
    for (let i = 0; i < ranges.length; i++) {
      const { low, high } = ranges[i];
      if (value >= low && value <= high) continue;
      this.outside[i]++;
      const slack = (high - low) * halfLevel;
      if (value < low - slack || value > high + slack) this.far[i]++;
    }
  }
}

export interface Scale {
  /** A grey level 0 ... 255. */
  toLevel(value: number): number;
  /** How the values were taken, where that was not plain; a sentence each. */
  notes: string[];
}

export interface NumberType {
  kind: "boolean" | "integer" | "float";
  /** Of one value. */
  bits: number;
  signed: boolean;
}

/** Throws a DataError that names the values where they fit no range. */
export function decideScale(
  tally: ValueTally,
  type: NumberType,
  name: string,
): Scale {
  switch (type.kind) {
    case "boolean":
      return { toLevel: (value) => (value ? 255 : 0), notes: [] };
    case "integer":
      return scaleOfIntegers(tally, type, name);
    case "float":
      return scaleOfFloats(tally, name);
    default:
      return type.kind satisfies never;
  }
}

function scaleOfIntegers(
  { min, max }: ValueTally,
  { bits, signed }: NumberType,
  name: string,
): Scale {
  if (min === 0 && max === 0) return { toLevel: () => 0, notes: [] };
  if (min >= -1 && max <= 1) {
    const { low } = min < 0 ? ranges[1] : ranges[0];
    return {
      toLevel: (value) => Math.round(((value - low) * 255) / (1 - low)),
      notes: [
        `${name} holds only whole numbers from ${min} to ${max}: ${low} is taken as black and 1 as white.`,
      ],
    };
  }
  if (min >= 0 && max <= 255) return { toLevel: (value) => value, notes: [] };
  if (bits === 16 && !signed)
    return {
      toLevel: (value) => Math.round(value / 257),
      notes: [
        `${name} holds 16-bit numbers up to ${max}: 65535 is taken as white.`,
      ],
    };
  throw refused(name, min, max);
}

function scaleOfFloats(tally: ValueTally, name: string): Scale {
  const index = ranges.findIndex((range, i) => fits(tally, range, i));
  if (index < 0) throw refused(name, tally.min, tally.max);
  const range = ranges[index];
  const factor = 255 / (range.high - range.low);
  const clamped = tally.outside[index];
  const notes = [
    ...(clamped === 0 ? [] : [clampedNote(tally, range, clamped, name)]),
    ...(isHalf(tally, range) ? [halfNote(tally, range, name)] : []),
  ];
  return {
    toLevel: (value) =>
      Math.min(255, Math.max(0, Math.round((value - range.low) * factor))),
    notes,
  };
}

function fits(
  { min, max, count, far }: ValueTally,
  { low, high }: Range,
  index: number,
): boolean {
  const slack = overshoot * (high - low);
  if (min < low - slack || max > high + slack) return false;
  // Values around 0 with a deviation of 1, as normalised ones are, are no grey levels.
  if (high === 255 && min < 0 && max < -10 * min) return false;
  return far[index] <= mayOvershoot * count;
}

/** Whether half of the range would hold all values, as of -0.5 ... 0.5 or per cent; what lies in 0 ... 1 may well be dark. */
function isHalf({ min, max }: ValueTally, { low, high }: Range): boolean {
  return high - low > 1 && max > min && max - min <= (high - low) / 2;
}

function halfNote(
  { min, max }: ValueTally,
  { name: range }: Range,
  name: string,
): string {
  return `${name} holds values from ${number(min)} to ${number(max)}, which are read as ${range}: that leaves them little contrast. If it is not meant, scale them to that range before saving.`;
}

function clampedNote(
  { min, max, count }: ValueTally,
  { name: range }: Range,
  clamped: number,
  name: string,
): string {
  const [are, become] = clamped === 1 ? ["lies", "is"] : ["lie", "are"];
  return `${clamped.toLocaleString("en")} of ${count.toLocaleString("en")} values in ${name} ${are} outside ${range} (they go from ${number(min)} to ${number(max)}) and ${become} clamped to it.`;
}

function refused(name: string, min: number, max: number): DataError {
  return new DataError(
    `${name} holds values from ${number(min)} to ${number(max)}; scale them to 0 ... 255, [0, 1] or [-1, 1] before saving.`,
  );
}

/** Six digits are enough to recognise a range by, but for what lies just outside of it. */
function number(value: number): string {
  const short = Number(value.toPrecision(6));
  return String(Number.isInteger(short) ? Number(value.toPrecision(9)) : short);
}
