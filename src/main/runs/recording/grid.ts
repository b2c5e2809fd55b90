/**
 * A batch of images as one picture, equal in every pixel to torchvision's `make_grid` and `save_image` (0.28,
 * torchvision/utils.py), single precision included.
 */
import sharp from "sharp";
import type {
  DataSettings,
  SamplingSettings,
} from "../../../shared/settings/settings";

export interface ImageBatch {
  count: number;
  channels: 1 | 3;
  /** Pixels a side. */
  size: number;
  /** `[count, channels, size, size]`. */
  pixels: Float32Array;
}

/** Interleaved bytes. One channel stays one: torchvision repeats it three times, to the same picture. */
export interface Picture {
  width: number;
  height: number;
  channels: 1 | 3;
  bytes: Uint8Array;
}

/** Rows of images with padding around each; a single image gets none, as in torchvision. */
export function makeGrid(
  images: ImageBatch,
  grid: SamplingSettings["grid"],
  range: DataSettings["range"],
): Picture {
  const { count, channels, size } = images;
  const padding = count === 1 ? 0 : grid.padding;
  const cell = size + padding;
  const columns = Math.min(grid.perRow, count);
  const rows = Math.ceil(count / columns);
  const width = columns * cell + padding;
  const height = rows * cell + padding;
  const bytes = new Uint8Array(width * height * channels);
  bytes.fill(toByte(grid.padValue));
  const scale = grid.normalize ? stretch(images.pixels) : shift(range);
  let at = 0;
  for (let image = 0; image < count; image++) {
    const top = padding + Math.floor(image / columns) * cell;
    const left = padding + (image % columns) * cell;
    for (let channel = 0; channel < channels; channel++)
      for (let y = top; y < top + size; y++)
        for (let x = left; x < left + size; x++)
          bytes[(y * width + x) * channels + channel] = toByte(
            scale(images.pixels[at++]),
          );
  }
  return { width, height, channels, bytes };
}

/** One image `[channels, size, size]` in the data's range as interleaved bytes. */
export function toBytes(
  pixels: Float32Array,
  { channels, range, size }: Pick<DataSettings, "channels" | "range" | "size">,
): Uint8Array {
  const scale = shift(range);
  const plane = size * size;
  return Uint8Array.from(pixels, (_, at) => {
    const from = (at % channels) * plane + Math.floor(at / channels);
    return toByte(scale(pixels[from]));
  });
}

/** The picture as a PNG file. */
export async function encodePng(picture: Picture): Promise<Uint8Array> {
  const { width, height, channels, bytes } = picture;
  const image = sharp(bytes, { raw: { width, height, channels } });
  if (channels === 1) image.toColourspace("b-w");
  return image.png().toBuffer();
}

type Scale = (value: number) => number;

/** From the minimum and maximum of the whole batch to [0, 1]. */
function stretch(pixels: Float32Array): Scale {
  let low = Infinity;
  let high = -Infinity;
  // By number: `for ... of` takes several times as long.
  for (let at = 0; at < pixels.length; at++) {
    if (pixels[at] < low) low = pixels[at];
    if (pixels[at] > high) high = pixels[at];
  }
  const extent = Math.fround(Math.max(high - low, 1e-5));
  return (value) =>
    Math.fround(
      Math.fround(Math.min(Math.max(value, low), high) - low) / extent,
    );
}

function shift(range: DataSettings["range"]): Scale {
  return range === "unit"
    ? (value) => value
    : (value) => Math.fround(Math.fround(value + 1) / 2);
}

/** save_image's `mul(255).add_(0.5).clamp_(0, 255).to(uint8)`; what is not a number becomes black. */
export function toByte(value: number): number {
  const byte = Math.fround(Math.fround(Math.fround(value) * 255) + 0.5);
  return byte > 0 ? Math.floor(Math.min(byte, 255)) : 0;
}
