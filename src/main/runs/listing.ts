/**
 * Runs as a list shows them. Records are read again only where the file changed; a run that calls itself under way
 * although its process is gone is marked as interrupted, with the progress that its event file proves.
 * Small files are read without a promise each: for a thousand runs that takes a third of the time.
 */
import { statSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { errorCode } from "../../shared/errors";
import type { QueriedRun } from "../../shared/query/columns";
import { isActive } from "../../shared/run";
import type { RunListing, RunRecord } from "../../shared/run";
import { checkpointSteps, stepsIn } from "./checkpoints/checkpoints";
import type { FileLayer } from "../disk/file-layer";
import { lockFile, recordFile, samplesFolder } from "./folder/layout";
import { acquireLock, lockHolder } from "../disk/lock";
import { MetricSeries } from "./curves/metric-series";
import { changeRecord, readRecord } from "./folder/record";
import { isRepairable } from "./folder/repair";
import { DamagedRecordError, RunError } from "./run-error";
import { summarizeGroups } from "./recording/summary";

type ReadableRun = Extract<QueriedRun, { kind: "run" }>;

export class Listings {
  private readonly known = new Map<
    string,
    { changed: string; run: ReadableRun }
  >();

  /** By folder. */
  private readonly marking = new Map<string, Promise<RunRecord>>();

  constructor(private readonly files: FileLayer) {}

  /** Many folders, some at a time; lets others work in between. */
  async readAll<Of, T>(
    ids: readonly Of[],
    read: (id: Of) => T | Promise<T>,
  ): Promise<T[]> {
    const listings: T[] = [];
    let began = performance.now();
    for (let first = 0; first < ids.length; first += runsAtOnce) {
      const some = ids.slice(first, first + runsAtOnce);
      listings.push(...(await Promise.all(some.map(read))));
      if (performance.now() - began < longestTurnMs) continue;
      await setImmediate();
      began = performance.now();
    }
    return listings;
  }

  /** One folder; never rejects for what is wrong with it. */
  async read(id: string, folder: string): Promise<RunListing> {
    return this.orDamaged(id, folder, async () =>
      listingOf(folder, await this.record(id, folder)),
    );
  }

  /**
   * The same without its grids and checkpoints, which take longer to find than the record; without a promise for one
   * that is at rest and as it was.
   */
  readRecord(id: string, folder: string): QueriedRun | Promise<QueriedRun> {
    const run = this.unchanged(id, folder);
    if (run && !isActive(run.record.state)) return run;
    return this.orDamaged(id, folder, async () => ({
      kind: "run",
      record: await this.record(id, folder),
    }));
  }

  /** The same of a run whose record was seen in that state a moment ago: the disk is asked only where another is known. */
  recordSeen(
    id: string,
    folder: string,
    state: string | null,
  ): QueriedRun | Promise<QueriedRun> {
    const known = this.known.get(id);
    return known?.changed === state ? known.run : this.readRecord(id, folder);
  }

  /** Whether a record in that state is known to be of a run that nobody trains. */
  isAtRest(id: string, state: string | null): boolean {
    const known = this.known.get(id);
    return known?.changed === state && !isActive(known.run.record.state);
  }

  private async orDamaged<T>(
    id: string,
    folder: string,
    read: () => Promise<T>,
  ): Promise<T | Extract<RunListing, { kind: "damaged" }>> {
    try {
      return await read();
    } catch (error) {
      const reason =
        error instanceof RunError
          ? error.message
          : `Its folder cannot be read (${errorCode(error) ?? String(error)}).`;
      const repairable =
        error instanceof DamagedRecordError && isRepairable(folder);
      return { kind: "damaged", id, reason, repairable };
    }
  }

  private unchanged(id: string, folder: string): ReadableRun | null {
    const known = this.known.get(id);
    if (!known) return null;
    try {
      return changeOf(recordFile(folder)) === known.changed ? known.run : null;
    } catch {
      // Whoever reads it is told.
      return null;
    }
  }

  private async record(id: string, folder: string): Promise<RunRecord> {
    const record = this.recordOnDisk(id, folder);
    if (!isActive(record.state)) return record;
    const isHeld = (await lockHolder(lockFile(folder))) !== null;
    // Marking holds the lock as well: whoever asks meanwhile gets its answer, not the record of before.
    const marking = this.marking.get(folder);
    if (marking) return marking;
    if (isHeld) return record;
    const marked = this.markInterrupted(folder, record).finally(() =>
      this.marking.delete(folder),
    );
    this.marking.set(folder, marked);
    const interrupted = await marked;
    // Whoever saw the record as it was before reads it again.
    this.known.delete(id);
    return interrupted;
  }

  private recordOnDisk(id: string, folder: string): RunRecord {
    const changed = changeOf(recordFile(folder));
    const known = this.known.get(id);
    if (known && known.changed === changed) return known.run.record;
    const record = readRecord(folder);
    if (changed !== null)
      this.known.set(id, { changed, run: { kind: "run", record } });
    return record;
  }

  private async markInterrupted(
    folder: string,
    record: RunRecord,
  ): Promise<RunRecord> {
    const interrupted = await interruptedRecord(folder, record);
    try {
      const lock = await acquireLock(this.files, lockFile(folder));
      if (!lock) return record;
      try {
        return await changeRecord(this.files, folder, (onDisk) =>
          isActive(onDisk.state)
            ? { ...onDisk, ...trainerFields(interrupted) }
            : onDisk,
        );
      } finally {
        await lock.release();
      }
    } catch (error) {
      // A library that cannot be written can still be looked at.
      if (errorCode(error) === null) throw error;
      return interrupted;
    }
  }
}

/** The listing of a folder whose record is known: reads which grids and checkpoints are there. */
export function listingOf(folder: string, record: RunRecord): RunListing {
  return {
    kind: "run",
    record,
    samples: stepsIn(samplesFolder(folder), "png"),
    checkpoints: checkpointSteps(folder),
  };
}

/** Those of which something must be waited for, as a lock, are waited for together. */
const runsAtOnce = 50;
const longestTurnMs = 5;

async function interruptedRecord(
  folder: string,
  record: RunRecord,
): Promise<RunRecord> {
  const { groups } = await new MetricSeries(folder).read();
  const step = Math.max(0, ...groups.map(({ steps }) => steps.at(-1) ?? 0));
  return {
    ...record,
    state: "interrupted",
    reason: `The program ended at step ${step} while this run trained.`,
    progress: { ...record.progress, step },
    summary: summarizeGroups(groups),
  };
}

function trainerFields({
  state,
  reason,
  progress,
  summary,
}: RunRecord): Pick<RunRecord, "state" | "reason" | "progress" | "summary"> {
  return { state, reason, progress, summary };
}

/** Tells one content of a file from another; null where there is none. */
export function changeOf(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  // Reading a pipe would wait for ever.
  if (stats && !stats.isFile())
    throw new RunError("Its run.json is not a file.");
  return stats ? `${stats.ino} ${stats.size} ${stats.mtimeMs}` : null;
}
