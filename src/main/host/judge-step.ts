/** One saved step judged in the quality thread, and the result kept with its run. */
import type { QualityAnswer } from "../../shared/contract/quality";
import type { Quality } from "../../shared/quality";
import type { WeightChoice } from "../../shared/run";
import type { TrainingSettings } from "../../shared/settings/settings";
import type { Checkpoint } from "../trainer/events";
import type { QualityWork } from "../quality/quality";
import type { Host } from "./host";

export interface SavedStep {
  run: string;
  step: number;
  settings: TrainingSettings;
  state: Checkpoint["state"];
  /** Of the images that the run trained on; null where its record does not say. */
  dataHash: string | null;
}

export interface Measuring {
  samples: number;
  seed: number;
  /** Of G, where the run keeps an average: which is taken unless the last are asked for. */
  weights?: WeightChoice;
  /** Null takes all cores. */
  threads: number | null;
}

/** Rejects with one sentence, or with the signal's reason. */
export async function judgeStep(
  {
    store,
    dataFolder,
    judging,
  }: Pick<Host, "store" | "dataFolder" | "judging">,
  { run, step, ...saved }: SavedStep,
  measuring: Measuring,
  work: QualityWork,
): Promise<QualityAnswer> {
  const { library } = store;
  const folder = store.folder(run);
  const order = { ...saved, ...measuring, library, folder, dataFolder };
  const verdict = await judging.calls.judge(order, work);
  if (verdict.kind === "none") return verdict;
  const { extractor, realSet, samples, weights, measures } = verdict;
  const stamp = { extractor, realSet, samples, weights };
  const quality: Quality = { runId: run, step, ...stamp, measures };
  await store.noteQuality(quality);
  return { kind: "quality", quality };
}
