/** Runs side by side by what was measured of them: which is better, or that it cannot be told. */
import { areApart, isAlike, measureKinds, measureNames } from "./quality";
import type { Measure, MeasureName, Quality } from "./quality";

export interface QualityRow {
  name: MeasureName;
  title: string;
  /** One a run; null where nothing was measured of it. */
  measures: (Measure | null)[];
  verdict: Verdict;
}

export type Verdict =
  /** This run's interval lies apart from all others', on the better side. */
  | { kind: "better"; index: number }
  | { kind: "not-distinguishable" }
  /** Too few values, or a measure of which neither side is the better one. */
  | { kind: "none" };

/** The newest measurement of each run, or why they cannot stand in one table, in one sentence. */
export function compareQuality(
  newest: readonly (Quality | null)[],
): { kind: "rows"; rows: QualityRow[] } | { kind: "none"; reason: string } {
  const reason = whyNotAlike(newest);
  if (reason !== null) return { kind: "none", reason };
  const rows = measureNames.map((name) => {
    const measures = newest.map((one) => one?.measures[name] ?? null);
    const { title } = measureKinds[name];
    return { name, title, measures, verdict: verdictOf(name, measures) };
  });
  return { kind: "rows", rows };
}

/** Why measurements cannot stand in one table, in one sentence; null where they can. */
export function whyNotAlike(
  newest: readonly (Quality | null)[],
): string | null {
  const known = newest.filter((one) => one !== null);
  if (known.length === 0) return "These runs have not been measured yet.";
  return known.some((one) => !isAlike(one, known[0]))
    ? "These runs were measured by other extractors, on other images, or on another number of them, so their values cannot be compared."
    : null;
}

/** The run that is better than every other; two whose intervals overlap are not distinguishable. */
function verdictOf(
  name: MeasureName,
  measures: readonly (Measure | null)[],
): Verdict {
  const { better } = measureKinds[name];
  const values = measures.flatMap((measure, index) =>
    measure && "value" in measure ? [{ ...measure, index }] : [],
  );
  if (values.length < 2 || better === "bound") return { kind: "none" };
  const [best, ...others] = values.sort((a, b) =>
    better === "lower" ? a.value - b.value : b.value - a.value,
  );
  return others.every((other) => areApart(best, other))
    ? { kind: "better", index: best.index }
    : { kind: "not-distinguishable" };
}
