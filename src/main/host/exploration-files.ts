/** What was drawn in the latent explorer as a file to take away: its frames as an animation, or its vectors for NumPy. */
import sharp from "sharp";
import type { ExplorationFormat, Sheet } from "../../shared/contract/explore";
import { encodeGif } from "../export/gif";
import { littleEndian, npyHeader } from "../export/npy-file";
import { crop, enlarge } from "../export/raster";
import type { Raster } from "../export/raster";
import type { Frame } from "../export/frames";
import { encodeWebp } from "../export/webp";
import type { Latents } from "../studio/latents";

/** The player of the window shows as many frames a second. */
const milliseconds = 1000 / 16;
/** Pixels a side that a frame has at least; a digit of 28 would be a stamp. */
const least = 224;

export const explorationTypes: Record<ExplorationFormat, string> = {
  gif: "image/gif",
  webp: "image/webp",
  npy: "application/octet-stream",
};

interface Drawn {
  png: Uint8Array;
  sheet: Sheet;
  latents: Latents;
}

export async function explorationFile(
  format: ExplorationFormat,
  { png, sheet, latents }: Drawn,
): Promise<Uint8Array<ArrayBuffer>> {
  if (format === "npy") return npyOf(latents);
  const encode = format === "gif" ? encodeGif : encodeWebp;
  const parts: Uint8Array[] = [];
  for await (const part of encode(framesOf(png, sheet))) parts.push(part);
  return Uint8Array.from(Buffer.concat(parts));
}

/** The tiles one after the other, enlarged pixel by pixel. */
async function* framesOf(
  png: Uint8Array,
  { count, columns, tile, padding }: Sheet,
): AsyncGenerator<Frame> {
  const whole = await rasterOf(png);
  for (let index = 0; index < count; index++) {
    const left = padding + (index % columns) * (tile + padding);
    const top = padding + Math.floor(index / columns) * (tile + padding);
    const picture = crop(whole, left, top, tile, tile);
    const factor = Math.ceil(least / tile);
    const duration = Math.round(milliseconds);
    yield { picture: await enlarge(picture, factor, "nearest"), duration };
  }
}

async function rasterOf(png: Uint8Array): Promise<Raster> {
  const { data, info } = await sharp(png)
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** A `float32` array `[count, size]`. */
function npyOf({ count, values }: Latents): Uint8Array<ArrayBuffer> {
  const header = npyHeader("<f4", [count, values.length / count]);
  return Uint8Array.from(Buffer.concat([header, littleEndian(values)]));
}
