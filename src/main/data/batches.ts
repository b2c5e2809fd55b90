/** Cuts an image set into float batches in the data's range. On the training loop's hot path. */
import type { Random } from "../../shared/random";
import type { DataSettings } from "../../shared/settings/settings";
import type { ImageSet } from "./image-set";

export interface BatchReader {
  /**
   * Writes the images of `indices` as `[indices.length, channels, size, size]` to the start of `target`. Draws one
   * number an image from `flips` where the settings ask for mirroring, and none elsewhere.
   */
  fill(target: Float32Array, indices: Uint32Array, flips: Random): void;
  /** The same as the bytes that they are. */
  fillBytes(target: Uint8Array, indices: Uint32Array, flips: Random): void;
}

/** One memory for values, and for pairs of them; no pairs where they would not lie on eight bytes. */
interface Target {
  values: Float32Array;
  pairs: Float64Array | null;
}

/** Copies `length` pixels from `source` on to `target` from value `to` on. */
type Copy = (source: number, target: Target, to: number) => void;

export function createBatchReader(
  images: ImageSet,
  data: Pick<DataSettings, "range" | "flip">,
): BatchReader {
  const length = images.channels * images.size * images.size;
  const levels = levelTable(data.range);
  const simple = copySingly(images.pixels, length, levels);
  const quick = copyByFours(images.pixels, length, levels) ?? simple;
  const mirrored = copyMirrored(images, length, levels);
  return {
    // A copy by the platform takes half of what a loop over words takes.
    fillBytes(target, indices, flips) {
      for (let i = 0; i < indices.length; i++) {
        const from = indices[i] * length;
        target.set(images.pixels.subarray(from, from + length), i * length);
        if (data.flip && flips.uint32() >= 2 ** 31)
          mirror(target.subarray(i * length, (i + 1) * length), images.size);
      }
    },
    fill(values, indices, flips) {
      const target = { values, pairs: pairsIn(values) };
      const copy = target.pairs ? quick : simple;
      for (let i = 0; i < indices.length; i++) {
        const flip = data.flip && flips.uint32() >= 2 ** 31;
        (flip ? mirrored : copy)(indices[i] * length, target, i * length);
      }
    },
  };
}

/** The value of each grey level, as torchvision's ToTensor and Normalize(0.5, 0.5) give it. */
export function levelTable(range: DataSettings["range"]): Float32Array {
  return Float32Array.from({ length: 256 }, (_, level) => {
    const unit = Math.fround(level / 255);
    return range === "unit" ? unit : (unit - 0.5) / 0.5;
  });
}

function pairsIn({ buffer, byteOffset, length }: Float32Array) {
  if (byteOffset % 8 !== 0) return null;
  return new Float64Array(buffer, byteOffset, length >> 1);
}

function copySingly(
  pixels: Uint8Array,
  length: number,
  levels: Float32Array,
): Copy {
  return (source, { values }, to) => {
    for (let i = 0; i < length; i++)
      values[to + i] = levels[pixels[source + i]];
  };
}

/**
 * A third of the time: four pixels are read at once, and two values written at once as the bits of one float64, out of
 * a table of all pairs. None of the pairs is a NaN, whose bits might change. Null where images do not lie on words.
 */
function copyByFours(
  pixels: Uint8Array,
  length: number,
  levels: Float32Array,
): Copy | null {
  if (length % 4 !== 0 || pixels.byteOffset % 4 !== 0) return null;
  const words = new Int32Array(
    pixels.buffer,
    pixels.byteOffset,
    Math.floor(pixels.length / 4),
  );
  const pairs = pairTable(levels);
  const count = length / 4;
  const unrolled = count - (count % 4);
  return (source, { pairs: out }, to) => {
    if (!out) return;
    const from = source / 4;
    const start = to / 2;
    for (let i = 0; i < unrolled; i += 4) {
      const a = words[from + i];
      const b = words[from + i + 1];
      const c = words[from + i + 2];
      const d = words[from + i + 3];
      const at = start + 2 * i;
      out[at] = pairs[a & 0xffff];
      out[at + 1] = pairs[a >>> 16];
      out[at + 2] = pairs[b & 0xffff];
      out[at + 3] = pairs[b >>> 16];
      out[at + 4] = pairs[c & 0xffff];
      out[at + 5] = pairs[c >>> 16];
      out[at + 6] = pairs[d & 0xffff];
      out[at + 7] = pairs[d >>> 16];
    }
    for (let i = unrolled; i < count; i++) {
      out[start + 2 * i] = pairs[words[from + i] & 0xffff];
      out[start + 2 * i + 1] = pairs[words[from + i] >>> 16];
    }
  };
}

/** The values of two neighbouring pixels by their 16 bits, in the machine's own byte order. */
function pairTable(levels: Float32Array): Float64Array {
  const pairs = new Float64Array(2 ** 16);
  const values = new Float32Array(pairs.buffer);
  const pixels = new Uint8Array(2);
  const bits = new Uint16Array(pixels.buffer);
  for (let pair = 0; pair < 2 ** 16; pair++) {
    bits[0] = pair;
    values[2 * pair] = levels[pixels[0]];
    values[2 * pair + 1] = levels[pixels[1]];
  }
  return pairs;
}

function copyMirrored(
  { pixels, size }: ImageSet,
  length: number,
  levels: Float32Array,
): Copy {
  return (source, { values }, to) => {
    for (let row = 0; row < length; row += size) {
      const last = source + row + size - 1;
      for (let column = 0; column < size; column++)
        values[to + row + column] = levels[pixels[last - column]];
    }
  };
}

/** In place. */
function mirror(image: Uint8Array, size: number): void {
  for (let row = 0; row < image.length; row += size)
    image.subarray(row, row + size).reverse();
}
