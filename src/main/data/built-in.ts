/** Opens a data set by its name: brings its files where they are missing, and says what to do where they cannot be had. */
import { join } from "node:path";
import type { BuiltIn } from "./catalog";
import { DownloadError, download } from "./download";
import type { RetryPolicy } from "./download";
import { openIdx } from "./idx";
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
  const folder = downloadFolder(entry, options.dataFolder);
  for (const { name, md5 } of entry.files) {
    const urls = entry.mirrors.map((mirror) => new URL(name, mirror).href);
    try {
      await download(
        { urls, md5, target: join(folder, name) },
        options,
        policy,
      );
    } catch (error) {
      throw error instanceof DownloadError ? withChoices(entry, error) : error;
    }
  }
  const [images, labels] = entry.files.map(({ name }) => join(folder, name));
  const part = { name: "train", images, labels };
  return openIdx(part, entry, options);
}

function withChoices(entry: BuiltIn, error: DownloadError): DataError {
  const names = entry.files.map(({ name }) => name).join(" and ");
  return new DataError(
    `${entry.title} is not on this machine yet and ${error.message.replace(/\.$/, "")}: connect to the internet and try again, choose a folder that holds ${names}, or train on strokes.`,
    { cause: error },
  );
}
