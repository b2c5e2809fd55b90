/** Runs with something in common below one heading, and what their numbers are together. */
import type { Cell, QueriedRun, Reader } from "./columns";

export interface RunGroup {
  kind: "group";
  /** Its value as text; empty where its runs have none. */
  key: string;
  value: Cell;
  folded: boolean;
  runs: QueriedRun[];
}

/** Of the numbers of several runs; one that is missing is left out. */
export interface Spread {
  median: number;
  low: number;
  high: number;
  /** How many runs have one. */
  count: number;
}

/** Each heading with its runs behind it, in the order in which the groups first appear; runs without the value last. */
export function groupRuns(
  runs: readonly QueriedRun[],
  read: Reader,
  folded: ReadonlySet<string>,
): (QueriedRun | RunGroup)[] {
  const groups = new Map<string, RunGroup>();
  for (const run of runs) {
    const value = read(run);
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.runs.push(run);
    else
      groups.set(key, {
        kind: "group",
        key,
        value,
        folded: folded.has(key),
        runs: [run],
      });
  }
  const without = groups.get("");
  groups.delete("");
  return [...groups.values(), ...(without ? [without] : [])].flatMap(
    (group) => [group, ...(group.folded ? [] : group.runs)],
  );
}

/** Null where there is no number; text among them is left out. */
export function spreadOf(cells: readonly Cell[]): Spread | null {
  const numbers = cells
    .flatMap((cell) =>
      typeof cell === "number" && !Number.isNaN(cell) ? [cell] : [],
    )
    .sort((a, b) => a - b);
  if (numbers.length === 0) return null;
  const middle = (numbers.length - 1) / 2;
  return {
    median: (numbers[Math.floor(middle)] + numbers[Math.ceil(middle)]) / 2,
    low: numbers[0],
    high: numbers[numbers.length - 1],
    count: numbers.length,
  };
}

function keyOf(cell: Cell): string {
  if (cell === null) return "";
  return typeof cell === "object" ? [...cell].sort().join(", ") : String(cell);
}
