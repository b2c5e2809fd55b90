/** What the host asks of the quality thread. */
import type { Quality } from "../../shared/quality";
import type { WeightChoice } from "../../shared/run";
import { trustedCall } from "../../shared/rpc";
import type { TrainingSettings } from "../../shared/settings/settings";
import type { LoadOptions } from "../data/image-set";
import type { ModelState } from "../engine/engine";
import type {
  ArenaOrder,
  ArenaResult,
  FooledImages,
  FooledOrder,
} from "./arena";

/** A saved step of a run, and what it takes to look at it. Plain data. */
export interface StepOrder {
  settings: TrainingSettings;
  state: ModelState;
  /** Of the images that the run trained on, from its record; null where that does not say. */
  dataHash: string | null;
  /** Where extractors are kept. */
  library: string;
  dataFolder: string;
  /** The run's own, which carries a copy of its extractor. */
  folder: string;
  /** Cores to use; null is all of them. */
  threads: number | null;
}

/** A step to be judged. */
export interface QualityOrder extends StepOrder {
  samples: number;
  seed: number;
  weights?: WeightChoice;
}

/** A tile of its grid whose nearest real images are wanted. */
export interface NearestOrder extends StepOrder {
  tile: number;
}

/** The tile, its nearest training image and its nearest held-out image, and how far these are. */
export type NearestImages =
  | {
      kind: "images";
      count: 3;
      channels: 1 | 3;
      size: number;
      /** `[3, channels, size, size]` in the data's range. */
      pixels: Float32Array;
      /** Of the pictures averaged down, per pixel in [-1, 1]. */
      training: number;
      heldOut: number;
    }
  | { kind: "none"; reason: string };

export const qualityContract = {
  quality: {
    judge: trustedCall<QualityOrder, Verdict, QualityProgress>(),
    nearest: trustedCall<NearestOrder, NearestImages, QualityProgress>(),
    fooled: trustedCall<FooledOrder, FooledImages, QualityProgress>(),
    play: trustedCall<ArenaOrder, ArenaResult, QualityProgress>(),
  },
};

/** What it is worth, or why that cannot be told. */
export type Verdict =
  | ({ kind: "quality" } & Omit<Quality, "runId" | "step">)
  | { kind: "none"; reason: string };

export type QualityProgress = Parameters<LoadOptions["onProgress"]>[0];
