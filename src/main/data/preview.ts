/** What the data set view shows of a loaded set: facts, and pictures as PNG. */
import sharp from "sharp";
import type { DataPreview, ImageFacts } from "../../shared/contract/data";
import { Random } from "../../shared/random";
import type { DataSettings } from "../../shared/settings/settings";
import { levelTable } from "./batches";
import { DataError } from "./image-set";
import type { ImageSet, LoadedImages } from "./image-set";
import { reportOf } from "./report";

/** Enough for a histogram, few enough to count at once. */
const histogramImages = 2000;
/** Files named that could not be read. */
const mostSkipped = 100;
/** Images a side of a picture that shows many. */
const side = 8;
/** Pixels of black between them. */
const gap = 2;

export type Picture =
  | { kind: "random" }
  | { kind: "mean" }
  | { kind: "class"; label: number }
  | { kind: "index"; index: number };

/** Reads `random`, `mean`, `class:3` or `index:149`; null for anything else. */
export function parsePicture(text: string): Picture | null {
  if (text === "random" || text === "mean") return { kind: text };
  const match = /^(class|index):(\d{1,9})$/.exec(text);
  if (!match) return null;
  const number = Number(match[2]);
  return match[1] === "class"
    ? { kind: "class", label: number }
    : { kind: "index", index: number };
}

export function describeImages(
  images: LoadedImages,
  range: DataSettings["range"],
): DataPreview {
  const histogram = countLevels(images);
  const report = reportOf(images);
  return {
    count: images.count,
    classes: images.identity.classes && images.labels && report.classes,
    hash: images.identity.hash,
    histogram,
    range: valueRange(histogram, range),
    report: { ...report, skipped: report.skipped.slice(0, mostSkipped) },
    skippedCount: report.skipped.length,
    heldOut: images.identity.heldOut,
  };
}

/** One image with its value scale, as the lecture looks at image 149. Throws a DataError where there is none. */
export function describeImage(
  images: ImageSet,
  index: number,
  range: DataSettings["range"],
): ImageFacts {
  const histogram = new Array<number>(256).fill(0);
  for (const level of pixelsOf(images, index)) histogram[level]++;
  const label = images.labels?.[index];
  return {
    index,
    label:
      label === undefined
        ? null
        : (images.identity.classes?.[label] ?? String(label)),
    range: valueRange(histogram, range),
  };
}

/** What becomes of the pixels `[channels, size, size]` of the image that is drawn at a place. */
export type Disturb = (pixels: Uint8Array, place: number) => Uint8Array;

/**
 * A PNG: up to 8 x 8 images for `random` and `class`, one image for the others, each as `disturb` leaves it. Rejects with a
 * DataError.
 */
export function drawPicture(
  images: ImageSet,
  picture: Picture,
  seed: number,
  disturb: Disturb = (pixels) => pixels,
): Promise<Uint8Array<ArrayBuffer>> {
  switch (picture.kind) {
    case "mean":
      return encode(meanImage(images), images.size, images.size, images);
    case "index":
      return drawGrid(images, [picture.index], 1, disturb);
    case "random":
      return drawGrid(
        images,
        chooseImages(images, () => true, seed),
        side,
        disturb,
      );
    case "class": {
      const { label } = picture;
      const wanted = (index: number) => images.labels?.[index] === label;
      const chosen = chooseImages(images, wanted, seed);
      if (chosen.length === 0)
        throw new DataError(
          `${images.identity.title} holds no image of class ${label}; choose another.`,
        );
      return drawGrid(images, chosen, side, disturb);
    }
    default:
      return picture satisfies never;
  }
}

/** Up to 64 different images, in random order. */
function chooseImages(
  images: ImageSet,
  wanted: (index: number) => boolean,
  seed: number,
): number[] {
  const chosen: number[] = [];
  for (const index of Random.fromSeed(seed, "preview").permutation(
    images.count,
  )) {
    if (wanted(index)) chosen.push(index);
    if (chosen.length === side * side) break;
  }
  return chosen;
}

function drawGrid(
  images: ImageSet,
  indices: readonly number[],
  perRow: number,
  disturb: Disturb,
): Promise<Uint8Array<ArrayBuffer>> {
  const { size, channels } = images;
  const columns = Math.min(perRow, indices.length);
  const rows = Math.ceil(indices.length / columns);
  const width = columns * (size + gap) - gap;
  const height = rows * (size + gap) - gap;
  const canvas = new Uint8Array(channels * width * height);
  indices.forEach((index, place) => {
    const left = (place % columns) * (size + gap);
    const top = Math.floor(place / columns) * (size + gap);
    const source = disturb(pixelsOf(images, index), place);
    for (let channel = 0; channel < channels; channel++)
      for (let row = 0; row < size; row++)
        canvas.set(
          source.subarray(
            (channel * size + row) * size,
            (channel * size + row + 1) * size,
          ),
          (channel * height + top + row) * width + left,
        );
  });
  return encode(canvas, width, height, images);
}

/** `planes` is `[channels, height, width]`; PNG wants the channels last. */
async function encode(
  planes: Uint8Array,
  width: number,
  height: number,
  { channels }: Pick<ImageSet, "channels">,
): Promise<Uint8Array<ArrayBuffer>> {
  const pixels = new Uint8Array(planes.length);
  const area = width * height;
  for (let at = 0; at < area; at++)
    for (let channel = 0; channel < channels; channel++)
      pixels[at * channels + channel] = planes[channel * area + at];
  const png = await sharp(pixels, { raw: { width, height, channels } })
    .png()
    .toBuffer();
  return new Uint8Array(png);
}

function meanImage(images: ImageSet): Uint8Array {
  const { pixels, count } = images;
  const length = pixels.length / count;
  const sums = new Float64Array(length);
  for (let image = 0; image < count; image++)
    for (let at = 0; at < length; at++) sums[at] += pixels[image * length + at];
  return Uint8Array.from(sums, (sum) => Math.round(sum / count));
}

function pixelsOf(images: ImageSet, index: number): Uint8Array {
  if (index >= images.count)
    throw new DataError(
      `${images.identity.title} has no image ${index}; its ${images.count} images are numbered from 0.`,
    );
  const length = images.channels * images.size * images.size;
  return images.pixels.subarray(index * length, (index + 1) * length);
}

/** Over images that are spread evenly, because a set may be sorted by class. */
function countLevels(images: ImageSet): number[] {
  const histogram = new Array<number>(256).fill(0);
  const counted = Math.min(images.count, histogramImages);
  for (let i = 0; i < counted; i++) {
    const index = Math.floor((i * images.count) / counted);
    for (const level of pixelsOf(images, index)) histogram[level]++;
  }
  return histogram;
}

function valueRange(
  histogram: readonly number[],
  range: DataSettings["range"],
): DataPreview["range"] {
  const values = levelTable(range);
  const total = histogram.reduce((sum, count) => sum + count, 0);
  const mean = histogram.reduce(
    (sum, count, level) => sum + count * values[level],
    0,
  );
  return {
    min: values[histogram.findIndex((count) => count > 0)],
    max: values[histogram.findLastIndex((count) => count > 0)],
    mean: mean / total,
  };
}
