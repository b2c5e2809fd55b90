/** What the doctor says of a run: its findings with their evidence, and what would show that one is wrong. */
import type { SettingChange } from "../settings/change";

/** The worst first, which is then the verdict. */
export const findingIds = [
  "diverged",
  "no-learning",
  "rate-too-high",
  "data-shortcut",
  "d-wins",
  "collapse",
  "copies",
  "d-memorises",
  "cycling",
  "too-little-data",
  "healthy",
  "cannot-tell",
] as const;
export type FindingId = (typeof findingIds)[number];

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

/** What a fork should show, so that it can be held to it. */
export interface Expectation {
  /** A metric of the run. */
  metric: string;
  above: boolean;
  value: number;
  /** Steps after the fork. */
  within: number;
}

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
}

export interface Diagnosis {
  runId: string;
  verdict: FindingId;
  /** Never empty; the first is the verdict. */
  findings: Finding[];
}

/** Whether a run with this verdict has something wrong with it. */
export function isFault(id: FindingId): boolean {
  return id !== "healthy" && id !== "cannot-tell";
}

/** What a record keeps of it. */
export function verdictOf({ findings: [first] }: Diagnosis): {
  id: FindingId;
  line: string;
} {
  return { id: first.id, line: lineOf(first) };
}

/** `D wins: D(G(z)) has been under 0.02 since step 290.` */
export function lineOf({ id, evidence }: Finding): string {
  return `${findingTitles[id]}: ${evidence[0]}`;
}

/** As `--set` and a fork take them. */
export function changesOf({ changes }: SuggestedFork): SettingChange[] {
  return Object.entries(changes);
}
