/** How fast a run will be, by one that was like it. */
import type { RunRecord } from "./run";
import type { TrainingSettings } from "./settings/settings";

/**
 * Steps a second: those of the newest earlier run with the same networks and batch size, which is exact, else null.
 * `runs` are newest first.
 */
export function speedLike(
  settings: TrainingSettings,
  runs: readonly RunRecord[],
): number | null {
  const wanted = speedKey(settings);
  const like = runs.find(
    (run) =>
      run.settings !== null &&
      run.progress.seconds > 1 &&
      run.progress.step > 20 &&
      speedKey(run.settings) === wanted,
  );
  return like ? like.progress.step / like.progress.seconds : null;
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
