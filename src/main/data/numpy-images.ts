/**
 * Images in NumPy arrays, as people save them from Python: (N, H, W), (N, H, W, C), PyTorch's (N, C, H, W), or flat
 * squares (N, H * W); integers from 0 to 255, or floats whose range tells their scale.
 */
import type { BytesAt } from "./bytes-at";
import { createFormer } from "./form";
import { DataError } from "./image-set";
import { describe, headerBytes, readElements, readNpyHeader } from "./npy";
import type { ElementType, NpyHeader } from "./npy";
import { Pace } from "./pace";
import type { ImageSource, WorkOptions } from "./source";

/** About this much of a file is in memory at once. */
const chunkBytes = 2 ** 22;

/** One array: where it lies and what it is called in messages. */
export interface NpyArray {
  name: string;
  bytes: BytesAt;
}

interface Layout {
  height: number;
  width: number;
  channels: 1 | 3;
  /** `[C, H, W]` rather than `[H, W, C]`. */
  planar: boolean;
}

/** Rejects with a DataError that names the array. */
export async function openNumpyImages(
  title: string,
  images: NpyArray,
  labels: NpyArray | null,
): Promise<ImageSource> {
  const header = await readHeader(images);
  const layout = layoutOf(header.shape, images.name);
  const [count] = header.shape;
  const numbers = labels && (await readLabels(labels, count, images.name));
  const classes = numbers && numberedClasses(numbers);
  return createArraySource({ title, images, header, layout }, numbers, classes);
}

/** Images that lie one after another. */
export interface ImageArray {
  title: string;
  images: NpyArray;
  header: NpyHeader;
  layout: Layout;
}

export function createArraySource(
  { title, images, header, layout }: ImageArray,
  labels: Uint16Array | null,
  classes: string[] | null,
): ImageSource {
  return {
    title,
    count: header.shape[0],
    labels,
    classes,
    signature: () => Promise.resolve(null),
    async read(indices, form, options) {
      const scale = await findScale(images, header, options);
      const { height, width, channels, planar } = layout;
      const former = createFormer(width, height, channels, form);
      const pixels = new Uint8Array(indices.length * former.length);
      const area = height * width;
      const scratch = new Uint8Array(area * channels);
      // Bytes in the right order are levels as they are.
      const ready = isByte(header.element) && !planar;
      let position = 0;
      await eachImage(images, header, indices, options, title, (values) => {
        const to = former.length * position++;
        if (ready && values instanceof Uint8Array) {
          former.write(values, 0, pixels, to);
          return;
        }
        for (let pixel = 0; pixel < area; pixel++)
          for (let channel = 0; channel < channels; channel++) {
            const at = planar
              ? channel * area + pixel
              : pixel * channels + channel;
            scratch[pixel * channels + channel] = scale(values[at]);
          }
        former.write(scratch, 0, pixels, to);
      });
      return { pixels, kept: null, skipped: [] };
    },
  };
}

/** `0` ... as many names as the labels need. */
export function numberedClasses(labels: Uint16Array): string[] {
  const highest = labels.reduce((most, label) => Math.max(most, label), 0);
  return Array.from({ length: highest + 1 }, (_, label) => String(label));
}

/** Whether an array of this shape can be images. */
export function isImageShape(shape: readonly number[]): boolean {
  return findLayout(shape) !== null;
}

export async function readHeader({
  name,
  bytes,
}: NpyArray): Promise<NpyHeader> {
  return readNpyHeader(await bytes.read(0, headerBytes), name, bytes.size);
}

function layoutOf(shape: readonly number[], name: string): Layout {
  const layout = findLayout(shape);
  if (layout) return layout;
  throw new DataError(
    `${name} has the shape ${describe(shape)}, which is no set of images; save it as (N, H, W) or (N, H, W, 3).`,
  );
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

/** Calls `use` with the values of each chosen image, in order; neighbours are read together. */
async function eachImage(
  images: NpyArray,
  { shape, element, dataAt }: NpyHeader,
  indices: Uint32Array,
  options: WorkOptions,
  title: string,
  use: (values: Float64Array | Uint8Array) => void,
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
    for (let image = 0; image < run; image++)
      use(
        valuesOf(bytes.subarray(image * stride, (image + 1) * stride), element),
      );
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

/** From a value to a grey level. */
type Scale = (value: number) => number;

/**
 * Bytes are levels. Everything else is looked through once: floats in [0, 1] and [-1, 1] are stretched to 0 ... 255,
 * floats and integers in [0, 255] are levels already.
 */
async function findScale(
  images: NpyArray,
  header: NpyHeader,
  options: WorkOptions,
): Promise<Scale> {
  const { kind } = header.element;
  if (isByte(header.element)) return (value) => value;
  if (kind === "boolean") return (value) => (value ? 255 : 0);
  const { min, max } = await findRange(images, header, options);
  if (kind === "float" && min >= 0 && max <= 1)
    return (value) => Math.round(value * 255);
  if (kind === "float" && min >= -1 && max <= 1)
    return (value) => Math.round((value + 1) * 127.5);
  if (min >= 0 && max <= 255) return (value) => Math.round(value);
  throw new DataError(
    `${images.name} holds values from ${min} to ${max}; scale them to 0 ... 255, [0, 1] or [-1, 1] before saving.`,
  );
}

async function findRange(
  images: NpyArray,
  header: NpyHeader,
  options: WorkOptions,
): Promise<{ min: number; max: number }> {
  const all = Uint32Array.from({ length: header.shape[0] }, (_, i) => i);
  let min = Infinity;
  let max = -Infinity;
  let image = 0;
  const title = `the range of ${images.name}`;
  await eachImage(images, header, all, options, title, (values) => {
    for (const value of values) {
      if (Number.isNaN(value))
        throw new DataError(
          `${images.name} holds NaN in image ${image}; replace it before saving.`,
        );
      if (value < min) min = value;
      if (value > max) max = value;
    }
    image++;
  });
  return { min, max };
}

async function readLabels(
  labels: NpyArray,
  count: number,
  imagesName: string,
): Promise<Uint16Array> {
  const { shape, element, dataAt } = await readHeader(labels);
  const values = readElements(
    await labels.bytes.read(dataAt, labels.bytes.size - dataAt),
    element,
  );
  if (values.length !== count)
    throw new DataError(
      `${labels.name} has the shape ${describe(shape)} but ${imagesName} has ${count} images; they do not belong together.`,
    );
  if (
    values.some(
      (value) => !Number.isInteger(value) || value < 0 || value >= 2 ** 16,
    )
  )
    throw new DataError(
      `${labels.name} does not hold class numbers from 0 up; save the labels as integers.`,
    );
  return Uint16Array.from(values);
}
