/** Cadences as the form shows them: samples every so many steps of the run, log lines by one of three counts. */
import type {
  Cadence,
  SamplingSettings,
} from "../../../shared/settings/settings";

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

/** What a cadence counts; the words are the form's. */
export const counts = [
  { value: "epoch", label: "steps of an epoch" },
  { value: "run", label: "steps of the run" },
  { value: "epochs", label: "epochs" },
] as const;
export type Count = (typeof counts)[number]["value"];

export function countOf(cadence: Cadence): Count {
  return cadence.unit === "epoch" ? "epochs" : cadence.within;
}

/** The cadence with another count; `at` is kept where it has a meaning. */
export function withCount(cadence: Cadence, count: Count): Cadence {
  const { every } = cadence;
  if (count === "epochs") return { unit: "epoch", every };
  const at = cadence.unit === "step" ? cadence.at : "end";
  return { unit: "step", every, within: count, at };
}
