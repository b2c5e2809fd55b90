/** The real images that a run is judged with: those it trained on, and those that it never saw. */
import type {
  DataSettings,
  TrainingSettings,
} from "../../../shared/settings/settings";
import { loadHeldOut, loadImages } from "../../data/load";
import type { ImageSet, LoadOptions } from "../../data/image-set";
import type { Engine } from "../../engine/engine";
import { extractorFor } from "../extractor/library";
import type { SavedExtractor } from "../extractor/extractor";

export interface RealImages {
  /** What the run trained on. */
  training: ImageSet;
  /** What it did not, of the same classes. */
  heldOut: ImageSet;
  part: "test part" | "own images";
  flip: boolean;
  extractor: SavedExtractor;
}

/** Why a run cannot be judged is a value with a sentence. */
export type RealImagesOrReason =
  | { kind: "images"; real: RealImages }
  | { kind: "none"; reason: string };

export interface RealWork extends Omit<LoadOptions, "seed"> {
  library: string;
  /** An extractor that the run may have brought along. */
  carried: string | null;
  /** Of the images that the run trained on, from its record; null where that does not say. */
  dataHash: string | null;
  /** Cores to use; all of them where it is not said. */
  threads?: number | null;
}

/** Loads them, and the data set's extractor, which is trained first where the library has none. */
export async function realImagesOf(
  { data, seed }: Pick<TrainingSettings, "data" | "seed">,
  engine: Engine,
  { library, carried, dataHash, threads, ...options }: RealWork,
): Promise<RealImagesOrReason> {
  const training = await loadImages(data, { ...options, seed });
  const { title, hash, trainedOnTestPart, heldOut: parts } = training.identity;
  if (trainedOnTestPart)
    return {
      kind: "none",
      reason: `It trained on the test part of ${title}, so no images are left that it never saw; train on the other part to judge a run.`,
    };
  if (dataHash !== null && dataHash !== hash)
    return {
      kind: "none",
      reason: `The images of ${title} are no longer those that it trained on, so it cannot be told which of them it never saw.`,
    };
  const held = await loadHeldOut(data, { ...options, seed });
  if (held.kind === "none") return held;
  const whole = wholeOf(data);
  const isWhole = JSON.stringify(whole) === JSON.stringify(data);
  const all = isWhole
    ? { training, heldOut: held.images }
    : await loadWhole(whole, options);
  const extractor = await extractorFor({ library, carried }, all, engine, {
    signal: options.signal,
    threads,
    onProgress: (done, total) =>
      options.onProgress({
        title: `Training the feature extractor of ${title}`,
        done,
        total,
        unit: "images",
      }),
  });
  const part = parts?.from ?? "own images";
  const real = {
    training,
    heldOut: held.images,
    part,
    flip: data.flip,
    extractor,
  };
  return { kind: "images", real };
}

/** The images of the data set for all runs: strokes of one seed, every class, no limit. */
function wholeOf(data: DataSettings): DataSettings {
  return {
    ...data,
    classes: null,
    limit: null,
    strokesSeed: data.source === "strokes" ? 0 : null,
  };
}

async function loadWhole(
  data: DataSettings,
  options: Omit<LoadOptions, "seed">,
) {
  const training = await loadImages(data, { ...options, seed: 0 });
  const held = await loadHeldOut(data, { ...options, seed: 0 });
  return { training, heldOut: held.kind === "images" ? held.images : null };
}
