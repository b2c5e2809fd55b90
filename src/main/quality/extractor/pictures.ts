/** Images as bytes, which is how real ones come: in the form that an extractor reads, and as small pictures to compare. */
import type { ImageSet } from "../../data/image-set";
import type { DataSettings } from "../../../shared/settings/settings";
import type { Rows } from "../measures/rows";

/** What both real and generated images are for a measure. */
export interface Pictures extends Pick<
  ImageSet,
  "count" | "channels" | "size" | "pixels"
> {
  /** The class of each; null or left out where there are none. */
  labels?: Uint16Array | null;
}

/** Pixels a side of what an extractor reads at most; larger images are averaged down. */
export const extractorSide = 32;
/** Pixels a side at which pictures are compared, so that noise of single pixels counts for little. */
const comparedSide = 16;

/**
 * Generated images rounded to 256 levels as real ones are: a network could tell the two apart by that alone. `pixels` is
 * `[count, channels, size, size]` in the data's range; what lies beyond it is cut off.
 */
export function toBytes(
  pixels: Float32Array,
  range: DataSettings["range"],
): Uint8Array {
  const [scale, shift] = range === "unit" ? [255, 0] : [127.5, 127.5];
  const bytes = new Uint8Array(pixels.length);
  for (let i = 0; i < pixels.length; i++)
    bytes[i] = Math.min(
      255,
      Math.max(0, Math.round(pixels[i] * scale + shift)),
    );
  return bytes;
}

/** The reverse, but for rounding. */
export function toValues(
  bytes: Uint8Array,
  range: DataSettings["range"],
): Float32Array {
  const [scale, shift] = range === "unit" ? [255, 0] : [127.5, 127.5];
  return Float32Array.from(bytes, (byte) => (byte - shift) / scale);
}

/** Some of the images. */
export function pickPictures(
  { channels, size, pixels, labels = null }: Pictures,
  indices: ArrayLike<number>,
): Pictures {
  const length = channels * size * size;
  const picked = new Uint8Array(indices.length * length);
  for (let i = 0; i < indices.length; i++)
    picked.set(
      pixels.subarray(indices[i] * length, (indices[i] + 1) * length),
      i * length,
    );
  return {
    count: indices.length,
    channels,
    size,
    pixels: picked,
    labels: labels && Uint16Array.from(indices, (index) => labels[index]),
  };
}

/** The side of an image after it was averaged down to at most so many pixels. */
export function sideWithin(size: number, most: number): number {
  return Math.ceil(size / Math.ceil(size / most));
}

/** `[channels, side, side]` of one image in [-1, 1], each value the mean of the pixels that it stands for. */
export function shrink(
  { channels, size, pixels }: Pictures,
  index: number,
  side: number,
  target: Float32Array,
  at: number,
): void {
  const factor = Math.ceil(size / side);
  const from = index * channels * size * size;
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const bottom = Math.min(size, (y + 1) * factor);
        const right = Math.min(size, (x + 1) * factor);
        let sum = 0;
        for (let row = y * factor; row < bottom; row++) {
          const line = from + (channel * size + row) * size;
          for (let column = x * factor; column < right; column++)
            sum += pixels[line + column];
        }
        const area = (bottom - y * factor) * (right - x * factor);
        target[at++] = sum / area / 127.5 - 1;
      }
}

/** All images as small pictures, and where `mirrored` their mirror images behind them. */
export function comparedRows(pictures: Pictures, mirrored = false): Rows {
  const { channels, size, count } = pictures;
  const side = sideWithin(size, comparedSide);
  const width = channels * side * side;
  const sides = mirrored ? 2 : 1;
  const values = new Float32Array(sides * count * width);
  for (let i = 0; i < count; i++) shrink(pictures, i, side, values, i * width);
  if (mirrored)
    for (let at = 0; at < count * width; at += side)
      for (let x = 0; x < side; x++)
        values[count * width + at + x] = values[at + side - 1 - x];
  return { count: sides * count, width, values };
}
