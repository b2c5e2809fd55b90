/** Tells what kind of data set a source is, and opens it. */
import { stat } from "node:fs/promises";
import { basename, dirname, isAbsolute } from "node:path";
import { dataFileNames, dataFileOf } from "../../shared/data-files";
import type { DataFile } from "../../shared/data-files";
import type { DataSettings } from "../../shared/settings/settings";
import { openBuiltIn } from "./built-in";
import { findBuiltIn } from "./catalog";
import type { FileTree } from "./file-tree";
import { listFolder } from "./folder-tree";
import {
  findIdxParts,
  isIdxImages,
  openIdxFile,
  openIdxParts,
} from "./idx-parts";
import { isImageName, openImageFiles } from "./image-files";
import { DataError } from "./image-set";
import type { LoadOptions } from "./image-set";
import { openNpy, openNpz } from "./npy-files";
import type { ImageSource } from "./source";
import { openStrokes } from "./strokes/strokes";
import { listZipFiles } from "./zip-tree";

/** How deep IDX files may lie: torchvision's are in `MNIST/raw`. */
const mostFolders = 3;

/** Opens `strokes`, a built-in name, or the absolute path of a folder or file. Rejects with a DataError. */
export async function openSource(
  { source, strokesSeed }: Pick<DataSettings, "source" | "strokesSeed">,
  options: LoadOptions,
): Promise<ImageSource> {
  if (source === "strokes") return openStrokes(strokesSeed ?? options.seed);
  const builtIn = findBuiltIn(source);
  if (builtIn) return openBuiltIn(builtIn, options);
  if (!isAbsolute(source))
    throw new DataError(
      `There is no data set called "${source}"; use strokes, mnist, fashion-mnist, or the full path of a folder, ${dataFileNames}.`,
    );
  const facts = await statOf(source);
  if (facts.isDirectory())
    return openTree(await listFolder(source, { deep: true }), options);
  if (isIdxImages(source)) {
    const beside = await listFolder(dirname(source), { deep: false });
    return openIdxFile(beside, basename(source), options);
  }
  const file = dataFileOf(source);
  if (file) return openers[file](source, options);
  throw new DataError(
    `${source} is not a data set that can be read; use a folder of images or IDX files, a ${dataFileNames}.`,
  );
}

const openers: Record<
  DataFile,
  (source: string, options: LoadOptions) => Promise<ImageSource>
> = {
  npy: openNpy,
  npz: openNpz,
  zip: async (source, options) => openTree(await listZipFiles(source), options),
};

/** IDX files at the top, or pictures, or IDX files further down. */
async function openTree(
  tree: FileTree,
  options: LoadOptions,
): Promise<ImageSource> {
  const holdsPictures = tree.names.some(isImageName);
  const idx = findIdxParts(tree, holdsPictures ? 0 : mostFolders);
  return idx ? openIdxParts(tree, idx, options) : openImageFiles(tree);
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    throw new DataError(
      `${path} cannot be opened: there is no such file or folder, or it may not be read.`,
      { cause: error },
    );
  }
}
