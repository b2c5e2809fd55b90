/** The one cadence of samples that the form shows: every so many steps of the run. */
import type { Cadence, SamplingSettings } from "../../../shared/settings";

/** 0 where grids come by the epoch only. */
export function sampleEvery({ cadences }: SamplingSettings): number {
  return cadences.find((one) => one.unit === "step")?.every ?? 0;
}

export function withSampleEvery(
  { cadences }: SamplingSettings,
  every: number,
): Cadence[] {
  const others = cadences.filter((one) => one.unit !== "step");
  if (every === 0) return others;
  const step = cadences.find((one) => one.unit === "step") ?? {
    unit: "step" as const,
    within: "run" as const,
    at: "end" as const,
  };
  return [{ ...step, every }, ...others];
}
