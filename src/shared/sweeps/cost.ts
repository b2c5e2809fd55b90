/** What a sweep takes, before it starts. */
import { operationsAStep, totalSteps } from "../estimate";
import { speedLike } from "../run-speed";
import type { RunRecord } from "../run";
import type { TrainingSettings } from "../settings/settings";
import type { SweepPlan } from "./plan";

export interface SweepCost {
  runs: number;
  /** Null where the number of images is not known. */
  steps: number | null;
  /** Of training, one run after the other; null where it cannot be told. */
  seconds: number | null;
  /** Whether every configuration was measured in an earlier run; otherwise it is very rough. */
  measured: boolean;
}

/** Without a run to go by: two cores do about 20 thousand million multiplications a second. */
const usualSpeed = 2e10;

/** `images` gives how many a configuration trains on, or null. */
export function sweepCost(
  { configurations, seeds }: Pick<SweepPlan, "configurations" | "seeds">,
  images: (settings: TrainingSettings) => number | null,
  earlier: readonly RunRecord[],
): SweepCost {
  const cost = { runs: configurations.length * seeds.length, measured: true };
  let steps: number | null = 0;
  let seconds: number | null = 0;
  for (const { settings } of configurations) {
    const one = totalSteps(settings.schedule, images(settings));
    const known = speedLike(settings, earlier);
    const operations = operationsAStep(settings);
    const speed =
      known ?? (operations === null ? null : usualSpeed / operations);
    cost.measured &&= known !== null;
    steps = one === null || steps === null ? null : steps + one * seeds.length;
    seconds =
      one === null || seconds === null || speed === null
        ? null
        : seconds + (one * seeds.length) / speed;
  }
  return { ...cost, steps, seconds };
}
