/**
 * The names in a library and in a run folder:
 *
 *     <library>/runs/<id>/run.json
 *                         events.out.tfevents.<seconds>.<host>
 *                         samples/step-000400.png
 *                         samples-average/           the same of the average of G's weights, where one is kept
 *                         checkpoints/step-000400.safetensors
 *                         tensorboard/               a second event file as the tutorial writes it, where asked for
 *                         quality/step-000400.json   what was measured of a saved step
 *                         quality-last/              the same of the last weights, where an average of G is kept
 *                         set-aside/<time>/          what it was taken back from, and damaged files
 *                         lock                       while a process trains it
 *     <library>/extractors/<data hash>.safetensors   what measures of quality see with
 *     <library>/trash/<id>/                          the same, deleted but not yet gone
 *     <library>/pruned/<token>/prune.json            which checkpoints and grids were taken out of which runs
 *                              <id>/                 and the files themselves
 *     <library>/cache/                               may be deleted at any time
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { runIdSchema } from "../../../shared/run";
import type { WeightChoice } from "../../engine/engine";
import { RunError } from "../run-error";

export const runsFolder = (library: string) => join(library, "runs");
/** What was pruned, by run, until the trash is emptied. */
export const prunedFolder = (library: string) => join(library, "pruned");
export const trashFolder = (library: string) => join(library, "trash");
export const cacheFolder = (library: string) => join(library, "cache");

export const extractorsFolder = (library: string) =>
  join(library, "extractors");
export const extractorFile = (library: string, dataHash: string) =>
  join(extractorsFolder(library), `${dataHash.slice(0, 32)}.safetensors`);

/** What moves with a library; its cache is made again. */
export const movedFolders = [
  "runs",
  "sweeps",
  "queue",
  "extractors",
  "trash",
  "pruned",
] as const;

export const recordFile = (run: string) => join(run, "run.json");
export const lockFile = (run: string) => join(run, "lock");
export const samplesFolder = (run: string, weights: WeightChoice = "last") =>
  join(run, weights === "average" ? "samples-average" : "samples");
export const checkpointsFolder = (run: string) => join(run, "checkpoints");
export const tensorBoardFolder = (run: string) => join(run, "tensorboard");
export const setAsideFolder = (run: string) => join(run, "set-aside");
export const qualityFolder = (run: string, weights: WeightChoice = "average") =>
  join(run, weights === "last" ? "quality-last" : "quality");
export const qualityFile = (
  run: string,
  step: number,
  weights: WeightChoice = "average",
) => join(qualityFolder(run, weights), `${stepName(step)}.json`);
/** The same values for TensorBoard. */
export const qualityLog = (run: string) =>
  join(qualityFolder(run), "events.out.tfevents.0.quality");
/** The extractor that they were measured with, so that it travels with its run. */
export const carriedExtractor = (run: string) =>
  join(qualityFolder(run), extractorName);
const extractorName = "extractor.safetensors";

/** Whether a file belongs into `quality/`. */
export function isQualityFile(name: string): boolean {
  return (
    stepOf(name, "json") !== null || name === extractorName || isEventFile(name)
  );
}

export const sampleFile = (
  run: string,
  step: number,
  weights: WeightChoice = "last",
) => join(samplesFolder(run, weights), `${stepName(step)}.png`);
export const checkpointFile = (run: string, step: number) =>
  join(checkpointsFolder(run), `${stepName(step)}.safetensors`);

/** A run in the making; it gets its own name when it is whole. */
export const unfinishedPrefix = ".new-";

/** `<library>/runs/<id>`. Throws a RunError for what is no run id, so that no path leads elsewhere. */
export function runFolder(library: string, id: string): string {
  return join(runsFolder(library), checkedId(id));
}

/** `<library>/trash/<id>`. Throws a RunError for what is no run id. */
export function trashedFolder(library: string, id: string): string {
  return join(trashFolder(library), checkedId(id));
}

/** Sorts by time: `20261120-154210-jaketae-mlp-k3f9`. */
export function newRunId(label: string, now: Date): string {
  const time = now.toISOString().replace(/[-:]/g, "").replace("T", "-");
  const word = label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  const tail = randomBytes(5).toString("hex").slice(0, 6);
  return [time.slice(0, 15), word || "run", tail].join("-");
}

/** The step in `step-000400.png`; null for any other name. */
export function stepOf(name: string, extension: string): number | null {
  const match = /^step-(\d{6,15})\.([a-z]+)$/.exec(name);
  return match?.[2] === extension ? Number(match[1]) : null;
}

/** Whether a file is one of TensorBoard's. */
export function isEventFile(name: string): boolean {
  return name.includes("tfevents");
}

/** The name TensorBoard looks for. */
export function eventFileName(now: Date, host: string): string {
  const seconds = Math.floor(now.getTime() / 1000);
  return `events.out.tfevents.${seconds}.${host.replace(/[^\w.-]/g, "-")}`;
}

function stepName(step: number): string {
  return `step-${String(step).padStart(6, "0")}`;
}

function checkedId(id: string): string {
  if (!runIdSchema.safeParse(id).success)
    throw new RunError(`"${id}" is not the id of a run.`);
  return id;
}
