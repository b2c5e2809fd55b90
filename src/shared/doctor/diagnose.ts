/** The doctor: what is recorded of a run in, what is wrong with it out. */
import { findingIds } from "./finding";
import type { Diagnosis, Finding, FindingId } from "./finding";
import { diverged, dWins, noLearning, rateTooHigh } from "./findings/curves";
import {
  collapse,
  copies,
  cycling,
  dataShortcut,
  dMemorises,
} from "./findings/measured";
import { cannotTell, healthy, tooLittleData } from "./findings/other";
import { Recorded } from "./recorded";
import type { RecordedRun } from "./recorded";

type Rule = (run: Recorded) => Finding | null;

const faults: Record<Exclude<FindingId, "healthy" | "cannot-tell">, Rule> = {
  diverged,
  "no-learning": noLearning,
  "rate-too-high": rateTooHigh,
  "data-shortcut": dataShortcut,
  "d-wins": dWins,
  collapse,
  copies,
  "d-memorises": dMemorises,
  cycling,
  "too-little-data": tooLittleData,
};

/** The faults that the run shows, the worst first; else that it is healthy, or that nothing can be told. */
export function diagnose(recorded: RecordedRun): Diagnosis {
  const run = new Recorded(recorded);
  const found = findingIds.flatMap((id) => {
    const finding =
      id in faults ? faults[id as keyof typeof faults](run) : null;
    return finding ? [finding] : [];
  });
  if (found.length === 0) found.push(healthy(run) ?? cannotTell(run));
  return { runId: run.record.id, verdict: found[0].id, findings: found };
}
