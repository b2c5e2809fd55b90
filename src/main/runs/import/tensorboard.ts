/** A TensorBoard log: its event files are kept as they are where they can be, and its pictures become sample grids. */
import { open } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import { isSafeName } from "../../../shared/safe-name";
import { writeAtomically } from "../../disk/atomic";
import type { FileLayer } from "../../disk/file-layer";
import { firstBytes } from "../../disk/first-bytes";
import { isLfsNote, lfsNote } from "../../disk/lfs-note";
import { MetricSeries } from "../curves/metric-series";
import { encodeLog } from "../curves/tensorboard/write-log";
import {
  eventFileName,
  newRunId,
  sampleFile,
  samplesFolder,
} from "../folder/layout";
import { buildFolder } from "../folder/new-run";
import { writeRecord } from "../folder/record";
import { RunError } from "../run-error";
import { importedRecord } from "./imported";
import { readContent, readPictures } from "./log-content";
import type { LogContent, PicturePlace } from "./log-content";
import type { LogFile } from "./log-files";
import { joinPictures } from "./pictures";
import { listed } from "./table";
import { joinLogs } from "./writers";

/** Gives the id of the new run. Rejects with a RunError where the log holds nothing that can be shown. */
export async function importTensorBoard(
  files: FileLayer,
  library: string,
  { path, logs }: { path: string; logs: readonly LogFile[] },
): Promise<string> {
  const contents: LogContent[] = [];
  const held = { metrics: 0, values: 0, pictures: 0 };
  const unfetched: string[] = [];
  for (const log of logs)
    if (isLfsNote(await firstBytes(log.path, 64))) unfetched.push(log.name);
    else contents.push(await readContent(log, held));
  const missing = unfetched.map((name) => `${name} ${lfsNote}`);
  if (contents.length === 0) throw new RunError(`${missing[0]}.`);
  if (contents.every((one) => one.groups.length + one.pictures.length === 0))
    throw new RunError(
      `${path} holds neither scalars nor images, so there is nothing to show.`,
    );
  const now = new Date();
  const id = newRunId(basename(path), now);
  await buildFolder(files, library, id, async (folder) => {
    const { kept, rewritten, clock, notes } = joinLogs(contents);
    const names = safeNames(kept.map(({ file }) => file.name));
    for (const [index, { file }] of kept.entries())
      await files.copy(file.path, join(folder, names[index]));
    if (rewritten.length > 0)
      await writeAtomically(
        files,
        join(folder, eventFileName(now, hostname())),
        encodeLog(rewritten),
      );
    const warnings = [
      ...notes,
      ...(await keepPictures(files, folder, contents)),
      ...missing.map((sentence) => `${sentence}: left out.`),
      ...othersOf(contents),
      ...damageOf(contents),
    ];
    const { groups } = await new MetricSeries(folder).read();
    await writeRecord(
      files,
      folder,
      importedRecord({ id, now, path, warnings, groups, clock }),
    );
  });
  return id;
}

/** The names as they are; where one of them is no name on some system, all are numbered, because their order means something. */
function safeNames(names: readonly string[]): string[] {
  const different = new Set(names.map((name) => name.toLowerCase()));
  if (names.every(isSafeName) && different.size === names.length)
    return [...names];
  return names.map(
    (_, index) =>
      `events.out.tfevents.${String(index + 1).padStart(10, "0")}.imported`,
  );
}

function othersOf(contents: readonly LogContent[]): string[] {
  const tags = [...new Set(contents.flatMap(({ others }) => [...others]))];
  if (tags.length === 0) return [];
  return [
    `${tags.length === 1 ? "1 tag is" : `${tags.length} tags are`} neither scalars nor images (histograms, texts, graphs) and not shown: ${listed(tags)}.`,
  ];
}

function damageOf(contents: readonly LogContent[]): string[] {
  const damaged = contents.reduce((sum, one) => sum + one.damaged, 0);
  if (damaged === 0) return [];
  return [
    `${damaged} damaged ${damaged === 1 ? "record was" : "records were"} left out.`,
  ];
}

/** The series with most steps becomes the gallery; the others are named in a warning. */
async function keepPictures(
  files: FileLayer,
  folder: string,
  contents: readonly LogContent[],
): Promise<string[]> {
  const places = contents.flatMap(({ pictures }) => pictures);
  if (places.length === 0) return [];
  const bySeries = groupBy(places, ({ series }) => series);
  const [[chosen, kept], ...others] = [...bySeries].sort(
    ([, a], [, b]) => stepCount(b) - stepCount(a),
  );
  const warnings = others.map(
    ([series]) =>
      `The gallery shows the images of "${chosen}"; those of "${series}" stay in the log.`,
  );
  await files.makeFolder(samplesFolder(folder));
  for (const [step, parts] of groupBy(kept, (place) => place.step)) {
    try {
      const encoded = await readPictures(parts, readBytes);
      const png = await joinPictures(encoded);
      await writeAtomically(files, sampleFile(folder, Math.max(0, step)), png);
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      warnings.push(`The image of step ${step} was left out: ${error.message}`);
    }
  }
  return warnings;
}

function stepCount(places: readonly PicturePlace[]): number {
  return new Set(places.map(({ step }) => step)).size;
}

async function readBytes({ file: path, start, length }: PicturePlace) {
  const file = await open(path, "r");
  try {
    const bytes = new Uint8Array(length);
    await file.read(bytes, 0, length, start);
    return bytes;
  } finally {
    await file.close();
  }
}

function groupBy<T, Key>(
  items: readonly T[],
  keyOf: (item: T) => Key,
): Map<Key, T[]> {
  const groups = new Map<Key, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
