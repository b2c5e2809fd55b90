/** What somebody who looks elsewhere is told of a run's end. */
import { isActive } from "./run";
import type { RunRecord, RunState } from "./run";

/** One sentence, where the run has just ended by itself; null otherwise, and for an end that the user brought about. */
export function endingOf(
  before: RunState | undefined,
  { state, reason, progress }: RunRecord,
): string | null {
  if (before === undefined || !isActive(before)) return null;
  switch (state) {
    case "finished":
      return `Finished after ${progress.step} steps.`;
    case "diverged":
      return reason ?? `Diverged at step ${progress.step}.`;
    case "failed":
      return reason ?? "Failed.";
    default:
      return null;
  }
}
