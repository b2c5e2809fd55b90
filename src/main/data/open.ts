/** Tells what kind of data set a source is, and opens it. */
import { stat } from "node:fs/promises";
import { basename, isAbsolute } from "node:path";
import { openBuiltIn } from "./built-in";
import { findBuiltIn } from "./catalog";
import { findIdxPart, idxPartOfFile, isIdxImages, openIdx } from "./idx";
import { createImageFilesSource } from "./image-files";
import { listImageFolder } from "./image-folder";
import { listImageZip } from "./image-zip";
import { DataError } from "./image-set";
import type { LoadOptions } from "./image-set";
import type { ImageSource } from "./source";
import { openNpy, openNpz } from "./npy-files";
import { createStrokes } from "./strokes/strokes";

/** Opens `strokes`, a built-in name, or the absolute path of a folder or file. Rejects with a DataError. */
export async function openSource(
  source: string,
  options: LoadOptions,
): Promise<ImageSource> {
  if (source === "strokes") return createStrokes(options.seed);
  const builtIn = findBuiltIn(source);
  if (builtIn) return openBuiltIn(builtIn, options);
  if (!isAbsolute(source))
    throw new DataError(
      `There is no data set called "${source}"; use strokes, mnist, fashion-mnist, or the full path of a folder, ZIP, .npy or .npz.`,
    );
  const facts = await statOf(source);
  if (facts.isDirectory()) return openDirectory(source, options);
  if (isIdxImages(source)) {
    const part = await idxPartOfFile(source);
    return openIdx(part, { title: part.name }, options);
  }
  if (/\.npy$/i.test(source)) return openNpy(source);
  if (/\.npz$/i.test(source)) return openNpz(source, options);
  if (/\.zip$/i.test(source))
    return createImageFilesSource(await listImageZip(source));
  throw new DataError(
    `${source} is no data set that can be read; use a folder of images or IDX files, a ZIP, .npy or .npz.`,
  );
}

async function openDirectory(
  path: string,
  options: LoadOptions,
): Promise<ImageSource> {
  const part = await findIdxPart(path);
  if (part) {
    const title = `${basename(path)} (${part.name})`;
    return openIdx(part, { title }, options);
  }
  return createImageFilesSource(await listImageFolder(path));
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
