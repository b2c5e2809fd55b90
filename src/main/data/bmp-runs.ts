/** The run lengths of Windows bitmaps, BI_RLE8 and BI_RLE4: pairs of bytes become one palette index a pixel. */

interface Runs {
  width: number;
  height: number;
  bits: 4 | 8;
  /** Where the first pair is. */
  from: number;
}

/** `[height, width]`, the bottom row first; what no run covers is 0. Throws an Error with a short reason. */
export function unpackRuns(bytes: Buffer, runs: Runs): Uint8Array {
  const { width, height } = runs;
  const indices = new Uint8Array(width * height);
  let at = runs.from;
  let column = 0;
  let row = 0;
  const put = (index: number) => {
    if (column < width && row < height) indices[row * width + column] = index;
    column++;
  };
  while (row < height) {
    if (at + 2 > bytes.length) throw new Error("it is cut off");
    const [count, value] = [bytes[at], bytes[at + 1]];
    at += 2;
    if (count > 0) {
      for (let i = 0; i < count; i++) put(indexIn(value, i, runs));
    } else if (value === 0) {
      row++;
      column = 0;
    } else if (value === 1) {
      break;
    } else if (value === 2) {
      if (at + 2 > bytes.length) throw new Error("it is cut off");
      column += bytes[at];
      row += bytes[at + 1];
      at += 2;
    } else {
      const length = Math.ceil((value * runs.bits) / 8);
      if (at + length > bytes.length) throw new Error("it is cut off");
      const perByte = 8 / runs.bits;
      for (let i = 0; i < value; i++)
        put(indexIn(bytes[at + Math.floor(i / perByte)], i, runs));
      // Filled up to an even number of bytes.
      at += length + (length % 2);
    }
  }
  return indices;
}

/** Of 4 bits, the upper half comes first. */
function indexIn(byte: number, pixel: number, { bits }: Runs): number {
  if (bits === 8) return byte;
  return pixel % 2 === 0 ? byte >> 4 : byte & 15;
}
