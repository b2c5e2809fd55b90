/** What is known of a preset's reproduction so far: `docs/reproduction/<preset>.json`, which each measurement adds to. */
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { disk } from "../../src/main/disk/file-layer";
import { writeAtomically } from "../../src/main/disk/atomic";

const runSchema = z.object({
  by: z.enum(["here", "PyTorch"]),
  seed: z.int().nonnegative(),
  /** How far it came. */
  step: z.int().nonnegative(),
  /** A step and its figures. */
  lines: z.array(z.array(z.number())),
});
export type ReproducedRun = z.infer<typeof runSchema>;

const resultSchema = z.object({
  /** The hash of the images tells whether a measurement goes on with the same. */
  data: z.object({ title: z.string(), images: z.int(), hash: z.string() }),
  engine: z.string(),
  runs: z.array(runSchema),
});
export type Reproduction = z.infer<typeof resultSchema>;

export const docs = resolve(import.meta.dirname, "../../docs");

export async function readResult(preset: string): Promise<Reproduction | null> {
  const text = await readFile(fileOf(preset), "utf8").catch(() => null);
  return text === null ? null : resultSchema.parse(JSON.parse(text));
}

export async function writeResult(
  preset: string,
  result: Reproduction,
): Promise<void> {
  const file = fileOf(preset);
  await mkdir(dirname(file), { recursive: true });
  const rounded = JSON.stringify(result, (_, value: unknown) =>
    typeof value === "number"
      ? Number(
          value.toPrecision(5 + Math.ceil(Math.log10(Math.abs(value) + 1))),
        )
      : value,
  );
  // A line of figures a line of the file.
  const text = rounded
    .replaceAll("],[", "],\n[")
    .replaceAll('{"by"', '\n{"by"');
  await writeAtomically(disk, file, new TextEncoder().encode(`${text}\n`));
}

/** A run's entry, made where there is none yet. */
export function runOf(
  { runs }: Reproduction,
  by: ReproducedRun["by"],
  seed: number,
): ReproducedRun {
  const known = runs.find((run) => run.by === by && run.seed === seed);
  if (known) return known;
  const made = { by, seed, step: 0, lines: [] };
  runs.push(made);
  return made;
}

function fileOf(preset: string): string {
  return join(docs, "reproduction", `${preset}.json`);
}
