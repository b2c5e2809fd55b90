/** Frames as an animated GIF that repeats for ever, written frame by frame. Greys are exact; colours are quantised. */
import { createRequire } from "node:module";
import type { Gifenc } from "gifenc";
import type { Frame } from "./frames";
import type { Raster } from "./raster";
import { isGrey } from "./raster";

/** The package is CommonJS with a `default` of its own, which no two loaders of ES modules treat alike. */
const gifenc = createRequire(import.meta.url)("gifenc") as Gifenc;

const greys = Array.from({ length: 256 }, (_, level) => [level, level, level]);

export async function* encodeGif(
  frames: AsyncIterable<Frame>,
): AsyncGenerator<Uint8Array> {
  const encoder = gifenc.GIFEncoder({ auto: false });
  encoder.writeHeader();
  let first = true;
  for await (const { picture, duration } of frames) {
    const { palette, pixels } = indexed(picture);
    encoder.writeFrame(pixels, picture.width, picture.height, {
      palette: !first && palette === greys ? undefined : palette,
      first,
      delay: duration,
      repeat: 0,
    });
    first = false;
    yield encoder.bytes();
    encoder.reset();
  }
  encoder.finish();
  yield encoder.bytes();
}

function indexed(picture: Raster): { palette: number[][]; pixels: Uint8Array } {
  if (isGrey(picture)) {
    const pixels = new Uint8Array(picture.width * picture.height);
    for (let i = 0; i < pixels.length; i++) pixels[i] = picture.data[i * 3];
    return { palette: greys, pixels };
  }
  const rgba = withAlpha(picture);
  const palette = gifenc.quantize(rgba, 256);
  return { palette, pixels: gifenc.applyPalette(rgba, palette) };
}

function withAlpha({ width, height, data }: Raster): Uint8Array {
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    rgba[i * 4] = data[i * 3];
    rgba[i * 4 + 1] = data[i * 3 + 1];
    rgba[i * 4 + 2] = data[i * 3 + 2];
    rgba[i * 4 + 3] = 255;
  }
  return rgba;
}
