/** Encoded pictures of one step as one PNG: a single one as it is, several as a square of rows. */
import sharp from "sharp";
import { errorMessage } from "../../../shared/errors";
import { RunError } from "../run-error";

/** More than any sample grid has; a small file can claim to be a picture of any size. */
const maxPixels = 64e6;
const padding = 2;

/** Rejects with a RunError where one cannot be decoded. */
export async function joinPictures(
  encoded: readonly Uint8Array[],
): Promise<Uint8Array> {
  try {
    const tiles = await Promise.all(encoded.map(decode));
    if (tiles.length === 1) return tiles[0].png;
    const columns = Math.ceil(Math.sqrt(tiles.length));
    const rows = Math.ceil(tiles.length / columns);
    const width = Math.max(...tiles.map((tile) => tile.width)) + padding;
    const height = Math.max(...tiles.map((tile) => tile.height)) + padding;
    const sheet = sharp({
      create: {
        width: columns * width + padding,
        height: rows * height + padding,
        channels: 3,
        background: "black",
      },
      limitInputPixels: maxPixels,
    });
    const placed = tiles.map(({ png }, index) => ({
      input: Buffer.from(png),
      left: padding + (index % columns) * width,
      top: padding + Math.floor(index / columns) * height,
    }));
    return await sheet.composite(placed).png().toBuffer();
  } catch (error) {
    const reason = errorMessage(error);
    throw new RunError(`it cannot be decoded (${reason}).`);
  }
}

async function decode(bytes: Uint8Array) {
  const { data, info } = await sharp(bytes, { limitInputPixels: maxPixels })
    .png()
    .toBuffer({ resolveWithObject: true });
  return { png: data, width: info.width, height: info.height };
}
