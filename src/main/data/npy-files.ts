/** Opens .npy and .npz files: finds the array of images, and the labels that belong to it. */
import { access, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errorMessage } from "../../shared/errors";
import type { Entry, ZipArchive } from "../disk/zip";
import { filesOf, openArchive } from "./archive";
import { fileBytesAt } from "./bytes-at";
import { DataError } from "./image-set";
import type { LoadOptions } from "./image-set";
import { describe } from "./npy";
import { isImageShape, openNumpyImages, readHeader } from "./numpy-images";
import type { NpyArray } from "./numpy-images";
import type { ImageSource } from "./source";
import { unpackedBytes } from "./unpacked";

/** The names that images and their labels go by in Keras, MedMNIST, scikit-learn and numpy.savez. */
const pairs: readonly (readonly [images: RegExp, labels: RegExp])[] = [
  [/^x_?train$/i, /^y_?train$/i],
  [/^train_(images|x|data)$/i, /^train_(labels|y)$/i],
  [/^(images?|x|data)$/i, /^(labels?|y|targets?)$/i],
  [/^arr_0$/, /^arr_1$/],
];

/** One array of images; labels are in `<name>-labels.npy` beside it where there is one. Rejects with a DataError. */
export async function openNpy(path: string): Promise<ImageSource> {
  const images = { name: path, bytes: await fileBytesAt(path) };
  const beside = join(
    dirname(path),
    `${basename(path).replace(/\.npy$/i, "")}-labels.npy`,
  );
  const labels = (await exists(beside))
    ? { name: beside, bytes: await fileBytesAt(beside) }
    : null;
  return openNumpyImages(basename(path), images, labels);
}

/** Unpacks the two arrays that are used and no other. Rejects with a DataError. */
export async function openNpz(
  path: string,
  options: LoadOptions,
): Promise<ImageSource> {
  const archive = await openArchive(path);
  try {
    const { size, mtimeMs } = await stat(path);
    const file = { path, version: `${size} ${mtimeMs}`, archive, options };
    const arrays = new Map<string, Unpack>();
    for (const entry of await filesOf(archive, path)) {
      if (!entry.fileName.endsWith(".npy")) continue;
      const key = entry.fileName.slice(0, -".npy".length);
      arrays.set(key, () => unpack(file, entry, `${path} (${key})`));
    }
    const { images, labels } = await chooseArrays(path, arrays);
    return await openNumpyImages(basename(path), images, labels);
  } finally {
    archive.close();
  }
}

type Unpack = () => Promise<NpyArray>;

interface ArrayFile {
  path: string;
  version: string;
  archive: ZipArchive;
  options: LoadOptions;
}

async function unpack(
  { path, version, archive, options }: ArrayFile,
  entry: Entry,
  name: string,
): Promise<NpyArray> {
  try {
    const packed = {
      signature: `${path} ${version} ${entry.fileName} ${entry.crc32}`,
      unpack: (take: (bytes: Buffer) => Promise<void>) =>
        archive.read(entry, take),
    };
    return { name, bytes: await unpackedBytes(packed, options) };
  } catch (error) {
    if (error instanceof DataError || options.signal.aborted) throw error;
    const reason = errorMessage(error);
    throw new DataError(`${name} cannot be unpacked: ${reason}.`, {
      cause: error,
    });
  }
}

async function chooseArrays(
  path: string,
  arrays: ReadonlyMap<string, Unpack>,
): Promise<{ images: NpyArray; labels: NpyArray | null }> {
  const find = (wanted: RegExp) =>
    [...arrays].find(([name]) => wanted.test(name))?.[1];
  for (const [imagesName, labelsName] of pairs) {
    const images = await find(imagesName)?.();
    const labels = await find(labelsName)?.();
    if (images) return { images, labels: labels ?? null };
  }
  return { images: await onlyImages(path, arrays), labels: null };
}

/** The one array that has the shape of images. */
async function onlyImages(
  path: string,
  arrays: ReadonlyMap<string, Unpack>,
): Promise<NpyArray> {
  const shapes: string[] = [];
  const candidates: NpyArray[] = [];
  for (const [name, unpackArray] of arrays) {
    const array = await unpackArray();
    const { shape } = await readHeader(array);
    shapes.push(`${name} ${describe(shape)}`);
    if (shape.length >= 3 && isImageShape(shape)) candidates.push(array);
  }
  if (candidates.length === 1) return candidates[0];
  throw new DataError(
    `${path} does not say which array holds the images (${shapes.join(", ") || "it has none"}); call it images, and the labels labels.`,
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
