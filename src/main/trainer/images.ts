/** Loads the images of a run, and keeps the last set: the next run on the same data starts at once. */
import type { LoadedImages, LoadOptions } from "../data/image-set";
import { loadImages } from "../data/load";
import { dependsOnSeed } from "../../shared/settings/data";
import type { TrainingSettings } from "../../shared/settings/settings";

type Options = Omit<LoadOptions, "seed">;

/** Gives null where the signal ended the loading. Rejects with a DataError. */
export type ImageLoader = (
  settings: Pick<TrainingSettings, "data" | "seed">,
  options: Options,
) => Promise<LoadedImages | null>;

export function createImageLoader(): ImageLoader {
  let kept: { key: string; images: LoadedImages } | null = null;
  return async ({ data, seed }, options) => {
    const drawnWith = dependsOnSeed(data) ? seed : null;
    const key = JSON.stringify([data, drawnWith, options.dataFolder]);
    if (kept?.key === key) return kept.images;
    kept = null;
    try {
      const images = await loadImages(data, { ...options, seed });
      kept = { key, images };
      return images;
    } catch (error) {
      if (options.signal.aborted) return null;
      throw error;
    }
  };
}
