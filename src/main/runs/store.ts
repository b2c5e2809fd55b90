/** The library: every run in one folder, found, read, changed, deleted and brought back. */
import type { WeightChoice } from "../../shared/run";
import { existsSync } from "node:fs";
import { encodeMetrics } from "../../shared/contract/files";
import type { CheckpointNote, ImportLook } from "../../shared/contract/runs";
import type { MetricGroup } from "../../shared/curves/metric-group";
import type { Quality } from "../../shared/quality";
import type { Pruned, PrunedSet, PruneRule } from "../../shared/contract/room";
import type { Outcome } from "../../shared/doctor/trial";
import type { QueriedRun } from "../../shared/query/columns";
import { idOf, isActive, runIdSchema } from "../../shared/run";
import type { RunEdit, RunListing, RunRecord } from "../../shared/run";
import { exportBundle } from "./folder/bundle";
import type { SavedCheckpoint } from "./checkpoints/checkpoint-file";
import {
  checkpointSteps,
  readCheckpoint,
  readCheckpointFile,
} from "./checkpoints/checkpoints";
import { Curves } from "./curves/curves";
import { disk } from "../disk/file-layer";
import type { FileLayer } from "../disk/file-layer";
import { importRun, lookAtImport } from "./import";
import {
  cacheFolder,
  checkpointFile,
  runFolder,
  runsFolder,
  sampleFile,
  trashedFolder,
} from "./folder/layout";
import { Listings, listingOf } from "./listing";
import { finishPrunes } from "./folder/prune";
import { rowsAfter } from "./curves/metric-series";
import { foldersIn, noneWhereGone } from "../disk/names-in";
import { OwnRuns } from "./recording/own-runs";
import { readQualityGroup } from "./folder/qualities";
import { changeRecord, readRecord } from "./folder/record";
import { noteCheckpoints } from "./folder/resume-point";
import type { Changes } from "./changes";
import { Notes } from "./notes";
import { Removal } from "./removal";
import { RunError } from "./run-error";
import type {
  BundleOptions,
  ImportOptions,
  NewRun,
  ReopenOptions,
  ReopenedRun,
  RunChange,
  RunRecorder,
  RunStore,
} from "./run-store";
import { SharedReading } from "./shared-reading";
import { removeUnfinished } from "./folder/half-made";
import { telling } from "./recording/telling";
import { Watch } from "./watch";

export { RunError } from "./run-error";
export type * from "./run-store";

type TakeIn = (
  library: string,
  path: string,
  options: ImportOptions,
) => Promise<string>;

export interface StoreOptions {
  files?: FileLayer;
  /** False for who only looks: a library that is not there has no runs, and one that cannot be written will do. */
  make?: boolean;
  /** Takes a file in and gives the new run's id; in this thread unless this says otherwise. */
  takeIn?: TakeIn;
}

/** Opens a library, or makes it. Rejects with a RunError where the folder cannot be made. */
export async function createStore(
  library: string,
  {
    files = disk,
    make = true,
    takeIn = (into, path, options) => importRun(files, into, path, options),
  }: StoreOptions = {},
): Promise<RunStore> {
  if (make)
    await telling(`The library ${library} cannot be opened`, async () => {
      for (const folder of [runsFolder(library), cacheFolder(library)])
        await files.makeFolder(folder);
    });
  if (make)
    // What cannot be finished now is finished at the next start, and hurts nobody meanwhile.
    await finishPrunes(files, library).catch(() => undefined);
  // What a crash left behind takes room and nothing else; a library that cannot be written is still readable.
  await removeUnfinished(files, library).catch(() => undefined);
  return new Library(library, files, takeIn);
}

class Library implements RunStore {
  private readonly listings: Listings;
  private readonly removal: Removal;
  private readonly notes: Notes;
  private readonly own: OwnRuns;
  private readonly curves: Curves;
  /** A window asks for several tables at once, and each is made of all records. */
  private readonly allRecords = new SharedReading(async () => {
    const names = await this.runFolders();
    const runs = await this.listings.readAll(runIds(names), (id) =>
      this.record(id),
    );
    return newestFirst(runs);
  });
  private watching: Watch | null = null;
  private readonly listeners = new Set<(change: RunChange) => void>();

  constructor(
    private place: string,
    private readonly files: FileLayer,
    private readonly takeIn: TakeIn,
  ) {
    this.listings = new Listings(files);
    const warn = (run: string, text: string) =>
      this.emit({ type: "warning", run, text });
    this.curves = new Curves(files, this, warn);
    this.own = new OwnRuns({
      files,
      place: this,
      tellChanged: (id) => this.tellChanged(id),
      prepareCurves: (id) => this.curves.prepare(id, this.folder(id)),
      warn,
    });
    const changes: Changes = {
      make: (what, ids, work) => this.change(what, ids, work),
      tellChanged: (id) => this.tellChanged(id),
      tellRemoved: (id) => this.emit({ type: "removed", ids: [id] }),
    };
    this.removal = new Removal({
      files,
      place: this,
      changes,
      untilClosed: (id) => this.own.untilClosed(id),
      list: (names) =>
        this.listAll(names, (id) =>
          this.listings.read(id, trashedFolder(this.library, id)),
        ),
    });
    this.notes = new Notes({
      files,
      place: this,
      changes,
      recorder: (id) => this.own.recorder(id),
    });
  }

  get library(): string {
    return this.place;
  }

  async moveTo(library: string): Promise<void> {
    await this.watching?.stop();
    this.place = library;
    if (!this.watching) return;
    this.watching = null;
    this.watch();
  }

  list(): Promise<RunListing[]> {
    return telling(`The library ${this.library} cannot be read`, async () =>
      this.listAll(await this.runFolders(), (id) => this.get(id)),
    );
  }

  records(): Promise<readonly QueriedRun[]> {
    const seen = this.watching?.found;
    return telling(`The library ${this.library} cannot be read`, () =>
      seen ? this.recordsSeen(seen) : this.allRecords.ask(),
    );
  }

  /** Of a library that is watched: asking the disk about every run would take longer than all the rest of an answer. */
  private async recordsSeen(
    states: ReadonlyMap<string, string | null>,
  ): Promise<readonly QueriedRun[]> {
    const runs = await this.listings.readAll(
      [...states],
      ([id, state]): QueriedRun | Promise<QueriedRun> => {
        const record = this.own.recorder(id)?.record;
        if (record) return { kind: "run", record };
        return this.listings.recordSeen(id, this.folder(id), state);
      },
    );
    return newestFirst(runs);
  }

  recordsOf(ids: readonly string[]): Promise<Map<string, QueriedRun>> {
    return telling(`The library ${this.library} cannot be read`, async () => {
      const there = ids.filter((id) => existsSync(this.folder(id)));
      const runs = await this.listings.readAll(there, (id) => this.record(id));
      return new Map(there.map((id, index) => [id, runs[index]]));
    });
  }

  private record(id: string): QueriedRun | Promise<QueriedRun> {
    const record = this.own.recorder(id)?.record;
    if (record) return { kind: "run", record };
    return this.listings.readRecord(id, this.folder(id));
  }

  async get(id: string): Promise<RunListing> {
    const folder = this.folder(id);
    const recorder = this.own.recorder(id);
    if (recorder) return listingOf(folder, recorder.record);
    return this.listings.read(id, folder);
  }

  edit(id: string, edit: RunEdit): Promise<RunListing> {
    return this.change(`The run ${id} could not be changed`, [id], async () => {
      const recorder = this.own.recorder(id);
      const record = await changeRecord(
        this.files,
        this.folder(id),
        (onDisk) => ({ ...onDisk, ...edit }),
        recorder && ((lost) => recorder.remember(lost)),
      );
      recorder?.adopt(edit);
      return this.tellChanged(record.id);
    });
  }

  repair(id: string): Promise<RunListing> {
    return this.change(`The run ${id} cannot be repaired`, [id], async () => {
      const listing = await this.get(id);
      if (listing.kind === "damaged") await this.own.repair(listing);
      return this.tellChanged(id);
    });
  }

  create(run: NewRun): Promise<RunRecorder> {
    return telling("The new run could not be made", () => this.own.create(run));
  }

  reopen(id: string, options: ReopenOptions = {}): Promise<ReopenedRun> {
    return telling(`The run ${id} cannot be resumed`, () =>
      this.own.reopen(id, options),
    );
  }

  remove(ids: readonly string[]): Promise<void> {
    return this.removal.remove(ids);
  }

  restore(ids: readonly string[]): Promise<void> {
    return this.removal.restore(ids);
  }

  trashed(): Promise<RunListing[]> {
    return this.removal.trashed();
  }

  emptyTrash(): Promise<number> {
    return this.removal.emptyTrash();
  }

  discard(ids: readonly string[]): Promise<void> {
    return this.removal.discard(ids);
  }

  prune(
    ids: readonly string[],
    rule: PruneRule,
    dry: boolean,
  ): Promise<Pruned> {
    return this.removal.prune(ids, rule, dry);
  }

  restorePruned(token: string): Promise<RunListing[]> {
    return this.removal.restorePruned(token);
  }

  pruned(): Promise<PrunedSet[]> {
    return this.removal.pruned();
  }

  async series(id: string, afterStep: number): Promise<readonly MetricGroup[]> {
    const live = await this.own.recorder(id)?.rowsAfter(afterStep);
    if (live) return live;
    return telling(`The curves of ${id} cannot be read`, async () => {
      const folder = this.folder(id);
      const { groups } = await this.curves.read(id, folder);
      const measured = await readQualityGroup(folder);
      return rowsAfter(measured ? [...groups, measured] : groups, afterStep);
    });
  }

  async metrics(
    id: string,
    afterStep: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return encodeMetrics(await this.series(id, afterStep));
  }

  samplePath(id: string, step: number, weights?: WeightChoice): string {
    return sampleFile(this.folder(id), step, weights);
  }

  folder(id: string): string {
    return runFolder(this.library, id);
  }

  readCheckpoint(id: string, step: number | "last"): Promise<SavedCheckpoint> {
    return telling(`A checkpoint of ${id} cannot be read`, async () => {
      const folder = this.folder(id);
      const chosen = step === "last" ? checkpointSteps(folder).at(-1) : step;
      if (chosen === undefined)
        throw new RunError(`The run ${id} has no checkpoint yet.`);
      return readCheckpoint(folder, chosen);
    });
  }

  keepCheckpoint(id: string, step: number, path: string): Promise<void> {
    return telling(`The checkpoint of ${id} cannot be kept`, async () => {
      await this.files.remove(path);
      await this.files.copy(checkpointFile(this.folder(id), step), path);
    });
  }

  readKeptCheckpoint(path: string, step: number): Promise<SavedCheckpoint> {
    return telling("The checkpoint that was kept cannot be read", () =>
      readCheckpointFile(path, step),
    );
  }

  checkpoints(id: string): Promise<CheckpointNote[]> {
    return telling(`The checkpoints of ${id} cannot be read`, () => {
      const folder = this.folder(id);
      return noteCheckpoints(folder, readRecord(folder));
    });
  }

  qualities(id: string, weights?: WeightChoice): Promise<Quality[]> {
    return this.notes.qualities(id, weights);
  }

  noteQuality(quality: Quality): Promise<void> {
    return this.notes.noteQuality(quality);
  }

  noteVerdict(id: string, verdict: RunRecord["verdict"]): Promise<void> {
    return this.notes.noteVerdict(id, verdict);
  }

  noteOutcome(id: string, outcome: Outcome): Promise<void> {
    return this.notes.noteOutcome(id, outcome);
  }

  importFile(path: string, options: ImportOptions = {}): Promise<RunListing> {
    return telling(`${path} could not be imported`, async () => {
      const id = await this.takeIn(this.library, path, options);
      return this.tellChanged(id);
    });
  }

  lookAtImport(
    path: string,
    options: ImportOptions = {},
  ): Promise<ImportLook | null> {
    return telling(`${path} could not be read`, () =>
      lookAtImport(path, options),
    );
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

  watch(): void {
    this.watching ??= new Watch({
      folder: (id) => this.folder(id),
      ids: async () => runIds(await foldersIn(runsFolder(this.library))),
      isOwn: (id) => this.own.recorder(id) !== undefined,
      isAtRest: (id, state) => this.listings.isAtRest(id, state),
      read: (id) => this.get(id),
      series: (id, afterStep) => this.series(id, afterStep),
      tell: (change) => this.tell(change),
    });
  }

  async close(): Promise<void> {
    await this.watching?.stop();
    await this.own.close();
  }

  /** Other files may lie there, as a system leaves them in any folder. */
  private runFolders(): Promise<string[]> {
    return foldersIn(runsFolder(this.library)).catch(noneWhereGone);
  }

  private async listAll(
    names: readonly string[],
    read: (id: string) => Promise<RunListing>,
  ): Promise<RunListing[]> {
    const listings = await this.listings.readAll(runIds(names), read);
    return newestFirst(listings);
  }

  /** Of a change of ours everyone is told once, not a second time by whoever watches. */
  private change<T>(
    what: string,
    ids: readonly string[],
    work: () => Promise<T>,
  ): Promise<T> {
    const { watching } = this;
    return telling(what, async () => {
      const valid = runIds(ids);
      watching?.expect(valid);
      try {
        return await work();
      } finally {
        watching?.told(valid);
      }
    });
  }

  private async tellChanged(id: string): Promise<RunListing> {
    const listing = await this.get(id);
    // A folder that was deleted under its run leaves nothing to show.
    const isGone = !this.own.recorder(id) && !existsSync(this.folder(id));
    this.emit(
      isGone ? { type: "removed", ids: [id] } : { type: "changed", listing },
    );
    return listing;
  }

  /** What this process did itself, or warns of. */
  private emit(change: RunChange): void {
    if (change.type === "changed") this.watching?.told([idOf(change.listing)]);
    if (change.type === "removed") this.watching?.told(change.ids);
    this.tell(change);
  }

  private tell(change: RunChange): void {
    for (const listener of this.listeners) listener(change);
  }
}

function runIds(names: readonly string[]): string[] {
  return names.filter((name) => runIdSchema.safeParse(name).success);
}

/** Runs under way first, then by the time at which they were made. */
function newestFirst<T extends QueriedRun>(runs: readonly T[]): T[] {
  return runs
    .map((run) => ({ run, key: sortKey(run) }))
    .sort((a, b) => (a.key < b.key ? 1 : a.key > b.key ? -1 : 0))
    .map(({ run }) => run);
}

function sortKey(listing: QueriedRun): string {
  if (listing.kind === "damaged") return `0 ${listing.id}`;
  const { state, createdAt, id } = listing.record;
  return `${isActive(state) ? 2 : 1} ${createdAt} ${id}`;
}
