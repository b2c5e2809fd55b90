/** The library: every run in one folder, found, read, changed, deleted and brought back. */
import { hostname } from "node:os";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { encodeMetrics } from "../../shared/contract/files";
import type { MetricGroup } from "../../shared/contract/files";
import { isActive, runIdSchema } from "../../shared/run";
import type { RunEdit, RunListing } from "../../shared/run";
import type { TrainingSettings } from "../../shared/settings";
import type { Checkpoint } from "../trainer/events";
import { exportBundle } from "./bundle";
import { checkpointSteps, readCheckpoint, readMarks } from "./checkpoints";
import { Curves } from "./curves";
import { disk } from "./file-layer";
import type { FileLayer } from "./file-layer";
import { importRun } from "./import";
import {
  cacheFolder,
  eventFileName,
  lockFile,
  runFolder,
  runsFolder,
  sampleFile,
  trashedFolder,
} from "./layout";
import { Listings, listingOf } from "./listing";
import { acquireLock, lockHolder } from "./lock";
import type { Lock } from "./lock";
import { rowsAfter } from "./metric-series";
import { makeRunFolder, newRecord } from "./new-run";
import { changeRecord, readRecord } from "./record";
import { Recorder } from "./recorder";
import type { RecorderParts } from "./recorder";
import { cutBack, newestCheckpoint, newestLog } from "./reopen";
import { RunError } from "./run-store";
import type {
  BundleOptions,
  NewRun,
  RecordingTrouble,
  ReopenOptions,
  ReopenedRun,
  RunChange,
  RunRecorder,
  RunStore,
} from "./run-store";
import { StepWriter } from "./step-writer";
import { removeUnfinished } from "./sweep";
import { telling } from "./telling";
import { Trash } from "./trash";

export { RunError } from "./run-store";
export type * from "./run-store";

/** Opens a library, or makes it. Rejects with a RunError where the folder cannot be made. */
export async function createStore(
  library: string,
  files: FileLayer = disk,
): Promise<RunStore> {
  await telling(`The library ${library} cannot be opened`, async () => {
    for (const folder of [runsFolder(library), cacheFolder(library)])
      await files.makeFolder(folder);
  });
  // What a crash left behind takes room and nothing else; a library that cannot be written is still readable.
  await removeUnfinished(files, library).catch(() => undefined);
  return new Library(library, files);
}

class Library implements RunStore {
  private readonly listings: Listings;
  private readonly trash: Trash;
  private readonly recorders = new Map<string, Recorder>();
  private readonly curves: Curves;
  private readonly listeners = new Set<(change: RunChange) => void>();

  constructor(
    readonly library: string,
    private readonly files: FileLayer,
  ) {
    this.listings = new Listings(files);
    this.trash = new Trash(files, library);
    this.curves = new Curves(files, library, (run, text) =>
      this.emit({ type: "warning", run, text }),
    );
  }

  list(): Promise<RunListing[]> {
    return telling(`The library ${this.library} cannot be read`, async () =>
      this.listAll(await readdir(runsFolder(this.library)), (id) =>
        this.get(id),
      ),
    );
  }

  async get(id: string): Promise<RunListing> {
    const folder = this.folder(id);
    const recorder = this.recorders.get(id);
    if (recorder) return listingOf(folder, recorder.record);
    return this.listings.read(id, folder);
  }

  edit(id: string, edit: RunEdit): Promise<RunListing> {
    return telling(`The run ${id} could not be changed`, async () => {
      const record = await changeRecord(
        this.files,
        this.folder(id),
        (onDisk) => ({ ...onDisk, ...edit }),
      );
      this.recorders.get(id)?.adopt(edit);
      return this.tellChanged(record.id);
    });
  }

  create(run: NewRun): Promise<RunRecorder> {
    return telling("The new run could not be made", async () => {
      const { parent } = run;
      const start =
        run.start ??
        (parent && (await this.readCheckpoint(parent.run, parent.step)));
      const record = newRecord(run, new Date());
      const { folder, lock } = await makeRunFolder(
        this.files,
        this.library,
        record,
        start,
      );
      return this.open({
        folder,
        lock,
        record,
        settings: run.settings,
        onTrouble: run.onTrouble,
      });
    });
  }

  reopen(id: string, options: ReopenOptions = {}): Promise<ReopenedRun> {
    return telling(`The run ${id} cannot go on`, async () => {
      const folder = this.folder(id);
      const lock = await this.lockRun(id);
      try {
        const record = readRecord(folder);
        const settings = options.settings ?? record.settings;
        if (!settings)
          throw new RunError(
            `The run ${id} was imported from another program, so it cannot be trained on.`,
          );
        const { checkpoint, warnings } = await newestCheckpoint(folder);
        const { step, seconds } = checkpoint?.position ?? {
          step: 0,
          seconds: 0,
        };
        const before = await cutBack(
          this.files,
          folder,
          { ...record, settings },
          step,
          seconds,
        );
        await changeRecord(this.files, folder, () => before);
        for (const text of warnings)
          this.emit({ type: "warning", run: id, text });
        const { onTrouble } = options;
        const parts = { folder, lock, record: before, settings, onTrouble };
        return { recorder: await this.open(parts), checkpoint };
      } catch (error) {
        await lock.release();
        throw error;
      }
    });
  }

  remove(ids: readonly string[]): Promise<void> {
    return telling("The runs could not be deleted", async () => {
      for (const id of ids)
        if (await lockHolder(lockFile(this.folder(id))))
          throw new RunError(`The run ${id} is training; stop it first.`);
      for (const id of ids) {
        await this.trash.put(id);
        this.emit({ type: "removed", ids: [id] });
      }
    });
  }

  restore(ids: readonly string[]): Promise<void> {
    return telling("The runs could not be brought back", async () => {
      for (const id of ids) {
        await this.trash.take(id);
        await this.tellChanged(id);
      }
    });
  }

  trashed(): Promise<RunListing[]> {
    return telling("The trash could not be read", async () =>
      this.listAll(await this.trash.names(), (id) =>
        this.listings.read(id, trashedFolder(this.library, id)),
      ),
    );
  }

  emptyTrash(): Promise<number> {
    return telling("The trash could not be emptied", () => this.trash.empty());
  }

  async series(id: string, afterStep: number): Promise<readonly MetricGroup[]> {
    const live = await this.recorders.get(id)?.rowsAfter(afterStep);
    if (live) return live;
    const reading = await telling(`The curves of ${id} cannot be read`, () =>
      this.curves.read(id, this.folder(id)),
    );
    return rowsAfter(reading.groups, afterStep);
  }

  async metrics(
    id: string,
    afterStep: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return encodeMetrics(await this.series(id, afterStep));
  }

  samplePath(id: string, step: number): string {
    return sampleFile(this.folder(id), step);
  }

  folder(id: string): string {
    return runFolder(this.library, id);
  }

  readCheckpoint(id: string, step: number | "last"): Promise<Checkpoint> {
    return telling(`A checkpoint of ${id} cannot be read`, async () => {
      const folder = this.folder(id);
      const chosen = step === "last" ? checkpointSteps(folder).at(-1) : step;
      if (chosen === undefined)
        throw new RunError(`The run ${id} has no checkpoint yet.`);
      return readCheckpoint(folder, chosen);
    });
  }

  importFile(path: string): Promise<RunListing> {
    return telling(`${path} could not be imported`, async () => {
      const id = await importRun(this.files, this.library, path);
      return this.tellChanged(id);
    });
  }

  exportBundle(
    id: string,
    target: string,
    options: BundleOptions = {},
  ): Promise<void> {
    return telling(`The run ${id} could not be exported`, () =>
      exportBundle(this.files, this.folder(id), target, options),
    );
  }

  onChange(listener: (change: RunChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    const recorders = [...this.recorders.values()];
    await Promise.all(recorders.map((recorder) => recorder.close()));
  }

  private async listAll(
    names: readonly string[],
    read: (id: string) => Promise<RunListing>,
  ): Promise<RunListing[]> {
    const ids = names.filter((name) => runIdSchema.safeParse(name).success);
    const listings = await this.listings.readAll(ids, read);
    return listings.sort(newestFirst);
  }

  private async lockRun(id: string): Promise<Lock> {
    const path = lockFile(this.folder(id));
    const lock = await acquireLock(this.files, path);
    if (lock) return lock;
    const holder = await lockHolder(path);
    const who =
      holder === null || holder === "unknown"
        ? "another process"
        : `process ${holder.pid} on ${holder.host}`;
    throw new RunError(`The run ${id} is being trained by ${who}.`);
  }

  private async open(run: {
    folder: string;
    lock: Lock;
    record: RecorderParts["record"];
    settings: TrainingSettings;
    onTrouble: ((trouble: RecordingTrouble) => void) | undefined;
  }): Promise<Recorder> {
    const { folder, record } = run;
    const { id } = record;
    try {
      const log =
        (await newestLog(folder)) ??
        join(folder, eventFileName(new Date(), hostname()));
      const recorder = new Recorder({
        ...run,
        files: this.files,
        steps: await StepWriter.open(this.files, log),
        marks: await readMarks(folder),
        onTrouble: (trouble) => run.onTrouble?.(trouble),
        onChange: () => void this.tellChanged(id).catch(() => undefined),
        onClosed: () => this.recorders.delete(id),
      });
      this.recorders.set(id, recorder);
      await this.tellChanged(id);
      return recorder;
    } catch (error) {
      await run.lock.release();
      throw error;
    }
  }

  private async tellChanged(id: string): Promise<RunListing> {
    const listing = await this.get(id);
    this.emit({ type: "changed", listing });
    return listing;
  }

  private emit(change: RunChange): void {
    for (const listener of this.listeners) listener(change);
  }
}

/** Runs under way first, then by the time at which they were made. */
function newestFirst(a: RunListing, b: RunListing): number {
  return sortKey(b).localeCompare(sortKey(a));
}

function sortKey(listing: RunListing): string {
  if (listing.kind === "damaged") return `0 ${listing.id}`;
  const { state, createdAt, id } = listing.record;
  return `${isActive(state) ? 2 : 1} ${createdAt} ${id}`;
}
