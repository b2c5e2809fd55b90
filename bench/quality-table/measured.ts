/** What was measured for the tables so far: `docs/quality-table.json`, the columns only. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeAtomically } from "../../src/main/disk/atomic";
import { disk } from "../../src/main/disk/file-layer";
import { jsonLines } from "../json-lines";
import type { MeasureName, Quality } from "../../src/shared/quality";

/** The measures of the table, in its order. */
export const columns = [
  "fd",
  "kid",
  "precision",
  "recall",
  "coverage",
  "classCoverage",
  "memorisation",
] as const satisfies MeasureName[];

const number = z.number();
const measureSchema = z.union([
  z.object({ value: number, low: number, high: number, floor: number }),
  z.object({ value: number, low: number, high: number, ceiling: number }),
  z.object({ reason: z.string() }),
]);

const measuredSchema = z.object({
  /** `table-PRESET-SEED` */
  runId: z.string(),
  step: z.int(),
  extractor: z.object({
    hash: z.string(),
    kind: z.enum(["classifier", "autoencoder"]),
    features: number,
    accuracy: number.nullable(),
  }),
  realSet: z.object({
    title: z.string(),
    hash: z.string(),
    count: number,
    part: z.enum(["test part", "own images"]),
  }),
  samples: number,
  measures: z.record(z.enum(columns), measureSchema),
});
export type Measured = z.infer<typeof measuredSchema>;

const file = join(import.meta.dirname, "../../docs/quality-table.json");

export async function readMeasured(): Promise<Measured[]> {
  const text = await readFile(file, "utf8").catch(() => "[]");
  return z.array(measuredSchema).parse(JSON.parse(text));
}

/** A measurement a line. */
export async function writeMeasured(
  all: readonly (Measured | Quality)[],
): Promise<void> {
  const text = jsonLines(
    all.map((one) => {
      const measures = Object.fromEntries(
        columns.map((name) => [name, one.measures[name]]),
      );
      return { ...one, measures };
    }),
  );
  await writeAtomically(disk, file, new TextEncoder().encode(text));
}
