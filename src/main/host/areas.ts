/** The areas of the host, each given what it needs of the others. */
import type { AppContract, AppEvent } from "../../shared/contract/index";
import { exportRequestSchema } from "../../shared/contract/exports";
import type { ExportRequest } from "../../shared/contract/exports";
import type { Handlers } from "../../shared/rpc";
import { disk } from "../disk/file-layer";
import type { FileLayer } from "../disk/file-layer";
import { createStudio } from "../studio/studio";
import { Slurm } from "../sweep/cluster/slurm";
import { QueueFile } from "../sweep/queue-file";
import { SweepFolder } from "../sweep/sweep-folder";
import type { Trainer } from "../trainer/spawn";
import { createAppCalls } from "./app-calls";
import { createComparisonCalls } from "./comparisons";
import { DataArea } from "./data";
import { createDoctorCalls } from "./doctor";
import { EarlyStops } from "./early-stops";
import { ExploreArea } from "./explore";
import { ExportsArea } from "./exports";
import type { FileRoute } from "./files";
import { Gate } from "./gate";
import type { Host } from "./host";
import { createImageCounts } from "./image-counts";
import { LibraryMoveArea } from "./library-move";
import { MicroscopeArea } from "./microscope";
import { Pictures } from "./pictures";
import { QualityArea } from "./quality";
import { QueueArea } from "./queue";
import { createRoomCalls } from "./room";
import { RunsArea } from "./runs";
import { SweepPlans } from "./sweep-plans";
import { SweepResults } from "./sweep-results";
import { SweepsArea } from "./sweeps";
import { createTournamentCalls } from "./tournament";
import { Trainers } from "./trainers";
import { TrainingArea } from "./training";

export interface AreaOptions {
  /** Whether whoever starts the program named the library; otherwise a preference may, and moving it changes that. */
  isLibraryNamed?: boolean;
  /** Whether training leaves the cores to windows on this machine. */
  hasWindows: boolean;
  /** Whether it starts what waits in the queue though it has no windows. */
  worksOnQueue?: boolean;
  /** For tests that make it fail; otherwise the disk. */
  files?: FileLayer;
  /** How long a run of a sweep waits for its folder, in milliseconds; half a minute unless it is said. */
  patienceForFolder?: number;
}

export class Areas {
  /** Of every call of the contract. */
  readonly handlers: Handlers<AppContract>;
  readonly routes: FileRoute[];
  readonly exports: ExportsArea;
  readonly queue: QueueArea;
  readonly sweeps: SweepsArea;
  readonly training: TrainingArea;
  private readonly data: DataArea;
  private readonly earlyStops: EarlyStops;
  private readonly moving: LibraryMoveArea;
  private readonly quality: QualityArea;
  private readonly studio = createStudio();
  private readonly closing = new AbortController();

  constructor(host: Host, options: AreaOptions, newTrainer: () => Trainer) {
    const { files = disk, hasWindows, isLibraryNamed = false } = options;
    const { store } = host;
    const gate = new Gate();
    const pictures = new Pictures();
    const folder = new SweepFolder(files, store);
    const slurm = new Slurm(files);
    this.data = new DataArea(host, hasWindows);
    this.exports = new ExportsArea(host);
    this.quality = new QualityArea(host, pictures);
    this.training = new TrainingArea(
      host,
      new Trainers(host.trainer, newTrainer),
      () => this.queue.wake(),
      options.patienceForFolder,
    );
    const { data, exports, quality, studio, training } = this;
    const results = new SweepResults({
      host,
      folder,
      slurm,
      queue: () => this.queue.problems(),
      report: (ids, path) => this.report(ids, path),
    });
    this.sweeps = new SweepsArea({
      host,
      folder,
      plans: new SweepPlans(store, createImageCounts(data.calls)),
      results,
      slurm,
      training,
      queue: {
        change: (change) => this.queue.change(change),
        remove: (ids) => this.queue.remove(ids),
        problems: () => this.queue.problems(),
      },
    });
    const { sweeps } = this;
    const file = new QueueFile(files, store);
    const works = hasWindows || Boolean(options.worksOnQueue);
    this.queue = new QueueArea({ host, file, training, sweeps, works, gate });
    const { queue } = this;
    const isNamed = isLibraryNamed;
    const moved = { host, files, gate, training, queue, isNamed };
    this.moving = new LibraryMoveArea(moved);
    this.earlyStops = new EarlyStops({ host, folder, training });
    const runs = new RunsArea(host);
    const explore = new ExploreArea(host, studio, pictures);
    this.handlers = gate.guard({
      app: createAppCalls(host, () => queue.runs()),
      data: data.calls,
      runs: runs.calls,
      room: { ...createRoomCalls(store), ...this.moving.calls },
      training: training.calls,
      queue: queue.calls,
      sweeps: sweeps.calls,
      exports: exports.calls,
      comparisons: createComparisonCalls(host),
      explore: explore.calls,
      microscope: new MicroscopeArea(host, studio, pictures).calls,
      quality: quality.calls,
      doctor: createDoctorCalls(store),
      tournament: createTournamentCalls(host, host.judging, pictures),
    });
    this.routes = [
      ...runs.routes,
      ...data.routes,
      ...exports.routes,
      results.route,
      ...explore.routes,
      pictures.route,
      host.uploads.route,
    ];
  }

  /** With windows: works on the queue, and goes on with a move of the library. */
  begin(): void {
    this.queue.begin();
    void this.moving.resume();
    this.moving.follow();
  }

  hear(event: AppEvent): void {
    this.earlyStops.hear(event);
  }

  /** Ends what is under way, and the threads. */
  async close(): Promise<void> {
    this.closing.abort(new Error("The application was closed."));
    await this.queue.close();
    await this.moving.close();
    await this.training.close();
    await this.queue.release();
    await this.studio.close();
    await this.quality.close();
    this.data.close();
    await this.exports.close();
  }

  private async report(ids: string[], path: string): Promise<void> {
    const { signal } = this.closing;
    await this.exports.save(reportOf(ids), path, {
      id: path,
      force: true,
      signal,
    });
  }
}

function reportOf(runs: string[]): ExportRequest {
  return exportRequestSchema.parse({ format: "html", runs });
}
