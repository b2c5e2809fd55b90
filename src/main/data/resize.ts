/**
 * Resizes one grey plane with the antialiased triangle filter, as PIL's `BILINEAR` and torchvision's `Resize` do:
 * when shrinking the filter widens with the scale, so that every source pixel counts; two passes, rounded between.
 */

/** Weights are whole numbers of 2^-22, so that a weighted sum of bytes fits 31 bits. */
const precision = 22;

/** Reads a plane at `source[0]`, writes it at `target[offset]`. */
export type Resizer = (
  source: Uint8Array,
  target: Uint8Array,
  offset: number,
) => void;

/** A resizer for planes of one size; it keeps its tables and a scratch plane. All sizes in pixels. */
export function createResizer(
  width: number,
  height: number,
  newWidth: number,
  newHeight: number,
): Resizer {
  const columns = filterTable(width, newWidth);
  const rows = filterTable(height, newHeight);
  const between = new Uint8Array(newWidth * height);
  return (source, target, offset) => {
    if (width === newWidth && height === newHeight) {
      target.set(source.subarray(0, width * height), offset);
    } else if (height === newHeight) {
      filterRows(source, { width, height }, target, offset, columns);
    } else if (width === newWidth) {
      filterColumns(source, width, target, offset, rows);
    } else {
      filterRows(source, { width, height }, between, 0, columns);
      filterColumns(between, newWidth, target, offset, rows);
    }
  };
}

/** For each new pixel: where its window begins, and as many weights as the widest window has. */
interface FilterTable {
  outputs: number;
  taps: number;
  starts: Int32Array;
  weights: Int32Array;
}

function filterTable(inputs: number, outputs: number): FilterTable {
  const scale = inputs / outputs;
  const reach = Math.max(scale, 1);
  const taps = Math.min(inputs, 2 * Math.ceil(reach) + 1);
  const starts = new Int32Array(outputs);
  const weights = new Int32Array(outputs * taps);
  for (let output = 0; output < outputs; output++) {
    const center = (output + 0.5) * scale;
    const first = Math.max(0, Math.floor(center - reach + 0.5));
    const end = Math.min(inputs, Math.floor(center + reach + 0.5));
    const window = Float64Array.from({ length: end - first }, (_, tap) =>
      Math.max(0, 1 - Math.abs((first + tap + 0.5 - center) / reach)),
    );
    const sum = window.reduce((total, weight) => total + weight, 0);
    // A window shorter than the widest one keeps zeros; it must still lie inside the plane.
    starts[output] = Math.min(first, inputs - taps);
    window.forEach((weight, tap) => {
      weights[output * taps + first - starts[output] + tap] = Math.floor(
        (weight / sum) * 2 ** precision + 0.5,
      );
    });
  }
  return { outputs, taps, starts, weights };
}

function filterRows(
  source: Uint8Array,
  { width, height }: { width: number; height: number },
  target: Uint8Array,
  offset: number,
  { outputs, taps, starts, weights }: FilterTable,
): void {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < outputs; column++) {
      const from = row * width + starts[column];
      const table = column * taps;
      let sum = 1 << (precision - 1);
      for (let tap = 0; tap < taps; tap++)
        sum += Math.imul(source[from + tap], weights[table + tap]);
      target[offset + row * outputs + column] = sum >> precision;
    }
  }
}

function filterColumns(
  source: Uint8Array,
  width: number,
  target: Uint8Array,
  offset: number,
  { outputs, taps, starts, weights }: FilterTable,
): void {
  for (let row = 0; row < outputs; row++) {
    const table = row * taps;
    for (let column = 0; column < width; column++) {
      let from = starts[row] * width + column;
      let sum = 1 << (precision - 1);
      for (let tap = 0; tap < taps; tap++, from += width)
        sum += Math.imul(source[from], weights[table + tap]);
      target[offset + row * width + column] = sum >> precision;
    }
  }
}
