/** What `evaluate` says of a run's saved steps, and the table that says what a variation brings. */
import { z } from "zod";
import {
  differenceOf,
  overSeeds,
} from "../../src/shared/comparison/over-seeds";
import type {
  Difference,
  Interval,
  OverSeeds,
  SeedValue,
} from "../../src/shared/comparison/over-seeds";
import { formatValue } from "../../src/shared/format-value";
import type { Variation } from "./variations";

const measure = z.object({
  value: z.number(),
  low: z.number().optional(),
  high: z.number().optional(),
  floor: z.number().optional(),
  ceiling: z.number().optional(),
});
export const answerSchema = z.object({
  step: z.int(),
  measures: z.record(
    z.string(),
    z.union([measure, z.object({ reason: z.string() })]),
  ),
});
export type Answer = z.infer<typeof answerSchema>;

const columns = [
  { name: "coverage", title: "coverage", pick: Math.max },
  { name: "kid", title: "KID", pick: Math.min },
  { name: "fdInfinity", title: "FD-infinity", pick: Math.min },
  { name: "classCoverage", title: "class coverage", pick: Math.max },
] as const;
const [coverage] = columns;

type Row = Pick<Variation, "id" | "title" | "against">;
/** The saved steps of a seed. */
export interface SeedAnswers {
  seed: number;
  answers: Answer[];
}
/** By the id of a variation. */
type Results = ReadonlyMap<string, SeedAnswers[]>;
type Column = (typeof columns)[number];

/**
 * The best saved step of each seed by each measure: the mean over the seeds, and its interval. At the end how much more
 * it covers than the run that it is held against, by the seeds of both.
 */
export function qualityTable(
  variations: readonly Row[],
  results: Results,
): string[] {
  const all = variations.filter(({ id }) => results.has(id));
  const bestOf = (id: string, column: Column) =>
    overSeeds(seedsOf(id, results.get(id) ?? [], column));
  const coverageOver = (id: string, against: string) =>
    differenceCell(
      differenceOf(bestOf(id, coverage), bestOf(against, coverage)),
    );
  const rows = all.map(({ id, title, against }) => [
    title,
    ...columns.map((column) => cellOf(bestOf(id, column))),
    against ? coverageOver(id, against) : "",
    String(results.get(id)?.length),
  ]);
  const [some] = all.flatMap(({ id }) =>
    (results.get(id) ?? []).flatMap(({ answers }) => answers),
  );
  const real = columns.map(({ name }) => boundOf(some?.measures[name]));
  const titles = columns.map(({ title }) => title);
  return [
    ["run", ...titles, "coverage over the one without", "seeds"],
    ["---", ...titles.map(() => "---"), "---", "---"],
    ["real images in their place", ...real, "", ""],
    ...rows,
  ].map((cells) => `| ${cells.join(" | ")} |`);
}

/** The best of each seed that has a value. */
function seedsOf(
  id: string,
  runs: readonly SeedAnswers[],
  { name, pick }: Column,
): SeedValue[] {
  return runs.flatMap(({ seed, answers }) => {
    const known = answers.flatMap(({ measures }) => {
      const found = measures[name];
      return "value" in found ? [found.value] : [];
    });
    const run = `${id}-${seed}`;
    return known.length === 0 ? [] : [{ run, seed, value: pick(...known) }];
  });
}

function boundOf(found: Answer["measures"][string] | undefined): string {
  if (!found || "reason" in found) return "-";
  return formatValue(found.floor ?? found.ceiling);
}

/** `0.7100 (0.6900 to 0.7300)`: the mean and its 95 % interval over the seeds. */
function cellOf(found: OverSeeds | null): string {
  if (!found) return "-";
  return found.interval
    ? withInterval(found.mean, found.interval)
    : `${formatValue(found.mean)} (one seed)`;
}

function differenceCell(found: Difference): string {
  return found.kind === "none" ? "-" : withInterval(found.mean, found.interval);
}

function withInterval(mean: number, { low, high }: Interval): string {
  return `${formatValue(mean)} (${formatValue(low)} to ${formatValue(high)})`;
}
