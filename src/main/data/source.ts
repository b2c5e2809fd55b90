/** What every kind of data set offers before its images are read: how many, which classes, and the pixels on request. */
import type { DataSettings } from "../../shared/settings/settings";
import type { ImageSet, LoadOptions } from "./image-set";
import type { Look } from "./look";

/** How the images are wanted. */
export type ImageForm = Pick<DataSettings, "size" | "channels" | "fit">;

export type WorkOptions = Pick<LoadOptions, "onProgress" | "signal">;

export interface ImageSource {
  title: string;
  count: number;
  /** The names of all classes; labels index them. */
  classes: string[] | null;
  /** `[count]`. */
  labels: Uint16Array | null;
  /** A sentence for each thing that was found and is not used, or was taken for something that it may not be. */
  warnings: readonly string[];
  /** The images that this data set keeps for judging, where it has such a part of its own. */
  testPart: TestPart | null;
  /** Whether these images are themselves what others judge on: `t10k`, a folder called `test`. */
  isTestPart: boolean;
  /**
   * Text that changes whenever the chosen images would come out differently; the cache's key.
   * Null where reading is as fast as a cache would be.
   */
  signature(indices: Uint32Array): Promise<string | null>;
  /** Reads the chosen images in that order. Rejects with a DataError, or with the signal's reason. */
  read(
    indices: Uint32Array,
    form: ImageForm,
    options: WorkOptions,
  ): Promise<ReadImages>;
}

export interface TestPart {
  count(): Promise<number>;
  /** Rejects with a DataError. */
  open(): Promise<ImageSource>;
}

export interface ReadImages {
  /** `[kept, channels, size, size]`. */
  pixels: Uint8Array;
  /** Positions in `indices` that could be read, ascending; null is all of them. */
  kept: Uint32Array | null;
  skipped: ImageSet["skipped"];
  /** What the images were before they were resized. */
  look: Look;
  /** How their values were taken, where that was not plain; a sentence each. */
  notes: readonly string[];
}
