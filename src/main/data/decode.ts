/**
 * One image file's bytes to pixels: PNG, JPEG, WebP, GIF and TIFF through sharp (the first frame or page), BMP by
 * ourselves. The bytes decide, not the name. Upright by EXIF, transparency over white, always 8 bits, sRGB or grey.
 */
import sharp from "sharp";
import type { Sharp } from "sharp";
import { isLfsNote, lfsNote } from "../disk/lfs-note";
import { decodeBmp } from "./bmp";
import type { DecodedImage } from "./decoded-image";
import { DataError } from "./image-set";
import { readTiffValues } from "./tiff-values";
import type { TiffScales, TiffValues } from "./tiff-values";
import { whyUnreadable } from "./unreadable";

/** More than any camera's picture; a decompression bomb has far more. */
const mostPixels = 2 ** 26;
/** Above this many pixels sharp shrinks first, so that no image costs much memory or time. */
const largePixels = 2 ** 22;
/** How much larger than wanted a pre-shrunk image stays. */
const reserve = 4;

const signatures: { format: Format; bytes: string; at: number }[] = [
  { format: "png", bytes: "\x89PNG\r\n\x1a\n", at: 0 },
  { format: "jpeg", bytes: "\xff\xd8\xff", at: 0 },
  { format: "webp", bytes: "WEBP", at: 8 },
  { format: "gif", bytes: "GIF8", at: 0 },
  { format: "tiff", bytes: "II*\0", at: 0 },
  { format: "tiff", bytes: "MM\0*", at: 0 },
  // BigTIFF.
  { format: "tiff", bytes: "II+\0", at: 0 },
  { format: "tiff", bytes: "MM\0+", at: 0 },
  { format: "bmp", bytes: "BM", at: 0 },
];
export type Format = "png" | "jpeg" | "webp" | "gif" | "tiff" | "bmp";

/**
 * Rejects with an Error whose message is a short reason. `size` is what the image will be resized to, in pixels;
 * `scales` say what the values of TIFFs mean that are no grey levels by themselves.
 */
export async function decodeImage(
  bytes: Buffer,
  size: number,
  { scales }: Pick<TiffScales, "scales"> = { scales: {} },
): Promise<DecodedImage> {
  if (bytes.length === 0) throw new Error("it is empty");
  if (isLfsNote(bytes)) throw new Error(`it ${lfsNote}`);
  const format = formatOf(bytes);
  if (format === null)
    throw new Error("it is not a PNG, JPEG, WebP, GIF, BMP or TIFF image");
  if (format === "bmp") return decodeBmp(bytes, mostPixels);
  try {
    const values = format === "tiff" ? await readTiffValues(bytes) : null;
    const image = values
      ? scaled(values, scales)
      : await decodeBySharp(bytes, size);
    return mayHavePages(bytes, format)
      ? { ...image, pages: await pagesIn(bytes) }
      : image;
  } catch (error) {
    if (error instanceof DataError) throw error;
    const reason = isTooLarge(error)
      ? "it has too many pixels"
      : whyUnreadable(bytes, format);
    throw new Error(reason, { cause: error });
  }
}

/** Throws a DataError with a short reason. */
function scaled(
  { values, kind, width, height, channels }: TiffValues,
  scales: TiffScales["scales"],
): DecodedImage {
  if (values.some(Number.isNaN)) throw new DataError("it holds NaN");
  const scale = scales[kind];
  if (scale === undefined)
    throw new DataError(
      `it is a TIFF of ${kind === "float" ? "floats" : "large numbers"} whose name does not end in .tif`,
    );
  if (scale instanceof DataError) throw scale;
  const data = Uint8Array.from(values, (value) => scale.toLevel(value));
  return { data, width, height, channels };
}

/** Few have, and counting takes a look of its own. */
function mayHavePages(bytes: Buffer, format: Format): boolean {
  const isExtended = bytes.toString("latin1", 12, 16) === "VP8X";
  const isAnimated = isExtended && (bytes[20] & 2) !== 0;
  return format === "webp" ? isAnimated : ["gif", "tiff"].includes(format);
}

async function pagesIn(bytes: Buffer): Promise<number> {
  const { pages } = await sharp(bytes, { limitInputPixels: false }).metadata();
  return pages ?? 1;
}

function formatOf(bytes: Buffer): Format | null {
  const found = signatures.find(
    ({ bytes: wanted, at }) =>
      bytes.toString("latin1", at, at + wanted.length) === wanted,
  );
  return found?.format ?? null;
}

/** Nearly all images are small, and asking for their size first would cost a fifth of the time. */
async function decodeBySharp(
  bytes: Buffer,
  size: number,
): Promise<DecodedImage> {
  try {
    return await pixelsOf(upright(bytes, largePixels));
  } catch (error) {
    if (!isTooLarge(error)) throw error;
    return decodeLarge(bytes, size);
  }
}

function upright(bytes: Buffer, limitInputPixels: number): Sharp {
  return sharp(bytes, { limitInputPixels, failOn: "error", pages: 1 })
    .autoOrient()
    .flatten({ background: "#ffffff" })
    .toColourspace("srgb");
}

async function decodeLarge(bytes: Buffer, size: number): Promise<DecodedImage> {
  const image = upright(bytes, mostPixels);
  const { width, height } = (await image.metadata()).autoOrient;
  const scale = Math.min(1, (reserve * size) / Math.min(width, height));
  const shrunk = await pixelsOf(
    image.resize(Math.ceil(width * scale), Math.ceil(height * scale), {
      fit: "fill",
    }),
  );
  const { channels } = shrunk;
  return { ...shrunk, original: { width, height, channels } };
}

async function pixelsOf(image: Sharp): Promise<DecodedImage> {
  const { data, info } = await image
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels !== 1 && channels !== 3)
    throw new DataError(`it has ${channels} channels`);
  return { data, width, height, channels };
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && error.message.includes("pixel limit");
}
