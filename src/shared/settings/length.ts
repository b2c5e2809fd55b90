import { mostSteps } from "./settings";
import type { TrainingSettings } from "./settings";

/** The total of steps; 0 where the length is in epochs and nobody knows how long one is (`stepsPerEpoch` is 0). */
export function plannedSteps(
  { schedule: { length } }: TrainingSettings,
  stepsPerEpoch: number,
): number {
  const steps =
    length.unit === "steps" ? length.count : length.count * stepsPerEpoch;
  return Math.min(steps, mostSteps);
}

/** The same settings, to train until step `count`. */
export function untilStep(
  settings: TrainingSettings,
  count: number,
): TrainingSettings {
  const length = { unit: "steps" as const, count };
  return { ...settings, schedule: { ...settings.schedule, length } };
}
