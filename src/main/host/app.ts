/**
 * The application without a window: implements the contract over the library, the trainer and the data sets, and tells
 * every connected window what happens. Knows nothing of Electron, HTTP or WebSockets.
 */
import { join, resolve } from "node:path";
import { contract } from "../../shared/contract/index";
import type { AppContract, AppEvent } from "../../shared/contract/index";
import type { RunListing } from "../../shared/run";
import { serve } from "../../shared/rpc";
import type { Channel, Handlers } from "../../shared/rpc";
import { readJournal } from "../disk/move/journal";
import { Engines } from "../engines/engines";
import type { Crash } from "../engines/crash-marks";
import { forkNode } from "../engines/fork";
import { Exchange } from "../exchange/exchange";
import { createStore } from "../runs/store";
import { TrainerThread } from "../trainer/spawn";
import { QualityThread } from "../quality/quality";
import { createThread } from "../thread";
import type { Trainer } from "../trainer/spawn";
import { Areas } from "./areas";
import type { AreaOptions } from "./areas";
import { crashNotice } from "./crash-notice";
import { createEvents } from "./events";
import type { Events } from "./events";
import type { ExportsArea } from "./exports";
import { createFiles } from "./files";
import type { Host } from "./host";
import { findInterrupted } from "./interrupted";
import type { PreferenceStore } from "./preferences";
import type { QueueArea } from "./queue";
import type { Shell } from "./shell";
import type { SweepsArea } from "./sweeps";
import { Uploads } from "./uploads";

export interface ApplicationOptions extends AreaOptions {
  library: string;
  /** Whether the library is made where it is not there; it is unless this says otherwise. */
  makeLibrary?: boolean;
  /** Downloads, decoded caches and uploads. */
  dataFolder: string;
  shell: Shell;
  preferences: PreferenceStore;
  version: string;
  /** For tests that make it fail; otherwise the real one. */
  trainer?: Trainer;
  /** Of the time of a training, the most that judging its checkpoints may take; a twentieth unless it is said. */
  judgingShare?: number;
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
  saveExport(
    ...order: Parameters<ExportsArea["save"]>
  ): ReturnType<ExportsArea["save"]>;
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
  refuseHalfCopied(options.library);
  const events = createEvents<AppEvent>();
  const host = await openHost(options, events);
  const areas = new Areas(host, options, () => newTrainer(options, host));
  events.listen((event) => areas.hear(event));
  // `auto` must know before a run starts; a data folder that cannot be read stops nothing.
  const crashes = await host.engines.takeCrashes().catch(() => []);
  // Clearing up is a courtesy: a data folder that cannot be read stops nothing.
  await host.uploads.clear().catch(() => undefined);
  if (options.hasWindows) areas.begin();
  return new App(host, areas, events, crashes);
}

async function openHost(
  options: ApplicationOptions,
  { emit }: Events<AppEvent>,
): Promise<Host> {
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
  return {
    store,
    trainer: options.trainer ?? newTrainer(options, { engines }),
    engines,
    exchange,
    judging: new QualityThread(),
    judgingShare: options.judgingShare ?? 0.05,
    dataFolder,
    preferences,
    shell,
    version,
    uploads: new Uploads(join(dataFolder, "uploads"), join(dataFolder, "sets")),
    emit,
  };
}

function newTrainer(
  { hasWindows }: ApplicationOptions,
  { engines }: Pick<Host, "engines">,
): Trainer {
  return new TrainerThread(() =>
    createThread("trainer", {
      background: hasWindows,
      tensorFlow: engines.tensorFlow,
    }),
  );
}

class App implements Application {
  readonly handlers: Application["handlers"];
  readonly respond: Application["respond"];
  readonly emit: Application["emit"];
  readonly onEvent: Application["onEvent"];
  readonly sweeps: Application["sweeps"];
  readonly queue: Application["queue"];
  /** Only a window is offered them, so the command line does not look for them. */
  private interrupted: Promise<string[]> | null = null;

  constructor(
    private readonly host: Host,
    private readonly areas: Areas,
    events: Events<AppEvent>,
    /** Told to the first window. */
    private crashes: Crash[],
  ) {
    this.handlers = areas.handlers;
    this.respond = createFiles(areas.routes);
    this.emit = events.emit;
    this.onEvent = events.listen;
    this.sweeps = areas.sweeps;
    this.queue = areas.queue;
  }

  attach(channel: Channel): void {
    const { emit } = serve<AppContract, AppEvent>(
      contract,
      channel,
      this.handlers,
    );
    channel.onClose(
      this.onEvent((event) => {
        if (!channel.congested || !isReplaceable(event)) emit(event);
      }),
    );
    const { store } = this.host;
    store.watch();
    this.interrupted ??= findInterrupted(store, this.areas.queue.runs());
    void this.interrupted.then((ids) => {
      if (ids.length > 0) emit({ type: "interrupted-runs", ids });
    });
    for (const crash of this.crashes.splice(0))
      void crashNotice(store, crash).then((notice) =>
        emit({ type: "notice", notice }),
      );
  }

  saveExport(
    ...order: Parameters<ExportsArea["save"]>
  ): ReturnType<ExportsArea["save"]> {
    return this.areas.exports.save(...order);
  }

  listRuns(): Promise<RunListing[]> {
    return this.host.store.list();
  }

  trainingRun(): string | null {
    return this.areas.training.current();
  }

  isTraining(run: string): boolean {
    return this.areas.training.isTraining(run);
  }

  stopTraining(): Promise<void> {
    this.areas.queue.rest();
    return this.areas.training.stop();
  }

  async close(): Promise<void> {
    await this.areas.close();
    await this.host.exchange.close();
    await this.host.engines.close();
    await this.host.store.close();
  }
}

/** What is being copied is whole only where it came from. */
function refuseHalfCopied(library: string): void {
  const journal = readJournal(library);
  if (journal?.to !== resolve(library) || journal.state === "switched") return;
  throw new Error(
    `${library} is an unfinished copy of the library ${journal.from}; open that one to continue or cancel the move.`,
  );
}

/** Events that the next of their kind makes stale: a slow window may miss them. */
function isReplaceable(event: AppEvent): boolean {
  return event.type === "training-progress" || event.type === "log-line";
}
