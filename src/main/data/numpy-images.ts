/**
 * Images in NumPy arrays, as people save them from Python: (N, H, W), (N, H, W, C), PyTorch's (N, C, H, W), or flat
 * squares (N, H * W); of bytes, other whole numbers, truth values or floats.
 */
import { createFormer } from "./form";
import { DataError } from "./image-set";
import { LookTally } from "./look";
import { describe, numbersIn, readElements } from "./npy";
import type { ElementType } from "./npy";
import { readHeader } from "./npy-array";
import type { NpyArray } from "./npy-array";
import { readNpyLabels } from "./npy-labels";
import { Pace } from "./pace";
import type { ImageSource, TestPart, WorkOptions } from "./source";
import { decideScale, ValueTally } from "./value-range";
import type { NumberType, Scale } from "./value-range";

/** About this much of a file is in memory at once. */
const chunkBytes = 2 ** 22;

interface Layout {
  height: number;
  width: number;
  channels: 1 | 3;
  /** `[C, H, W]` rather than `[H, W, C]`. */
  planar: boolean;
}

/** What belongs to the images. */
export interface Beside {
  labels: NpyArray | null;
  testPart: TestPart | null;
  warnings: readonly string[];
}

/** Rejects with a DataError that names the array. */
export async function openNumpyImages(
  title: string,
  images: NpyArray,
  { labels: labelArray, testPart, warnings }: Beside,
): Promise<ImageSource> {
  const header = await readHeader(images);
  const element = numbersIn(header, images.name);
  const layout = layoutOf(header.shape, images.name);
  const [count] = header.shape;
  const labelling = labelArray && (await readNpyLabels(labelArray, count));
  const isLabelled = labelling !== null && typeof labelling !== "string";
  const { shape, dataAt } = header;
  const array = { images, shape, dataAt, element, layout, title };
  return createArraySource(array, {
    labels: isLabelled ? labelling.labels : null,
    classes: isLabelled ? labelling.classes : null,
    warnings: [
      ...warnings,
      ...maybeCountedLast(title, shape),
      ...(typeof labelling === "string"
        ? [`${labelArray?.name ?? ""} ${labelling}: left out.`]
        : []),
      ...fewImages(header.shape, images.name),
    ],
    testPart,
    isTestPart: false,
  });
}

/** Images that lie one after another. */
export interface ImageArray {
  title: string;
  images: NpyArray;
  shape: readonly number[];
  /** Where the values begin. */
  dataAt: number;
  element: ElementType;
  layout: Layout;
}

export function createArraySource(
  array: ImageArray,
  facts: Pick<
    ImageSource,
    "labels" | "classes" | "warnings" | "testPart" | "isTestPart"
  >,
): ImageSource {
  const { title, shape, element, layout } = array;
  return {
    ...facts,
    title,
    count: shape[0],
    signature: () => Promise.resolve(null),
    async read(indices, form, options) {
      const { toLevel, notes } = await findScale(array, options);
      const { height, width, channels, planar } = layout;
      const former = createFormer(width, height, channels, form);
      const pixels = new Uint8Array(indices.length * former.length);
      const area = height * width;
      const scratch = new Uint8Array(area * channels);
      const tally = new LookTally();
      // Bytes in the right order are levels as they are.
      const ready = isByte(element) && !planar && notes.length === 0;
      let position = 0;
      await eachImage(array, indices, options, (values) => {
        const to = former.length * position++;
        let image: Uint8Array = scratch;
        if (ready && values instanceof Uint8Array) image = values;
        else
          for (let pixel = 0; pixel < area; pixel++)
            for (let channel = 0; channel < channels; channel++) {
              const at = planar
                ? channel * area + pixel
                : pixel * channels + channel;
              scratch[pixel * channels + channel] = toLevel(values[at]);
            }
        tally.add(layout, image, 0, scratch.length);
        former.write(image, 0, pixels, to);
      });
      return { pixels, kept: null, skipped: [], look: tally.look, notes };
    },
  };
}

/** Whether an array of this shape can be images. */
export function isImageShape(shape: readonly number[]): boolean {
  return findLayout(shape) !== null && !isOnePicture(shape);
}

/** MATLAB and volumes put the number of images last: (28, 28, 100). */
function maybeCountedLast(
  title: string,
  [a, b, c, ...more]: readonly number[],
) {
  if (more.length > 0 || c === undefined || a !== b || c <= 4 || c === b)
    return [];
  return [
    `${title} is read as ${a} images of ${b} x ${c}; if it holds ${c} images of ${a} x ${b}, save it as (N, H, W).`,
  ];
}

/** (H, W, 3) and the like, or a square. An array of as many flat images as they have pixels is far less likely. */
function isOnePicture([a, b, c, ...more]: readonly number[]): boolean {
  if (b === undefined) return false;
  if (c === undefined) return a === b;
  const isColour = c === 1 || c === 3 || c === 4;
  return more.length === 0 && isColour && Math.min(a, b) > c;
}

function layoutOf(shape: readonly number[], name: string): Layout {
  if (isOnePicture(shape))
    throw new DataError(
      `${name} has the shape ${describe(shape)}, which is one picture, not a set of them; stack pictures as (N, H, W) or (N, H, W, 3).`,
    );
  const layout = findLayout(shape);
  if (layout) return layout;
  throw new DataError(
    `${name} has the shape ${describe(shape)}, which is not a set of images; save it as (N, H, W) or (N, H, W, 3).`,
  );
}

/** One picture in planes looks like three grey ones. */
function fewImages(shape: readonly number[], name: string): string[] {
  const [count] = shape;
  if (shape.length !== 3 || (count !== 1 && count !== 3)) return [];
  return [
    `${name} has the shape ${describe(shape)} and is read as ${count} grey image${count === 1 ? "" : "s"}; a single picture is not a set of images.`,
  ];
}

function findLayout(shape: readonly number[]): Layout | null {
  const [, a, b, c] = shape;
  if (shape.length === 2) {
    const side = Math.round(Math.sqrt(a));
    return side > 1 && side * side === a
      ? { height: side, width: side, channels: 1, planar: false }
      : null;
  }
  if (shape.length === 3)
    return { height: a, width: b, channels: 1, planar: false };
  if (shape.length !== 4) return null;
  if (c === 1 || c === 3)
    return { height: a, width: b, channels: c, planar: false };
  if (a === 1 || a === 3)
    return { height: b, width: c, channels: a, planar: true };
  return null;
}

/** Calls `use` with the values of each chosen image, in order, until it gives false; neighbours are read together. */
async function eachImage(
  { images, shape, dataAt, element, title }: ImageArray,
  indices: Uint32Array,
  options: WorkOptions,
  use: (values: Float64Array | Uint8Array) => unknown,
): Promise<void> {
  const length = shape
    .slice(1)
    .reduce((product, extent) => product * extent, 1);
  const stride = length * element.bytes;
  const together = Math.max(1, Math.floor(chunkBytes / stride));
  const pace = new Pace(`Reading ${title}`, indices.length, "images", options);
  for (let at = 0; at < indices.length;) {
    const first = indices[at];
    let run = 1;
    while (run < together && indices[at + run] === first + run) run++;
    const bytes = await images.bytes.read(
      dataAt + first * stride,
      run * stride,
    );
    if (bytes.length < run * stride)
      throw new DataError(`${images.name} is cut off; save it again.`);
    for (let image = 0; image < run; image++) {
      const part = bytes.subarray(image * stride, (image + 1) * stride);
      if (use(valuesOf(part, element)) === false) return;
    }
    at += run;
    if (pace.due()) await pace.breathe(at);
  }
  pace.tell(indices.length);
}

function valuesOf(
  bytes: Buffer,
  element: ElementType,
): Float64Array | Uint8Array {
  return isByte(element) ? bytes : readElements(bytes, element);
}

function isByte({ kind, bytes }: ElementType): boolean {
  return kind === "unsigned" && bytes === 1;
}

/** Looks through all images, not the chosen ones only, so that a subset has the same levels. */
async function findScale(
  array: ImageArray,
  options: WorkOptions,
): Promise<Scale> {
  const { images, shape, element } = array;
  const type = numberType(element);
  const tally = new ValueTally();
  if (type.kind === "boolean") return decideScale(tally, type, images.name);
  const all = Uint32Array.from({ length: shape[0] }, (_, i) => i);
  const title = `the range of ${images.name}`;
  let image = 0;
  await eachImage({ ...array, title }, all, options, (values) => {
    if (!tally.add(values))
      throw new DataError(
        `${images.name} holds NaN in image ${image}; replace it before saving.`,
      );
    image++;
    // Bytes are levels as soon as one of them is more than 1.
    return !isByte(element) || tally.max <= 1;
  });
  return decideScale(tally, type, images.name);
}

function numberType({ kind, bytes }: ElementType): NumberType {
  const isWhole = kind === "unsigned" || kind === "signed";
  return {
    kind: isWhole ? "integer" : kind,
    bits: 8 * bytes,
    signed: kind === "signed",
  };
}
