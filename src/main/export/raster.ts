/** Pictures in memory: 8-bit RGB, row by row. Small on purpose; encoding is in `png.ts`, `gif.ts` and `webp.ts`. */
import sharp from "sharp";

export interface Raster {
  width: number;
  height: number;
  /** `height * width * 3`. */
  data: Uint8Array;
}

export type Color = readonly [number, number, number];

export function createRaster(
  width: number,
  height: number,
  color: Color,
): Raster {
  const data = new Uint8Array(width * height * 3);
  const [red, green, blue] = color;
  if (red === green && green === blue)
    return { width, height, data: data.fill(red) };
  for (let i = 0; i < data.length; i += 3) {
    data[i] = red;
    data[i + 1] = green;
    data[i + 2] = blue;
  }
  return { width, height, data };
}

/** Copies `source` into `target` with its corner at (left, top); it must fit. */
export function draw(
  target: Raster,
  source: Raster,
  left: number,
  top: number,
): void {
  for (let y = 0; y < source.height; y++)
    target.data.set(
      source.data.subarray(y * source.width * 3, (y + 1) * source.width * 3),
      ((top + y) * target.width + left) * 3,
    );
}

export function crop(
  source: Raster,
  left: number,
  top: number,
  width: number,
  height: number,
): Raster {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * source.width + left) * 3;
    data.set(source.data.subarray(start, start + width * 3), y * width * 3);
  }
  return { width, height, data };
}

/** Each pixel becomes a square of `factor` pixels, or the picture is resampled with a cubic. */
export async function enlarge(
  source: Raster,
  factor: number,
  resample: "nearest" | "smooth",
): Promise<Raster> {
  if (factor === 1) return source;
  if (resample === "nearest") return repeat(source, factor);
  const width = source.width * factor;
  const height = source.height * factor;
  const data = await sharp(source.data, {
    raw: { width: source.width, height: source.height, channels: 3 },
  })
    .resize(width, height, { kernel: "cubic", fit: "fill" })
    .removeAlpha()
    .raw()
    .toBuffer();
  return { width, height, data };
}

function repeat(source: Raster, factor: number): Raster {
  const width = source.width * factor;
  const height = source.height * factor;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < source.height; y++) {
    const row = y * factor * width * 3;
    for (let x = 0; x < width; x++) {
      const from = (y * source.width + Math.floor(x / factor)) * 3;
      data[row + x * 3] = source.data[from];
      data[row + x * 3 + 1] = source.data[from + 1];
      data[row + x * 3 + 2] = source.data[from + 2];
    }
    for (let copy = 1; copy < factor; copy++)
      data.copyWithin(row + copy * width * 3, row, row + width * 3);
  }
  return { width, height, data };
}

/** `#rrggbb`. */
export function parseColor(text: string): Color {
  const value = parseInt(text.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Black or white, whichever can be read on the colour. */
export function inkOn([red, green, blue]: Color): Color {
  return red * 0.299 + green * 0.587 + blue * 0.114 > 140
    ? [0, 0, 0]
    : [255, 255, 255];
}

/** Whether every pixel is a grey. */
export function isGrey({ data }: Raster): boolean {
  for (let i = 0; i < data.length; i += 3)
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  return true;
}
