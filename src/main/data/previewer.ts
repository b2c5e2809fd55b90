/** Previews by settings: loads a set once and answers from it, because a view asks for facts and several pictures. */
import type { DataPreview, ImageFacts } from "../../shared/contract/data";
import type { DataSettings } from "../../shared/settings/settings";
import type { LoadedImages } from "./image-set";
import type { Disturb, Picture } from "./preview";
import { describeImage, describeImages, drawPicture } from "./preview";

export interface Previewer {
  describe(data: DataSettings): Promise<DataPreview>;
  /** Rejects with a DataError where there is no image of that number. */
  describeImage(data: DataSettings, index: number): Promise<ImageFacts>;
  /** A PNG; `seed` decides which images `random` and `class` show, `disturb` what becomes of each. */
  draw(
    data: DataSettings,
    picture: Picture,
    seed: number,
    disturb?: Disturb,
  ): Promise<Uint8Array<ArrayBuffer>>;
  /** Frees the images; the next question loads them again. */
  forget(): void;
}

/** `loadSet` is `loadImages` with the caller's seed, progress and signal; it must not depend on the range or the flip. */
export function createPreviewer(
  loadSet: (data: DataSettings) => Promise<LoadedImages>,
): Previewer {
  let kept: { key: string; images: Promise<LoadedImages> } | null = null;

  /** Range and flip change no pixel, so they need no new load. */
  function load(data: DataSettings): Promise<LoadedImages> {
    const key = JSON.stringify({ ...data, range: null, flip: null });
    if (kept?.key === key) return kept.images;
    const entry = { key, images: loadSet(data) };
    kept = entry;
    entry.images.catch(() => {
      if (kept === entry) kept = null;
    });
    return entry.images;
  }

  return {
    describe: async (data) => describeImages(await load(data), data.range),
    describeImage: async (data, index) =>
      describeImage(await load(data), index, data.range),
    draw: async (data, picture, seed, disturb) =>
      drawPicture(await load(data), picture, seed, disturb),
    forget() {
      kept = null;
    },
  };
}
