/** What `gpu.ts` measured as a table: one line for each preset and engine, PyTorch's times beside it and how they compare. */
import type { EngineId } from "../src/shared/settings/settings";
import type { Result } from "./index";
import type { Timing } from "./turns";
import { bestOf } from "./turns";

export interface Measurement {
  engine: EngineId;
  preset: string;
  /** Whether PyTorch's compiler was tried too. */
  compile: boolean;
  result: Result | null;
  /** Why there is no result. */
  problem: string | null;
}

const heading = [
  "preset",
  "engine",
  "ms a step",
  "with the loop",
  "PyTorch eager",
  "eager / engine",
  "PyTorch compiled",
  "compiled / engine",
];

/** Times are a median and the best; ratios are of both, in one run, and above 1 where the engine is faster. */
export function tableOf(measurements: readonly Measurement[]): string {
  const rows = [heading, ...measurements.map(rowOf)];
  // Why there is no result stands across the columns.
  const whole = rows.filter(({ length }) => length === heading.length);
  const widths = heading.map((_, column) =>
    Math.max(...whole.map((row) => row[column].length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function rowOf({ engine, preset, result, problem }: Measurement): string[] {
  if (!result) return [preset, engine, problem ?? "-"];
  const { engineMs, loopMs } = result;
  const eager = peer(result, false);
  const compiled = peer(result, true);
  return [
    preset,
    engine,
    pair(engineMs),
    loopMs ? pair(loopMs) : "-",
    eager ? pair(eager) : "-",
    eager ? ratio(eager, engineMs) : "-",
    compiled ? pair(compiled) : "-",
    compiled ? ratio(compiled, engineMs) : "-",
  ];
}

/** The fastest way of running PyTorch, of those that compile or of the others. */
function peer({ torchWays }: Result, compiles: boolean): Timing | null {
  const ways = Object.entries(torchWays)
    .filter(([name]) => /compile|graphs/.test(name) === compiles)
    .map(([, timing]) => timing);
  return ways.length > 0 ? bestOf(ways) : null;
}

function pair({ median, best }: Timing): string {
  return `${median.toFixed(2)} ${best.toFixed(2)}`;
}

function ratio(a: Timing, b: Timing): string {
  return `${(a.median / b.median).toFixed(2)} ${(a.best / b.best).toFixed(2)}`;
}
