/** A TensorBoard log: its event files are kept as they are, byte for byte, and its pictures become sample grids. */
import { open } from "node:fs/promises";
import { basename, join } from "node:path";
import { writeAtomically } from "../../disk/atomic";
import type { FileLayer } from "../../disk/file-layer";
import { newRunId, sampleFile, samplesFolder } from "../folder/layout";
import { MetricSeries } from "../curves/metric-series";
import { buildFolder } from "../folder/new-run";
import { writeRecord } from "../folder/record";
import { RunError } from "../run-error";
import { summarizeGroups } from "../recording/summary";
import { decodeEvent } from "../curves/tensorboard/messages";
import { readLog } from "../curves/tensorboard/read-log";
import { ScalarTable } from "../curves/tensorboard/scalar-table";
import { refuseBeyond } from "./limits";
import { joinPictures } from "./pictures";
import { importedRecord, progressOf } from "./table";

/** Gives the id of the new run. Rejects with a RunError where the log holds nothing that can be shown. */
export async function importTensorBoard(
  files: FileLayer,
  library: string,
  {
    path,
    folder: source,
    names,
  }: { path: string; folder: string; names: string[] },
): Promise<string> {
  const now = new Date();
  const id = newRunId(basename(path), now);
  await buildFolder(files, library, id, async (folder) => {
    const pictures: Place[] = [];
    const held = new ScalarTable();
    for (const name of names) {
      await files.copy(join(source, name), join(folder, name));
      pictures.push(...(await lookThrough(join(folder, name), held)));
    }
    const { groups, damaged } = await new MetricSeries(folder).read();
    const warnings = await keepPictures(files, folder, pictures);
    if (groups.length === 0 && pictures.length === 0)
      throw new RunError(
        `${path} holds neither scalars nor images, so there is nothing to show.`,
      );
    if (damaged > 0) warnings.push(`${damaged} damaged records were left out.`);
    await writeRecord(files, folder, {
      ...importedRecord(id, now, path, warnings),
      progress: progressOf(groups),
      summary: summarizeGroups(groups),
    });
  });
  return id;
}

/** Where a picture lies: the data of its record, and what it belongs to. */
interface Place {
  file: string;
  start: number;
  length: number;
  step: number;
  tag: string;
  /** The tag without the number that TensorFlow 1 gives each picture of a batch. */
  series: string;
}

/** Finds the pictures; counts the scalars too, so that a log beyond the limits is refused before it is kept. */
async function lookThrough(file: string, held: ScalarTable): Promise<Place[]> {
  const places: Place[] = [];
  const name = basename(file);
  await readLog(file, 0, (data, start) => {
    const rest = held.add(data);
    refuseBeyond(name, {
      metrics: held.tagCount,
      values: held.valueCount,
      pictures: places.length,
    });
    for (const { kind, tag } of rest?.values ?? [])
      if (rest && kind === "images") {
        const { step } = rest;
        const series = tag.replace(/\/(image\/)?\d+$/, "");
        const length = data.length;
        places.push({ file, start: start + 12, length, step, tag, series });
      }
  });
  return places;
}

/** The series with most steps becomes the gallery; the others are named in a warning. */
async function keepPictures(
  files: FileLayer,
  folder: string,
  places: readonly Place[],
): Promise<string[]> {
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
    const encoded = await readPictures(parts);
    try {
      const png = await joinPictures(encoded);
      await writeAtomically(files, sampleFile(folder, Math.max(0, step)), png);
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      warnings.push(`The image of step ${step} was left out: ${error.message}`);
    }
  }
  return warnings;
}

function stepCount(places: readonly Place[]): number {
  return new Set(places.map(({ step }) => step)).size;
}

/** The newest of each tag, because a log that was gone on with may hold a step twice. */
async function readPictures(places: readonly Place[]): Promise<Uint8Array[]> {
  const newest = new Map(places.map((place) => [place.tag, place]));
  const pictures: Uint8Array[] = [];
  for (const { file, start, length, tag } of newest.values()) {
    const event = decodeEvent(await readBytes(file, start, length));
    for (const value of event.values)
      if (value.kind === "images" && value.tag === tag)
        pictures.push(...value.images);
  }
  return pictures;
}

async function readBytes(
  path: string,
  start: number,
  length: number,
): Promise<Uint8Array> {
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
