/**
 * The application without a window: implements the contract over the library, the trainer and the data sets, and tells
 * every connected window what happens. Knows nothing of Electron, HTTP or WebSockets.
 */
import { join, resolve } from "node:path";
import { contract } from "../../shared/contract/index";
import type { AppContract, AppEvent } from "../../shared/contract/index";
import { exportRequestSchema } from "../../shared/contract/exports";
import type { ExportRequest } from "../../shared/contract/exports";
import type { RunListing } from "../../shared/run";
import { serve } from "../../shared/rpc";
import type { Channel, Handlers } from "../../shared/rpc";
import { disk } from "../disk/file-layer";
import type { FileLayer } from "../disk/file-layer";
import { readJournal } from "../disk/move/journal";
import { Engines } from "../engines/engines";
import { forkNode } from "../engines/fork";
import { Exchange } from "../exchange/exchange";
import { createStore } from "../runs/store";
import { QueueFile } from "../sweep/queue-file";
import { Slurm } from "../sweep/cluster/slurm";
import { SweepFolder } from "../sweep/sweep-folder";
import { TrainerThread } from "../trainer/spawn";
import { QualityThread } from "../quality/quality";
import { createThread } from "../thread";
import { createStudio } from "../studio/studio";
import type { Trainer } from "../trainer/spawn";
import { createAppCalls } from "./app-calls";
import { createComparisonCalls } from "./comparisons";
import { crashNotice } from "./crash-notice";
import { createDataArea } from "./data";
import { createDoctorCalls } from "./doctor";
import { EarlyStops } from "./early-stops";
import { createEvents } from "./events";
import { createExportsArea } from "./exports";
import type { ExportsArea } from "./exports";
import { createExploreArea } from "./explore";
import { createFiles } from "./files";
import { Gate } from "./gate";
import { createImageCounts } from "./image-counts";
import type { Host } from "./host";
import { LibraryMoveArea } from "./library-move";
import { findInterrupted } from "./interrupted";
import { createMicroscopeCalls } from "./microscope";
import { createPictures } from "./pictures";
import { createQualityArea } from "./quality";
import type { PreferenceStore } from "./preferences";
import { QueueArea } from "./queue";
import { createRoomCalls } from "./room";
import { createRunsArea } from "./runs";
import type { Shell } from "./shell";
import { SweepPlans } from "./sweep-plans";
import { SweepResults } from "./sweep-results";
import { SweepsArea } from "./sweeps";
import { createTournamentCalls } from "./tournament";
import { Trainers } from "./trainers";
import { TrainingArea } from "./training";
import { createUploads } from "./uploads";

export interface ApplicationOptions {
  library: string;
  /** Whether whoever starts the program named it; otherwise a preference may, and moving it changes that. */
  isLibraryNamed?: boolean;
  /** Whether the library is made where it is not there; it is unless this says otherwise. */
  makeLibrary?: boolean;
  /** Downloads, decoded caches and uploads. */
  dataFolder: string;
  shell: Shell;
  preferences: PreferenceStore;
  version: string;
  /** Whether training leaves the cores to windows on this machine. */
  hasWindows: boolean;
  /** Whether it starts what waits in the queue though it has no windows. */
  worksOnQueue?: boolean;
  /** For tests that make one of them fail; otherwise the real ones. */
  trainer?: Trainer;
  files?: FileLayer;
  /** Of the time of a training, the most that judging its checkpoints may take; a twentieth unless it is said. */
  judgingShare?: number;
  /** How long a run of a sweep waits for its folder, in milliseconds; half a minute unless it is said. */
  patienceForFolder?: number;
}

export interface Application {
  readonly handlers: Handlers<AppContract>;
  /** Answers a window's calls and tells it every event, until the channel closes. */
  attach(channel: Channel): void;
  /** Everything below `/files/`. */
  respond(request: Request): Promise<Response>;
  emit(event: AppEvent): void;
  /** Gives the function that stops listening. */
  onEvent(listener: (event: AppEvent) => void): () => void;
  /** Makes an export at a path. */
  saveExport: ExportsArea["save"];
  /** Every run, newest first: for the command line, which prints them; a window asks by the page. */
  listRuns(): Promise<RunListing[]>;
  /** The run under way here that began first, or null. */
  trainingRun(): string | null;
  /** Whether a run is under way here: its folder is not closed yet. */
  isTraining(run: string): boolean;
  /** To start entries one by one, and to give them to other machines. */
  readonly sweeps: Omit<SweepsArea, "calls">;
  /** To work on it, and to see whether something is left. */
  readonly queue: Pick<QueueArea, "begin" | "isIdle">;
  /** Before this program ends: what is under way stops properly and stays in the queue if it is of it. The last checkpoints are on disk when this resolves. */
  stopTraining(): Promise<void>;
  /** Ends everything; the run under way becomes interrupted at its last checkpoint. */
  close(): Promise<void>;
}

/** Rejects with one sentence where the library cannot be used. */
export async function createApplication(
  options: ApplicationOptions,
): Promise<Application> {
  const { dataFolder, preferences, shell, version } = options;
  const exchange = new Exchange();
  refuseHalfCopied(options.library);
  const store = await createStore(options.library, {
    files: options.files,
    make: options.makeLibrary,
    // A test's disk lies in this thread.
    takeIn: options.files
      ? undefined
      : (library, path, { stepColumn = null }) =>
          exchange.import({ library, path, stepColumn }),
  });
  const engines = new Engines(dataFolder, version, shell.fork ?? forkNode);
  const newTrainer = () =>
    new TrainerThread(() =>
      createThread("trainer", {
        background: options.hasWindows,
        tensorFlow: engines.tensorFlow,
      }),
    );
  const trainer = options.trainer ?? newTrainer();
  const events = createEvents<AppEvent>();
  const uploads = createUploads(
    join(dataFolder, "uploads"),
    join(dataFolder, "sets"),
  );
  const host: Host = {
    store,
    trainer,
    engines,
    exchange,
    judging: new QualityThread(),
    judgingShare: options.judgingShare ?? 0.05,
    dataFolder,
    preferences,
    shell,
    version,
    uploads,
    emit: events.emit,
  };
  const gate = new Gate();
  const closing = new AbortController();
  const training = new TrainingArea(
    host,
    new Trainers(trainer, newTrainer),
    () => queue.wake(),
    options.patienceForFolder,
  );
  const files = options.files ?? disk;
  const data = createDataArea(host, options.hasWindows);
  const exports = createExportsArea(host);
  const sweepFolder = new SweepFolder(files, store);
  const slurm = new Slurm(files);
  const results = new SweepResults({
    host,
    folder: sweepFolder,
    slurm,
    queue: () => queue.problems(),
    async report(ids, path) {
      const task = { id: path, force: true, signal: closing.signal };
      await exports.save(reportOf(ids), path, task);
    },
  });
  const sweeps = new SweepsArea({
    host,
    folder: sweepFolder,
    plans: new SweepPlans(store, createImageCounts(data.calls)),
    results,
    slurm,
    training,
    queue: {
      change: (change) => queue.change(change),
      remove: (ids) => queue.remove(ids),
      problems: () => queue.problems(),
    },
  });
  const queue: QueueArea = new QueueArea({
    host,
    file: new QueueFile(files, store),
    training,
    sweeps,
    works: options.hasWindows || Boolean(options.worksOnQueue),
    gate,
  });
  const moving = new LibraryMoveArea({
    host,
    files,
    gate,
    training,
    queue,
    isNamed: options.isLibraryNamed ?? false,
  });
  const earlyStops = new EarlyStops({ host, folder: sweepFolder, training });
  events.listen((event) => earlyStops.hear(event));
  const runs = createRunsArea(host);
  const studio = createStudio();
  const pictures = createPictures();
  const quality = createQualityArea(host, pictures);
  const explore = createExploreArea(host, studio, pictures);
  const handlers = gate.guard({
    app: createAppCalls(host, () => queue.runs()),
    data: data.calls,
    runs: runs.calls,
    room: { ...createRoomCalls(store), ...moving.calls },
    training: training.calls,
    queue: queue.calls,
    sweeps: sweeps.calls,
    exports: exports.calls,
    comparisons: createComparisonCalls(host),
    explore: explore.calls,
    microscope: createMicroscopeCalls(host, studio, pictures),
    quality: quality.calls,
    doctor: createDoctorCalls(store),
    tournament: createTournamentCalls(host, host.judging, pictures),
  });
  // Only a window is offered them, so the command line does not look for them.
  let interrupted: Promise<string[]> | null = null;
  // `auto` must know before a run starts; a data folder that cannot be read stops nothing.
  let crashes = await engines.takeCrashes().catch(() => []);
  // Clearing up is a courtesy: a data folder that cannot be read stops nothing.
  await uploads.clear().catch(() => undefined);
  if (options.hasWindows) {
    queue.begin();
    void moving.resume();
    moving.follow();
  }

  return {
    handlers,
    respond: createFiles([
      ...runs.routes,
      ...data.routes,
      ...exports.routes,
      results.route,
      ...explore.routes,
      pictures.route,
      uploads.route,
    ]),
    emit: events.emit,
    onEvent: events.listen,
    saveExport: exports.save,
    listRuns: () => store.list(),
    trainingRun: () => training.current(),
    isTraining: (run) => training.isTraining(run),
    sweeps,
    queue,
    stopTraining() {
      queue.rest();
      return training.stop();
    },
    attach(channel) {
      const { emit } = serve<AppContract, AppEvent>(
        contract,
        channel,
        handlers,
      );
      channel.onClose(
        events.listen((event) => {
          if (!channel.congested || !isReplaceable(event)) emit(event);
        }),
      );
      store.watch();
      interrupted ??= findInterrupted(store, queue.runs());
      void interrupted.then((ids) => {
        if (ids.length > 0) emit({ type: "interrupted-runs", ids });
      });
      // Told once.
      const untold = crashes;
      crashes = [];
      for (const crash of untold)
        void crashNotice(store, crash).then((notice) =>
          emit({ type: "notice", notice }),
        );
    },
    async close() {
      closing.abort(new Error("The application was closed."));
      await queue.close();
      await moving.close();
      await training.close();
      await queue.release();
      await studio.close();
      await quality.close();
      data.close();
      await exports.close();
      await exchange.close();
      await engines.close();
      await store.close();
    },
  };
}

/** What is being copied is whole only where it came from. */
function refuseHalfCopied(library: string): void {
  const journal = readJournal(library);
  if (journal?.to !== resolve(library) || journal.state === "switched") return;
  throw new Error(
    `${library} is an unfinished copy of the library ${journal.from}; open that one to continue or cancel the move.`,
  );
}

function reportOf(runs: string[]): ExportRequest {
  return exportRequestSchema.parse({ format: "html", runs });
}

/** Events that the next of their kind makes stale: a slow window may miss them. */
function isReplaceable(event: AppEvent): boolean {
  return event.type === "training-progress" || event.type === "log-line";
}
