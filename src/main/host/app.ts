/**
 * The application without a window: implements the contract over the library, the trainer and the data sets, and tells
 * every connected window what happens. Knows nothing of Electron, HTTP or WebSockets.
 */
import { join } from "node:path";
import { contract } from "../../shared/contract/index";
import type { AppContract, AppEvent } from "../../shared/contract/index";
import { serve } from "../../shared/rpc";
import type { Channel, Handlers } from "../../shared/rpc";
import type { FileLayer } from "../disk/file-layer";
import { Engines } from "../engines/engines";
import { forkNode } from "../engines/fork";
import { Exchange } from "../exchange/exchange";
import { createStore } from "../runs/store";
import { createTrainer } from "../trainer/spawn";
import { QualityThread } from "../quality/quality";
import { createThread } from "../thread";
import { createStudio } from "../studio/studio";
import type { Trainer } from "../trainer/spawn";
import { createAppCalls } from "./app-calls";
import { createComparisonCalls } from "./comparisons";
import { crashNotice } from "./crash-notice";
import { createDataArea } from "./data";
import { createEvents } from "./events";
import { createExportsArea } from "./exports";
import type { ExportsArea } from "./exports";
import { createExploreArea } from "./explore";
import { createFiles } from "./files";
import type { Host } from "./host";
import { findInterrupted } from "./interrupted";
import { createMicroscopeCalls } from "./microscope";
import { createPictures } from "./pictures";
import { createQualityArea } from "./quality";
import type { PreferenceStore } from "./preferences";
import { createRunsArea } from "./runs";
import type { Shell } from "./shell";
import { createTrainingArea } from "./training";
import { createUploads } from "./uploads";

export interface ApplicationOptions {
  library: string;
  /** Whether the library is made where it is not there; it is unless this says otherwise. */
  makeLibrary?: boolean;
  /** Downloads, decoded caches and uploads. */
  dataFolder: string;
  shell: Shell;
  preferences: PreferenceStore;
  version: string;
  /** Whether training leaves the cores to windows on this machine. */
  hasWindows: boolean;
  /** For tests that make one of them fail; otherwise the real ones. */
  trainer?: Trainer;
  files?: FileLayer;
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
  /** The run under way, or null. */
  trainingRun(): string | null;
  /** Ends the run under way properly: its last checkpoint is on disk when this resolves. */
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
  const trainer =
    options.trainer ??
    createTrainer(() =>
      createThread("trainer", {
        background: options.hasWindows,
        tensorFlow: engines.tensorFlow,
      }),
    );
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
    dataFolder,
    preferences,
    shell,
    version,
    uploads,
    emit: events.emit,
  };
  const training = createTrainingArea(host);
  const data = createDataArea(host, options.hasWindows);
  const runs = createRunsArea(host);
  const exports = createExportsArea(host);
  const studio = createStudio();
  const pictures = createPictures();
  const quality = createQualityArea(host, new QualityThread());
  const explore = createExploreArea(host, studio, pictures);
  const handlers: Handlers<AppContract> = {
    app: createAppCalls(host),
    data: data.calls,
    runs: runs.calls,
    training: training.calls,
    exports: exports.calls,
    comparisons: createComparisonCalls(host),
    explore: explore.calls,
    microscope: createMicroscopeCalls(host, studio, pictures),
    quality: quality.calls,
  };
  // Only a window is offered them, so the command line does not look for them.
  let interrupted: Promise<string[]> | null = null;
  // `auto` must know before a run starts; a data folder that cannot be read stops nothing.
  let crashes = await engines.takeCrashes().catch(() => []);
  // Clearing up is a courtesy: a data folder that cannot be read stops nothing.
  await uploads.clear().catch(() => undefined);

  return {
    handlers,
    respond: createFiles([
      ...runs.routes,
      ...data.routes,
      ...exports.routes,
      ...explore.routes,
      pictures.route,
      uploads.route,
    ]),
    emit: events.emit,
    onEvent: events.listen,
    saveExport: exports.save,
    trainingRun: training.current,
    stopTraining: training.stop,
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
      interrupted ??= findInterrupted(store);
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
      await training.close();
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

/** Events that the next of their kind makes stale: a slow window may miss them. */
function isReplaceable(event: AppEvent): boolean {
  return event.type === "training-progress" || event.type === "log-line";
}
