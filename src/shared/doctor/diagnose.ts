/** The doctor: what is recorded of a run in, what is wrong with it out. */
import { forewarn } from "../settings/forewarn";
import { findingIds } from "./finding";
import type { Diagnosis, Found, FindingId } from "./finding";
import { diverged, dWins, noLearning, rateTooHigh } from "./findings/curves";
import {
  collapse,
  copies,
  cycling,
  dataShortcut,
  dMemorises,
} from "./findings/measured";
import { cannotTell, healthy, tooLittleData } from "./findings/other";
import { betterSamples, improved } from "./fork";
import { Recorded } from "./recorded";
import type { RecordedRun } from "./recorded";

type Rule = (run: Recorded) => Found | null;

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
  return diagnoseRecorded(new Recorded(recorded));
}

/** The same of what was read already. */
export function diagnoseRecorded(run: Recorded): Diagnosis {
  const found = findingIds.flatMap((id) => {
    const finding =
      id in faults ? faults[id as keyof typeof faults](run) : null;
    return finding ? [finding] : [];
  });
  if (found.length === 0) found.push(healthy(run) ?? cannotTell(run));
  if (found[0].id !== "healthy") found[0] = withCause(run, found[0]);
  for (let at = 1; at < found.length; at++) found[at] = behind(found[at]);
  const { id, trial = null, tried = [] } = run.record;
  const findings = found.map((one, at) => ({
    ...one,
    // What was tried for something that is no longer found stands with the verdict.
    tried: tried.filter(
      ({ finding }) =>
        finding === one.id ||
        (at === 0 && !found.some((other) => other.id === finding)),
    ),
  }));
  return { runId: id, verdict: found[0].id, findings, trial };
}

/** What one rate did can look like another's doing, so that only the worst finding offers another rate. */
function behind(found: Found): Found {
  const paths = Object.keys(found.fork?.changes ?? {});
  return paths.some((path) => path.includes("learningRate"))
    ? {
        ...found,
        advice: "Fix what is listed above first: it may be the cause.",
        fork: null,
      }
    : found;
}

/** Where the settings alone say why, that is the advice, and its one difference the fork. */
function withCause(run: Recorded, found: Found): Found {
  const { settings } = run.record;
  const causes = settings ? forewarn(settings, null) : [];
  const cause = causes.find(({ change }) => change !== null);
  if (!cause?.change) return found;
  const [path, value] = cause.change;
  const fork = improved(run, run.first, path, value);
  // From the beginning on, so that it may take as long as the run did.
  const expects = betterSamples(run, run.first) ?? found.fork?.expects ?? null;
  return { ...found, advice: cause.text, fork: fork && { ...fork, expects } };
}
