/** Places in training: steps, epochs and fractions of several runs brought onto one slider. */
import type { RunRecord } from "../run";
import { nearestIndex } from "./search";

export type TimelineUnit = "step" | "epoch" | "fraction";

/** What a timeline needs to know of a run. */
export interface TimelineRun {
  /** Steps with a saved grid, ascending. */
  samples: readonly number[];
  progress: RunRecord["progress"];
}

/** The saved step nearest to `wanted`, the earlier of two equally near; null where nothing is saved. */
export function nearestStep(
  saved: readonly number[],
  wanted: number,
): number | null {
  return saved.length > 0 ? saved[nearestIndex(saved, wanted)] : null;
}

/** Where a step of a run lies in a unit; a fraction is of the steps that the run planned, or took if it took more. */
export function positionOf(
  step: number,
  run: TimelineRun,
  unit: TimelineUnit,
): number {
  switch (unit) {
    case "step":
      return step;
    case "epoch":
      return step / (run.progress.stepsPerEpoch || 1);
    case "fraction":
      return step / (lastStep(run) || 1);
  }
}

/** The reverse: the step of a run at a position. */
function stepAt(
  position: number,
  run: TimelineRun,
  unit: TimelineUnit,
): number {
  switch (unit) {
    case "step":
      return position;
    case "epoch":
      return position * (run.progress.stepsPerEpoch || 1);
    case "fraction":
      return position * lastStep(run);
  }
}

/** Every position at which any of the runs has a grid, ascending, equal ones once: the notches of the common slider. */
export function notches(
  runs: readonly TimelineRun[],
  unit: TimelineUnit,
): number[] {
  const all = runs.flatMap((run) =>
    run.samples.map((step) => positionOf(step, run, unit)),
  );
  const ascending = Float64Array.from(all).sort();
  return [...ascending].filter(
    (position, index) => index === 0 || position - ascending[index - 1] > 1e-9,
  );
}

/** What a run shows at a position: the nearest saved step, and whether it is the very one asked for. */
export function shownAt(
  position: number,
  run: TimelineRun,
  unit: TimelineUnit,
): { step: number; wanted: number; exact: boolean } | null {
  const wanted = stepAt(position, run, unit);
  const step = nearestStep(run.samples, wanted);
  if (step === null) return null;
  return {
    step,
    wanted: Math.round(wanted),
    exact: Math.abs(step - wanted) < 0.5,
  };
}

/** At most `count` of the steps, evenly spread, with the first and the last. */
export function spreadEvenly(
  steps: readonly number[],
  count: number,
): number[] {
  if (steps.length <= count) return [...steps];
  if (count === 1) return steps.slice(-1);
  return Array.from(
    { length: count },
    (_, index) => steps[Math.round((index * (steps.length - 1)) / (count - 1))],
  );
}

function lastStep(run: TimelineRun): number {
  return Math.max(
    run.progress.totalSteps,
    run.progress.step,
    run.samples.at(-1) ?? 0,
  );
}
