/** What was measured of a run's saved steps: `quality/step-000400.json`, the newest measurement of each. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { measureNames } from "../../../shared/quality";
import type { Quality } from "../../../shared/quality";
import { writeAtomically } from "../../disk/atomic";
import type { FileLayer } from "../../disk/file-layer";
import { stepsIn } from "../checkpoints/checkpoints";
import { qualityFile, qualityFolder } from "./layout";

const value = { value: z.number(), low: z.number(), high: z.number() };
const measureSchema = z.union([
  z.object({ ...value, floor: z.number() }),
  z.object({ ...value, ceiling: z.number() }),
  z.object({ reason: z.string() }),
]);

const qualitySchema = z.object({
  runId: z.string(),
  step: z.int(),
  extractor: z.object({
    hash: z.string(),
    kind: z.enum(["classifier", "autoencoder"]),
    features: z.int(),
    accuracy: z.number().nullable(),
  }),
  realSet: z.object({
    title: z.string(),
    hash: z.string(),
    count: z.int(),
    part: z.enum(["test part", "own images"]),
  }),
  samples: z.int(),
  measures: z.record(z.string(), measureSchema),
});

/** Those that can be read, ascending by step. A measure that an older version did not know says so. */
export async function readQualities(folder: string): Promise<Quality[]> {
  const place = qualityFolder(folder);
  if (!existsSync(place)) return [];
  const found = await Promise.all(
    stepsIn(place, "json").map((step) => readQuality(folder, step)),
  );
  return found.filter((quality) => quality !== null);
}

/** Null where it is not there or cannot be read: it can be measured again. */
export async function readQuality(
  folder: string,
  step: number,
): Promise<Quality | null> {
  try {
    const text = await readFile(qualityFile(folder, step), "utf8");
    const { measures, ...quality } = qualitySchema.parse(JSON.parse(text));
    const absent = {
      reason: "It was not measured by the version that measured this step.",
    };
    return {
      ...quality,
      measures: Object.fromEntries(
        measureNames.map((name) => [name, measures[name] ?? absent]),
      ) as Quality["measures"],
    };
  } catch {
    return null;
  }
}

/** Replaces what was known of the step. */
export async function writeQuality(
  files: FileLayer,
  folder: string,
  quality: Quality,
): Promise<void> {
  await files.makeSubfolder(qualityFolder(folder));
  await writeAtomically(
    files,
    qualityFile(folder, quality.step),
    `${JSON.stringify(quality, null, 1)}\n`,
  );
}
