/** What a sweep takes, before it starts. */
import { bytesOfRun, totalSteps } from "../estimate";
import type { RunRecord } from "../run";
import { KnownSpeeds, usualSpeed } from "../run-speed";
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
  /** On the disk at the end, roughly; null where it cannot be told. */
  bytes: number | null;
}

/** `images` gives how many a configuration trains on, or null. `earlier` are newest first. */
export function sweepCost(
  { configurations, seeds }: Pick<SweepPlan, "configurations" | "seeds">,
  images: (settings: TrainingSettings) => number | null,
  earlier: Iterable<RunRecord>,
): SweepCost {
  const known = new KnownSpeeds(earlier);
  const times = (value: number | null) =>
    value === null ? null : value * seeds.length;
  const kinds = configurations.map(({ settings }) => {
    const steps = totalSteps(settings.schedule, images(settings));
    const speed = known.like(settings) ?? usualSpeed(settings);
    return {
      steps: times(steps),
      seconds: times(steps === null || speed === null ? null : steps / speed),
      bytes: times(steps === null ? null : bytesOfRun(settings, steps)),
      measured: known.like(settings) !== null,
    };
  });
  return {
    runs: configurations.length * seeds.length,
    steps: sumOf(kinds.map(({ steps }) => steps)),
    seconds: sumOf(kinds.map(({ seconds }) => seconds)),
    measured: kinds.every(({ measured }) => measured),
    bytes: sumOf(kinds.map(({ bytes }) => bytes)),
  };
}

/** Null where one of them is. */
function sumOf(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>(
    (sum, value) => (sum === null || value === null ? null : sum + value),
    0,
  );
}
