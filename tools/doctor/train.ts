/** Trains and measures the runs of `faults.ts` in a library, and what is finished there is left as it is. */
import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { runCommandLine } from "../../src/main/cli/program";
import type { Fault } from "./faults";

export interface Case {
  id: string;
  fault: Fault;
  /** 0 is the mildest. */
  strength: number;
  seed: number;
}

export function casesOf(faults: readonly Fault[], seeds: number[]): Case[] {
  return seeds.flatMap((seed) =>
    faults.flatMap((fault) =>
      fault.strengths.map((_, strength) => ({
        id: `${fault.name.replace(" ", "-")}-${strength + 1}-seed-${seed}`,
        fault,
        strength,
        seed,
      })),
    ),
  );
}

/** Rejects with the command's own sentence. */
export async function trainCase(
  { id, fault, strength, seed }: Case,
  library: string,
): Promise<void> {
  const place = ["--library", library, "--json"] as const;
  if (!hasEnded(library, id)) {
    // One that was interrupted is trained anew, so that all runs are alike.
    await rm(join(library, "runs", id), { recursive: true, force: true });
    const every = Math.round(fault.steps / 6);
    const sets = [
      ...fault.strengths[strength],
      `checkpoints.everySteps=${every}`,
      "checkpoints.keepLast=9",
    ].flatMap((set) => ["--set", set]);
    await command(
      ...["train", "--preset", fault.preset, "--dataset", "strokes"],
      ...["--steps", String(fault.steps), "--seed", String(seed)],
      ...["--run-id", id, ...sets, ...place],
    );
  }
  if (!existsSync(join(library, "runs", id, "quality")))
    await command(
      ...["evaluate", id, "--step", "all", "--samples", "500", ...place],
    );
}

function hasEnded(library: string, id: string): boolean {
  const path = join(library, "runs", id, "run.json");
  if (!existsSync(path)) return false;
  const { state } = JSON.parse(readFileSync(path, "utf8")) as { state: string };
  return state === "finished" || state === "diverged";
}

async function command(...args: string[]): Promise<void> {
  let error = "";
  const code = await runCommandLine(args, {
    out: { write: () => true },
    error: { write: (text) => (error += text) },
    ask: null,
  });
  // A run that diverges has a code of its own and is a result.
  if (code !== 0 && args[0] !== "train")
    throw new Error(`${args.join(" ")}: ${error}`);
}
