/** What somebody who looks elsewhere is told of the end of a run or a sweep. */
import { isActive } from "./run";
import type { RunRecord, RunState } from "./run";
import { describeCounts } from "./sweeps/status";
import type { SweepSummary } from "./sweeps/status";

/**
 * One sentence, where the run has just ended by itself; null otherwise, for an end that the user brought about, and for a
 * run of a sweep, whose end is told once for all of its runs.
 */
export function endingOf(
  before: RunState | undefined,
  { state, reason, progress, sweep }: RunRecord,
): string | null {
  if (before === undefined || !isActive(before) || sweep !== null) return null;
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

/** `The sweep has ended: 8 finished, 1 diverged.` */
export function sweepEnding({ counts }: Pick<SweepSummary, "counts">): string {
  return `The sweep has ended: ${describeCounts(counts)}.`;
}
