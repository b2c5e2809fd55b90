/**
 * The scalars of a run folder: its event files, read once and then only where they grew. A finished run's are kept in
 * the library's cache as well; that file may vanish or be stale at any time, and is then made again.
 */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { decodeMetrics, encodeMetrics } from "../../../shared/contract/files";
import type { MetricGroup } from "../../../shared/curves/metric-group";
import { rowsOfColumn } from "../../../shared/curves/column";
import { errorCode } from "../../../shared/errors";
import { writeAtomically } from "../../disk/atomic";
import type { FileLayer } from "../../disk/file-layer";
import { isEventFile } from "../folder/layout";
import { decodeEvent } from "./tensorboard/messages";
import { readLog } from "./tensorboard/read-log";
import { ScalarTable } from "./tensorboard/scalar-table";
import { readPlain } from "../../disk/plain-file";

export interface SeriesReading {
  groups: MetricGroup[];
  /** Places in the files that held no whole record. */
  damaged: number;
}

/** One run folder's series, kept up to date by `read`. */
export class MetricSeries {
  private table = new ScalarTable();
  private files: { name: string; offset: number }[] = [];
  private damaged = 0;
  private reading: SeriesReading | null = null;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly folder: string) {}

  /** Rejects where the folder or a file in it cannot be read. Several calls at once take turns. */
  read(): Promise<SeriesReading> {
    const mine = this.turn.then(() => this.readOn());
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private async readOn(): Promise<SeriesReading> {
    const present = await eventFiles(this.folder);
    if (!this.isContinuedBy(present)) this.reset();
    for (const { name, size } of present) {
      const known = this.files.find((file) => file.name === name);
      if (known && known.offset >= size) continue;
      const file = known ?? { name, offset: 0 };
      if (!known) this.files.push(file);
      await this.readFile(file, !known && this.files.length > 1);
    }
    this.reading ??= { groups: this.table.groups(), damaged: this.damaged };
    return this.reading;
  }

  private async readFile(
    file: { name: string; offset: number },
    isRestart: boolean,
  ): Promise<void> {
    const restart = isRestart ? new RestartedTable(this.table) : this.table;
    const { offset, damaged } = await readLog(
      join(this.folder, file.name),
      file.offset,
      (data) => {
        restart.add(data);
      },
    );
    if (offset > file.offset) this.reading = null;
    file.offset = offset;
    this.damaged += damaged;
  }

  /** Whether the files that were read are still there, none shorter than before. */
  private isContinuedBy(present: readonly EventFileState[]): boolean {
    return this.files.every(({ name, offset }, index) => {
      const file = present.at(index);
      return file?.name === name && file.size >= offset;
    });
  }

  private reset(): void {
    this.table = new ScalarTable();
    this.files = [];
    this.damaged = 0;
    this.reading = null;
  }
}

/**
 * The series of a run that nobody is writing, from the cache where that is up to date. Without `cache`, or where the
 * cache cannot be written, the event files are read.
 */
export async function readSeries(
  folder: string,
  cache: { files: FileLayer; path: string } | null,
): Promise<SeriesReading> {
  const present = await eventFiles(folder);
  const worthwhile =
    present.reduce((sum, file) => sum + file.size, 0) > cacheFromBytes;
  if (!cache || !worthwhile) return new MetricSeries(folder).read();
  const cached = await readCache(cache.path, present);
  if (cached) return cached;
  const reading = await new MetricSeries(folder).read();
  // A cache that cannot be written costs time at the next opening and nothing else.
  await writeCache(cache.files, cache.path, present, reading).catch(
    () => undefined,
  );
  return reading;
}

/** The rows after a step, of each group; all of them for 0, because other programs count from there. */
export function rowsAfter(
  groups: readonly MetricGroup[],
  step: number,
): MetricGroup[] {
  if (step <= 0) return [...groups];
  return groups.map(({ tags, steps, times, values }) => {
    const keep: number[] = [];
    steps.forEach((value, row) => {
      if (value > step) keep.push(row);
    });
    return {
      tags,
      steps: Float64Array.from(keep, (row) => steps[row]),
      times: Float64Array.from(keep, (row) => times[row]),
      values: values.map((column) => rowsOfColumn(column, keep)),
    };
  });
}

/** Smaller files are read faster than their cache would be checked. */
const cacheFromBytes = 1 << 20;
const cacheVersion = 1;

interface EventFileState {
  name: string;
  size: number;
  modified: number;
}

/** In the order of their names, which begin with the time at which they were made. */
async function eventFiles(folder: string): Promise<EventFileState[]> {
  const names = (await readdir(folder)).filter(isEventFile).sort();
  const states = await Promise.all(
    names.map(async (name) => {
      try {
        const { size, mtimeMs } = await stat(join(folder, name));
        return [{ name, size, modified: mtimeMs }];
      } catch (error) {
        if (errorCode(error) === "ENOENT") return [];
        throw error;
      }
    }),
  );
  return states.flat();
}

/**
 * TensorBoard's rule for a log that was gone on with in a second file: what the first holds from there on is void.
 */
class RestartedTable {
  private readonly seen = new Set<string>();

  constructor(private readonly table: ScalarTable) {}

  add(data: Uint8Array): void {
    const { step, values } = decodeEvent(data);
    for (const { kind, tag } of values) {
      if (kind !== "scalar" || this.seen.has(tag)) continue;
      this.seen.add(tag);
      this.table.dropFrom(tag, step);
    }
    this.table.add(data);
  }
}

const cacheHeader = z.object({
  version: z.literal(cacheVersion),
  files: z.array(
    z.object({ name: z.string(), size: z.number(), modified: z.number() }),
  ),
  damaged: z.int(),
});

/** A line of JSON, padded with blanks to a multiple of 8 bytes, then the groups as `encodeMetrics` writes them. */
async function writeCache(
  files: FileLayer,
  path: string,
  present: EventFileState[],
  { groups, damaged }: SeriesReading,
): Promise<void> {
  const header = { version: cacheVersion, files: present, damaged };
  const line = new TextEncoder().encode(JSON.stringify(header));
  const start = Math.ceil((line.length + 1) / 8) * 8;
  const metrics = encodeMetrics(groups);
  const bytes = new Uint8Array(start + metrics.length).fill(0x20, 0, start);
  bytes.set(line);
  bytes[start - 1] = 0x0a;
  bytes.set(metrics, start);
  await writeAtomically(files, path, bytes);
}

async function readCache(
  path: string,
  present: readonly EventFileState[],
): Promise<SeriesReading | null> {
  try {
    const bytes = await readPlain(path);
    const start = bytes.indexOf(0x0a) + 1;
    const header = cacheHeader.parse(
      JSON.parse(bytes.toString("utf8", 0, start)),
    );
    if (JSON.stringify(header.files) !== JSON.stringify(present)) return null;
    const body = new Uint8Array(bytes.length - start);
    body.set(bytes.subarray(start));
    return { groups: decodeMetrics(body.buffer), damaged: header.damaged };
  } catch {
    // Absent, from another version or damaged: all the same, it is made again.
    return null;
  }
}
