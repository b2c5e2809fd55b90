/**
 * What was measured of a run's saved steps: `quality/step-000400.json`, the newest measurement of each. Beside them the
 * same values as an event file, in a folder of its own because steps may be measured in any order.
 */
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { z } from "zod";
import type { MetricGroup } from "../../../shared/curves/metric-group";
import {
  besideOf,
  boundOf,
  isAlike,
  measureKinds,
  measureNames,
  qualityMetric,
} from "../../../shared/quality";
import type { Measure, MeasureName, Quality } from "../../../shared/quality";
import { weightChoiceSchema } from "../../../shared/run";
import type {
  MetricSummary,
  RunRecord,
  WeightChoice,
} from "../../../shared/run";
import { writeAtomically } from "../../disk/atomic";
import type { FileLayer } from "../../disk/file-layer";
import { stepsIn } from "../checkpoints/checkpoints";
import { summarizeGroups } from "../recording/summary";
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
  weights: weightChoiceSchema.optional(),
  measures: z.record(z.string(), measureSchema),
});

/** Those that can be read, ascending by step. A measure that an older version did not know says so. */
export async function readQualities(
  folder: string,
  weights: WeightChoice = "average",
): Promise<Quality[]> {
  const place = qualityFolder(folder, weights);
  if (!existsSync(place)) return [];
  const found = await Promise.all(
    stepsIn(place, "json").map((step) =>
      readQuality(qualityFile(folder, step, weights)),
    ),
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
async function readQuality(file: string): Promise<Quality | null> {
  try {
    const text = String(await readPlain(file));
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

/** Replaces what was known of the step. The run's metrics are of the average, where it keeps one. */
export async function writeQuality(
  files: FileLayer,
  folder: string,
  quality: Quality,
): Promise<void> {
  const { step, weights } = quality;
  await files.makeSubfolder(qualityFolder(folder, weights));
  await writeAtomically(
    files,
    qualityFile(folder, step, weights),
    `${JSON.stringify(quality, null, 1)}\n`,
  );
  if (weights === "last") return;
  const group = await readQualityGroup(folder);
  const bounds = await readQualityBounds(folder);
  if (group && bounds)
    await writeAtomically(
      files,
      qualityLog(folder),
      encodeLog([group, bounds]),
    );
}

/**
 * The values as metrics, `quality/fd` and so on, NaN where a step lacks one; null where there are none. Only of steps that
 * were measured as the last one was: others do not belong into one column with it.
 */
export function readQualityGroup(folder: string): Promise<MetricGroup | null> {
  return readColumns(folder, ({ name, value }) => [
    [qualityMetric(name), value],
  ]);
}

/** What no value may stand without in a file: `quality/fd/low`, `quality/fd/high`, and `quality/fd/floor` or `/ceiling`. */
export function readQualityBounds(folder: string): Promise<MetricGroup | null> {
  return readColumns(folder, ({ name, low, high, bound }) => [
    [`${qualityMetric(name)}/low`, low],
    [`${qualityMetric(name)}/high`, high],
    [`${qualityMetric(name)}/${measureKinds[name].bound}`, bound],
  ]);
}

/** The last values and the extremes, each with what it may not stand without; empty where nothing is measured. */
export async function readQualitySummaries(
  folder: string,
): Promise<RunRecord["summary"]> {
  const group = await readQualityGroup(folder);
  const all = await readQualities(folder);
  const last = all.at(-1);
  if (!group || !last) return {};
  const summaries = summarizeGroups([group]);
  for (const name of measureNames) {
    const summary = summaries[qualityMetric(name)] as MetricSummary | undefined;
    if (!summary) continue;
    const besideAt = (step: number | null) => {
      const at = all.find((one) => one.step === step);
      return at && besideOf(at.measures[name], at);
    };
    summary.beside = besideOf(last.measures[name], last);
    summary.besideMin = besideAt(summary.minStep);
    summary.besideMax = besideAt(summary.maxStep);
  }
  return summaries;
}

interface Measured {
  name: MeasureName;
  value: number;
  low: number;
  high: number;
  bound: number;
}

async function readColumns(
  folder: string,
  columnsOf: (measured: Measured) => [tag: string, value: number][],
): Promise<MetricGroup | null> {
  const every = await readQualities(folder);
  const all = every.filter((one) => isAlike(one, every[every.length - 1]));
  const names = measureNames.filter((name) =>
    all.some(({ measures }) => "value" in measures[name]),
  );
  if (names.length === 0) return null;
  const rows = all.map(({ measures }) =>
    names.flatMap((name) => columnsOf(measured(name, measures[name]))),
  );
  return {
    tags: rows[0].map(([tag]) => tag),
    steps: Float64Array.from(all, ({ step }) => step),
    times: await timesOf(folder, all),
    values: rows[0].map((_, column) =>
      Float64Array.from(rows, (row) => row[column][1]),
    ),
  };
}

function measured(name: MeasureName, measure: Measure): Measured {
  return "value" in measure
    ? { ...measure, name, bound: boundOf(measure) ?? NaN }
    : { name, value: NaN, low: NaN, high: NaN, bound: NaN };
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
