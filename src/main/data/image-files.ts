/** A source of many image files, wherever they lie: sub-folders are classes, images are decoded in parallel. */
import { availableParallelism } from "node:os";
import { errorMessage } from "../../shared/errors";
import { decodeImage } from "./decode";
import type { DecodedImage } from "./decoded-image";
import { createFormer } from "./form";
import type { Former } from "./form";
import { DataError } from "./image-set";
import { Pace } from "./pace";
import { sharedFolders } from "./shared-folders";
import type { ImageForm, ImageSource, ReadImages, WorkOptions } from "./source";

export interface ImageFiles {
  title: string;
  /** Where they lie, for messages. */
  path: string;
  /** With `/` between folders, relative to `path`, sorted. */
  names: string[];
  /** Changes whenever one of the chosen files does. */
  signature(indices: Uint32Array): Promise<string>;
  open(): Promise<FileReader>;
}

export interface FileReader {
  /** May be called many times at once. Rejects with an Error whose message is a short reason. */
  read(index: number): Promise<Buffer>;
  close(): void;
}

/** Larger files are no pictures to train on. */
export const mostFileBytes = 2 ** 28;

const extensions = /\.(png|jpe?g|jfif|webp|gif|bmp|dib|tiff?)$/i;

/** Whether a name is that of an image, and not of a system's hidden companion file. */
export function isImageName(name: string): boolean {
  return (
    extensions.test(name) &&
    !name.split("/").some((part) => part.startsWith(".") || part === "__MACOSX")
  );
}

/** Throws a DataError where there is no image. */
export function createImageFilesSource(files: ImageFiles): ImageSource {
  const { names, path, title } = files;
  if (names.length === 0)
    throw new DataError(
      `${path} holds no images; give a folder or ZIP with PNG, JPEG, WebP, GIF, BMP or TIFF files.`,
    );
  return {
    title,
    count: names.length,
    ...classesOf(names),
    signature: (indices) => files.signature(indices),
    read: (indices, form, options) => readFiles(files, indices, form, options),
  };
}

async function readFiles(
  files: ImageFiles,
  indices: Uint32Array,
  form: ImageForm,
  options: WorkOptions,
): Promise<ReadImages> {
  const pace = new Pace(
    `Decoding ${files.title}`,
    indices.length,
    "images",
    options,
  );
  const formers = createFormers(form);
  const length = form.channels * form.size * form.size;
  const pixels = new Uint8Array(indices.length * length);
  const failures = new Map<number, string>();
  const reader = await files.open();
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < indices.length) {
      const position = next++;
      try {
        const bytes = await reader.read(indices[position]);
        const image = await decodeImage(bytes, form.size);
        formers(image).write(image.data, 0, pixels, position * length);
      } catch (error) {
        failures.set(position, errorMessage(error));
      }
      done++;
      if (pace.due()) await pace.breathe(done);
    }
  };
  try {
    // Two more than there are cores keep them all busy while this thread reads and resizes.
    const lanes = Array.from({ length: availableParallelism() + 2 }, work);
    await Promise.all(lanes);
  } finally {
    reader.close();
  }
  pace.tell(indices.length);
  return withoutFailures(files, indices, pixels, length, failures);
}

/** Closes the gaps that unreadable images left. */
function withoutFailures(
  files: ImageFiles,
  indices: Uint32Array,
  pixels: Uint8Array,
  length: number,
  failures: ReadonlyMap<number, string>,
): ReadImages {
  if (failures.size === 0) return { pixels, kept: null, skipped: [] };
  const skipped = [...failures.keys()]
    .sort((a, b) => a - b)
    .map((position) => ({
      file: files.names[indices[position]],
      reason: failures.get(position) ?? "",
    }));
  if (failures.size === indices.length)
    throw new DataError(
      `None of the ${indices.length} images in ${files.path} could be read; the first is ${skipped[0].file}: ${skipped[0].reason}.`,
    );
  const kept = indices
    .map((_, position) => position)
    .filter((position) => !failures.has(position));
  kept.forEach((position, place) =>
    pixels.copyWithin(
      place * length,
      position * length,
      (position + 1) * length,
    ),
  );
  return { pixels: pixels.subarray(0, kept.length * length), kept, skipped };
}

/** Formers by image size; a folder of photographs has a few sizes, one of web pictures thousands. */
function createFormers(form: ImageForm): (image: DecodedImage) => Former {
  const known = new Map<string, Former>();
  return ({ width, height, channels }) => {
    const key = `${width} ${height} ${channels}`;
    const found = known.get(key);
    if (found) return found;
    if (known.size >= 64) known.clear();
    const former = createFormer(width, height, channels, form);
    known.set(key, former);
    return former;
  };
}

/** The first folder below the one that all images share is the class. Null where some image lies in none. */
function classesOf(
  names: readonly string[],
): Pick<ImageSource, "classes" | "labels"> {
  const depth = sharedFolders(names);
  const folders = names.map((name) => name.split("/").slice(depth, -1).at(0));
  if (folders.includes(undefined)) return { classes: null, labels: null };
  const classes = [...new Set(folders.map(String))].sort();
  if (classes.length > 2 ** 16) return { classes: null, labels: null };
  const numbers = new Map(classes.map((name, label) => [name, label]));
  const labels = Uint16Array.from(
    folders,
    (folder) => numbers.get(String(folder)) ?? 0,
  );
  return { classes, labels };
}
