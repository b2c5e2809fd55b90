/**
 * What was measured of a run's saved steps: `quality/step-000400.json`, the newest measurement of each. Beside them the
 * same values as an event file, in a folder of its own because steps may be measured in any order.
 */
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { z } from "zod";
import type { MetricGroup } from "../../../shared/curves/metric-group";
import { isAlike, measureNames, qualityMetric } from "../../../shared/quality";
import type { Quality } from "../../../shared/quality";
import { writeAtomically } from "../../disk/atomic";
import type { FileLayer } from "../../disk/file-layer";
import { stepsIn } from "../checkpoints/checkpoints";
import { encodeLog } from "../curves/tensorboard/write-log";
import { qualityFile, qualityFolder, qualityLog } from "./layout";
import { readPlain } from "../../disk/plain-file";

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

/** FD of each step, or KID where there are too few images for it, of those that can be compared with the newest. */
export function distancesOf(all: readonly Quality[]): Map<number, number> {
  const newest = all.at(-1);
  if (!newest) return new Map();
  const name = "value" in newest.measures.fd ? "fd" : "kid";
  return new Map(
    all.flatMap(({ step, measures, ...stamp }) => {
      const measure = measures[name];
      return isAlike(stamp, newest) && "value" in measure
        ? [[step, measure.value]]
        : [];
    }),
  );
}

/** Null where it is not there or cannot be read: it can be measured again. */
async function readQuality(
  folder: string,
  step: number,
): Promise<Quality | null> {
  try {
    const text = String(await readPlain(qualityFile(folder, step)));
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

/** Replaces what was known of the step; gives all values of the run now. */
export async function writeQuality(
  files: FileLayer,
  folder: string,
  quality: Quality,
): Promise<MetricGroup | null> {
  await files.makeSubfolder(qualityFolder(folder));
  await writeAtomically(
    files,
    qualityFile(folder, quality.step),
    `${JSON.stringify(quality, null, 1)}\n`,
  );
  const group = await readQualityGroup(folder);
  if (group)
    await writeAtomically(files, qualityLog(folder), encodeLog([group]));
  return group;
}

/** The values as metrics, `quality/fd` and so on, NaN where a step lacks one; null where there are none. */
export async function readQualityGroup(
  folder: string,
): Promise<MetricGroup | null> {
  const all = await readQualities(folder);
  return all.length === 0
    ? null
    : qualityGroup(all, await timesOf(folder, all));
}

function qualityGroup(
  all: readonly Quality[],
  times: Float64Array,
): MetricGroup | null {
  const names = measureNames.filter((name) =>
    all.some(({ measures }) => "value" in measures[name]),
  );
  if (names.length === 0) return null;
  return {
    tags: names.map(qualityMetric),
    steps: Float64Array.from(all, ({ step }) => step),
    times,
    values: names.map((name) =>
      Float64Array.from(all, ({ measures }) => {
        const measure = measures[name];
        return "value" in measure ? measure.value : NaN;
      }),
    ),
  };
}

/** When each was measured. */
async function timesOf(
  folder: string,
  all: readonly Quality[],
): Promise<Float64Array> {
  const states = await Promise.all(
    all.map(({ step }) => stat(qualityFile(folder, step))),
  );
  return Float64Array.from(states, ({ mtimeMs }) => mtimeMs / 1000);
}
