/** Which configurations of a sweep are looked at first, where they are too many to look at all. */
import type { QueriedRun } from "../query/columns";
import type { SweepManifest } from "./manifest";

/** Configurations that stand side by side. */
export const mostCompared = 8;

/** Indices of the configurations that have runs: the best first where quality was measured, else in their own order. */
export function rankConfigurations(
  { configurations, entries }: SweepManifest,
  runs: ReadonlyMap<string, QueriedRun>,
): { order: number[]; byQuality: boolean } {
  const distances = configurations.map((): number[] => []);
  const there = new Set<number>();
  for (const { configuration, run } of entries) {
    const listing = runs.get(run);
    if (listing?.kind !== "run") continue;
    there.add(configuration);
    const best = listing.record.summary["quality/fd"]?.min ?? null;
    if (best !== null) distances[configuration].push(best);
  }
  const order = [...there];
  if (order.length <= mostCompared || distances.every((some) => !some.length))
    return { order, byQuality: false };
  const middles = distances.map(
    (some) => some.sort((a, b) => a - b).at(some.length >> 1) ?? Infinity,
  );
  order.sort((a, b) =>
    middles[a] === middles[b] ? a - b : middles[a] - middles[b],
  );
  return { order, byQuality: true };
}
