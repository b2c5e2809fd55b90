/** When things happen in a run: how long epochs and batches are, which steps update G, and what a cadence means. */
import { plannedSteps } from "../../shared/settings/length";
import { imagesProblem } from "../../shared/settings/check";
import type { Cadence, TrainingSettings } from "../../shared/settings/settings";

/** A place in a run, after `step` steps. */
export interface Place {
  step: number;
  /** Steps taken of the current epoch: 1 after its first, `stepsPerEpoch` after its last. */
  stepInEpoch: number;
}

export interface Schedule {
  stepsPerEpoch: number;
  totalSteps: number;
  /** Epochs of the whole run, rounded up. */
  epochs: number;
  /** Samples of the next step after a place. */
  batchAfter(place: Place): number;
  /** Whether the next step after a place updates G too. */
  updatesGeneratorAfter(place: Place): boolean;
}

/** Settings that cannot train on so many images, in one sentence. */
class ScheduleError extends Error {
  override name = "ScheduleError";
}

/** Throws ScheduleError. */
export function createSchedule(
  settings: TrainingSettings,
  images: number,
): Schedule {
  const { batchSize, order, lastBatch } = settings.schedule;
  const remainder = images % batchSize;
  const shortLast = order === "shuffle" && lastBatch === "keep" && remainder;
  const problem = imagesProblem(settings, images);
  if (problem) throw new ScheduleError(problem);

  const stepsPerEpoch =
    lastBatch === "keep"
      ? Math.ceil(images / batchSize)
      : Math.max(1, Math.floor(images / batchSize));
  const totalSteps = plannedSteps(settings, stepsPerEpoch);
  const { generatorEvery } = settings.objective;
  return {
    stepsPerEpoch,
    totalSteps,
    epochs: Math.ceil(totalSteps / stepsPerEpoch),
    batchAfter({ stepInEpoch }) {
      const isLast = stepInEpoch % stepsPerEpoch === stepsPerEpoch - 1;
      return shortLast && isLast ? remainder : Math.min(batchSize, images);
    },
    updatesGeneratorAfter({ stepInEpoch }) {
      return (stepInEpoch % stepsPerEpoch) % generatorEvery === 0;
    },
  };
}

/** The place one step later. */
export function nextPlace(schedule: Schedule, place: Place): Place {
  return {
    step: place.step + 1,
    stepInEpoch: (place.stepInEpoch % schedule.stepsPerEpoch) + 1,
  };
}

/** The number of the epoch, from 1, that the step just taken belongs to. */
export function epochAt(schedule: Schedule, place: Place): number {
  if (place.step === 0) return 1;
  const before = place.step - place.stepInEpoch;
  return 1 + Math.round(before / schedule.stepsPerEpoch);
}

/** When log lines come: as the settings say, or once an epoch where those steps never come in one. */
export function logCadence(
  { log: { cadence } }: Pick<TrainingSettings, "log">,
  { stepsPerEpoch, totalSteps }: Schedule,
): Cadence {
  if (cadence.unit === "epoch" || cadence.at === "start") return cadence;
  const last = cadence.within === "epoch" ? stepsPerEpoch : totalSteps;
  return cadence.every <= last ? cadence : { unit: "epoch", every: 1 };
}

/** Whether something of this cadence happens right after the step that led to `place`. */
export function isDue(
  cadence: Cadence,
  schedule: Schedule,
  place: Place,
): boolean {
  if (place.step === 0) return false;
  switch (cadence.unit) {
    case "epoch":
      return (
        place.stepInEpoch === schedule.stepsPerEpoch &&
        epochAt(schedule, place) % cadence.every === 0
      );
    case "step": {
      const count = cadence.within === "run" ? place.step : place.stepInEpoch;
      return (cadence.at === "start" ? count - 1 : count) % cadence.every === 0;
    }
    default:
      return cadence satisfies never;
  }
}
