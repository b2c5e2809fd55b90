/** What the doctor says of a run: its findings with their evidence, and what would show that one is wrong. */
import type { SettingChange } from "../settings/change";
import type { Expectation } from "./expectation";
import type { FindingId } from "./finding-ids";
import type { Trial, TrialPlan, Tried } from "./trial";

export { findingIds } from "./finding-ids";
export type { FindingId } from "./finding-ids";

export const findingTitles: Record<FindingId, string> = {
  diverged: "Diverged",
  "no-learning": "Nothing learns",
  "rate-too-high": "Rate too high",
  "data-shortcut": "A shortcut in the data",
  "d-wins": "D wins",
  collapse: "G collapses",
  copies: "G copies",
  "d-memorises": "D memorises",
  cycling: "Cycling",
  "too-little-data": "Too little data",
  healthy: "Healthy",
  "cannot-tell": "Cannot tell",
};

/** A fork with exactly one difference. */
export interface SuggestedFork {
  /** A checkpoint from before the trouble, or the first there is. */
  step: number;
  /** Settings by their paths, as `--set` takes them. */
  changes: Record<string, unknown>;
  expects: Expectation | null;
}

export interface Finding {
  id: FindingId;
  /** The steps that show it. */
  from: number;
  to: number;
  /** Sentences with figures; the first one alone says what is happening. */
  evidence: string[];
  /** What would show that this is wrong. */
  refutedBy: string;
  advice: string;
  /** Null where no fork can help, or no checkpoint is there. */
  fork: SuggestedFork | null;
  /** Forks that tried it, and what came of them. */
  tried: Tried[];
}

/** What a rule finds; what was tried is remembered with the run. */
export type Found = Omit<Finding, "tried">;

export interface Diagnosis {
  runId: string;
  verdict: FindingId;
  /** Never empty; the first is the verdict. */
  findings: Finding[];
  /** Of a fork that tries what the doctor advised: what is expected, and what came. */
  trial: Trial | null;
}

/** Whether a run with this verdict has something wrong with it. */
export function isFault(id: FindingId): boolean {
  return id !== "healthy" && id !== "cannot-tell";
}

/** Where else than among samples its pictures are: beside their nearest training images, or with what was measured. */
export function proofOf(id: FindingId): "gallery" | "quality" | null {
  if (id === "copies") return "gallery";
  return id === "d-memorises" || id === "cycling" ? "quality" : null;
}

/** What a record keeps of it. */
export function verdictOf({ findings: [first] }: Diagnosis): {
  id: FindingId;
  line: string;
} {
  return { id: first.id, line: lineOf(first) };
}

/** `D wins: D(G(z)) has been under 0.02 since step 290.` */
export function lineOf({ id, evidence }: Found): string {
  return `${findingTitles[id]}: ${evidence[0]}`;
}

/** As `--set` and a fork take them. */
export function changesOf({ changes }: SuggestedFork): SettingChange[] {
  return Object.entries(changes);
}

/** What a fork that takes the offer is held to. */
export function trialOf({ id, advice, fork }: Finding): TrialPlan {
  const expects = fork?.expects ?? null;
  return { finding: id, role: "change", advice, expects };
}
