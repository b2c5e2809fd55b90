/** What one event file holds, read whole: its scalars, where its pictures lie, and how much of it is neither. */
import type { MetricGroup } from "../../../shared/curves/metric-group";
import { decodeEvent } from "../curves/tensorboard/messages";
import { readLog } from "../curves/tensorboard/read-log";
import { ScalarTable } from "../curves/tensorboard/scalar-table";
import { refuseBeyond } from "./limits";
import type { LogFile } from "./log-files";

/** Where a picture lies: the data of its record, and what it belongs to. */
export interface PicturePlace {
  file: string;
  start: number;
  length: number;
  step: number;
  tag: string;
  /** The tag without the number that TensorFlow 1 gives each picture of a batch. */
  series: string;
}

export interface LogContent {
  file: LogFile;
  groups: MetricGroup[];
  pictures: PicturePlace[];
  /** Tags of histograms, texts, graphs and the like. */
  others: Set<string>;
  /** Places that hold no whole record, or one that cannot be. */
  damaged: number;
}

/** Steps of this size have no name for a grid of theirs. */
const largestGridStep = 999_999_999_999_999;

/** What several files hold together. */
export interface Held {
  metrics: number;
  values: number;
  pictures: number;
}

/** Adds to `held`; rejects with a RunError where that is beyond the limits. */
export async function readContent(
  file: LogFile,
  held: Held,
): Promise<LogContent> {
  const table = new ScalarTable();
  const pictures: PicturePlace[] = [];
  const others = new Set<string>();
  const { damaged } = await readLog(file.path, 0, (data, start) => {
    const rest = table.add(data);
    refuseBeyond(file.name, {
      metrics: held.metrics + table.tagCount,
      values: held.values + table.valueCount,
      pictures: held.pictures + pictures.length,
    });
    for (const { kind, tag } of rest?.values ?? [])
      if (kind === "images" && (rest?.step ?? 0) <= largestGridStep)
        pictures.push({
          file: file.path,
          start: start + 12,
          length: data.length,
          step: rest?.step ?? 0,
          tag,
          series: tag.replace(/\/(image\/)?\d+$/, ""),
        });
      else others.add(tag);
  });
  held.metrics += table.tagCount;
  held.values += table.valueCount;
  held.pictures += pictures.length;
  return { file, groups: table.groups(), pictures, others, damaged };
}

/** The encoded pictures of some places; the newest of each tag, because a log that was gone on with may hold a step twice. */
export async function readPictures(
  places: readonly PicturePlace[],
  readBytes: (place: PicturePlace) => Promise<Uint8Array>,
): Promise<Uint8Array[]> {
  const newest = new Map(places.map((place) => [place.tag, place]));
  const pictures: Uint8Array[] = [];
  for (const place of newest.values()) {
    const event = decodeEvent(await readBytes(place));
    for (const value of event.values)
      if (value.kind === "images" && value.tag === place.tag)
        pictures.push(...value.images);
  }
  return pictures;
}
