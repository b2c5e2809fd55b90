/** What every data source becomes: all images in memory as bytes, ready to be cut into batches. */
import type { DataIdentity } from "../../shared/run";
import type { DataSettings } from "../../shared/settings/settings";
import type { Look } from "./look";

export interface ImageSet {
  identity: DataIdentity;
  count: number;
  channels: 1 | 3;
  /** Pixels a side. */
  size: number;
  /** `[count, channels, size, size]`, 0 is black. */
  pixels: Uint8Array;
  /** One class index an image, or null where the source has none. */
  labels: Uint16Array | null;
  /** Files that could not be read, with the reason. */
  skipped: { file: string; reason: string }[];
}

/** With what is known of them beyond what a training needs. */
export interface LoadedImages extends ImageSet {
  /** What they were before they were resized. */
  look: Look;
  /** A sentence for each thing that a user should know before training on them. */
  warnings: string[];
}

export interface LoadOptions {
  /** Where downloads and decoded caches are kept, shared by all runs. */
  dataFolder: string;
  /** The run's seed: draws `limit.pick === "random"`, and the strokes where they have no seed of their own. */
  seed: number;
  /** `total` is null where the end is not known. */
  onProgress(progress: {
    title: string;
    done: number;
    total: number | null;
    unit: "images" | "bytes" | "files";
  }): void;
  signal: AbortSignal;
}

/** `main/data/load.ts` exports `loadImages` of this type; it rejects with a DataError of one sentence. */
export type LoadImages = (
  data: DataSettings,
  options: LoadOptions,
) => Promise<LoadedImages>;

/** Bad data or an unreachable source, in one sentence that names the file and says what to do. */
export class DataError extends Error {
  override name = "DataError";
}

/** A folder or file that this user may not read, or a disk that fails, in a sentence. */
export function explainDisk(error: unknown): unknown {
  const { code, path } = error as NodeJS.ErrnoException;
  if (error instanceof DataError || !code || !path) return error;
  return new DataError(
    `${path} cannot be read (${code}); check that it is there and may be read.`,
    { cause: error },
  );
}
