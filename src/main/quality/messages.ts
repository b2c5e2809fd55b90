/** What the host and the quality thread say to each other. Calls are answered one after the other. */
import type { Quality } from "../../shared/quality";
import type { TrainingSettings } from "../../shared/settings/settings";
import type { LoadOptions } from "../data/image-set";
import type { ModelState } from "../engine/engine";

/** One saved step to be judged. Plain data. */
export interface QualityOrder {
  settings: TrainingSettings;
  state: ModelState;
  /** Of the images that the run trained on, from its record; null where that does not say. */
  dataHash: string | null;
  /** Where extractors are kept. */
  library: string;
  dataFolder: string;
  /** The run's own, which carries a copy of its extractor. */
  folder: string;
  samples: number;
  seed: number;
  /** Cores to use; null is all of them. */
  threads: number | null;
}

/** What it is worth, or why that cannot be told. */
export type Verdict =
  | ({ kind: "quality" } & Omit<Quality, "runId" | "step">)
  | { kind: "none"; reason: string };

export type QualityProgress = Parameters<LoadOptions["onProgress"]>[0];

export type ToQuality =
  | { type: "judge"; id: number; order: QualityOrder }
  | { type: "cancel"; id: number }
  | { type: "exit" };

export type FromQuality =
  | { type: "progress"; id: number; progress: QualityProgress }
  | { type: "done"; id: number; verdict: Verdict }
  | { type: "failed"; id: number; sentence: string };
