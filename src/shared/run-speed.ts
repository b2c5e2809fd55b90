/** How fast a run will be, by one that was like it. */
import { operationsAStep } from "./estimate";
import type { RunRecord } from "./run";
import type { TrainingSettings } from "./settings/settings";

/** Without a run to go by: two cores do about 20 thousand million multiplications a second. */
const usualOperations = 2e10;

/** The speeds of earlier runs, by what decides a speed. */
export class KnownSpeeds {
  private readonly speeds = new Map<string, number>();

  /** `runs` are newest first: the newest of each kind counts. */
  constructor(runs: Iterable<RunRecord>) {
    for (const { progress, settings } of runs) {
      if (settings === null || progress.seconds <= 1 || progress.step <= 20)
        continue;
      const key = speedKey(settings);
      if (!this.speeds.has(key))
        this.speeds.set(key, progress.step / progress.seconds);
    }
  }

  /** Steps a second of the newest run with the same networks and batch size, which is exact; else null. */
  like(settings: TrainingSettings): number | null {
    return this.speeds.get(speedKey(settings)) ?? null;
  }
}

/** Steps a second, very roughly, of networks that were never trained here; null where they make no sense. */
export function usualSpeed(settings: TrainingSettings): number | null {
  const operations = operationsAStep(settings);
  return operations === null ? null : usualOperations / operations;
}

function speedKey({
  discriminator,
  generator,
  schedule,
  engine,
}: TrainingSettings): string {
  const layers = [...discriminator.layers, ...generator.layers].map((layer) =>
    // A record from the disk may name the same values in another order.
    Object.entries(layer).sort(([a], [b]) => a.localeCompare(b)),
  );
  return JSON.stringify([layers, schedule.batchSize, engine.id]);
}
