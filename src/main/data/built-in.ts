/** Opens a data set by its name: brings its files where they are missing, and says what to do where they cannot be had. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileBytesAt } from "./bytes-at";
import type { BuiltIn, NamedFile } from "./catalog";
import { DownloadError, download } from "./download";
import type { RetryPolicy } from "./download";
import { openIdx } from "./idx";
import type { IdxFile, IdxPart } from "./idx";
import { DataError } from "./image-set";
import type { LoadOptions } from "./image-set";
import type { ImageSource } from "./source";
import { sizeOf } from "./transfer";

/** Kept once, shared by all runs. */
function downloadFolder(entry: BuiltIn, dataFolder: string): string {
  return join(dataFolder, "downloads", entry.source);
}

/** Whether every file is there; their content is checked when they are opened. */
export async function isDownloaded(
  entry: BuiltIn,
  dataFolder: string,
): Promise<boolean> {
  const folder = downloadFolder(entry, dataFolder);
  const sizes = await Promise.all(
    entry.files.map(({ name }) => sizeOf(join(folder, name))),
  );
  return sizes.every((size) => size > 0);
}

/** Rejects with a DataError that offers the choices, or with the signal's reason. */
export async function openBuiltIn(
  entry: BuiltIn,
  options: LoadOptions,
  policy?: RetryPolicy,
): Promise<ImageSource> {
  const { title, classes, test } = entry;
  const fetch = (files: readonly NamedFile[]) =>
    fetchPair(entry, files, options, policy);
  const openTest = async () =>
    openIdx(
      await fetch(test.files),
      { title, classes, testPart: null, isTestPart: true },
      options,
    );
  const testPart = {
    count: () => Promise.resolve(test.count),
    open: openTest,
  };
  return openIdx(
    await fetch(entry.files),
    { title, classes, testPart, isTestPart: false },
    options,
  );
}

/** Images and labels, downloaded where they are missing. */
async function fetchPair(
  entry: BuiltIn,
  files: readonly NamedFile[],
  options: LoadOptions,
  policy?: RetryPolicy,
): Promise<IdxPart> {
  const folder = downloadFolder(entry, options.dataFolder);
  for (const { name, md5 } of files) {
    const urls = entry.mirrors.map((mirror) => new URL(name, mirror).href);
    try {
      await download(
        { urls, md5, target: join(folder, name) },
        options,
        policy,
      );
    } catch (error) {
      throw error instanceof DownloadError
        ? withChoices(entry, files, error)
        : error;
    }
  }
  const [images, labels] = files.map(({ name }) => fileAt(join(folder, name)));
  return { name: entry.source, images, labels };
}

function fileAt(path: string): IdxFile {
  return {
    name: path,
    async signature() {
      const { size, mtimeMs } = await stat(path);
      return `${path} ${size} ${mtimeMs}`;
    },
    open: () => fileBytesAt(path),
  };
}

function withChoices(
  entry: BuiltIn,
  files: readonly NamedFile[],
  error: DownloadError,
): DataError {
  const names = files.map(({ name }) => name).join(" and ");
  return new DataError(
    `${entry.title} is not on this machine yet and ${error.message.replace(/\.$/, "")}: connect to the internet and try again, choose a folder that holds ${names}, or train on strokes.`,
    { cause: error },
  );
}
