/** Sweeps as the window and the command line ask for them. Who trains an entry may be this program, another, or a cluster. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { errorMessage } from "../../shared/errors";
import type {
  SweepComparison,
  SweepPreview,
} from "../../shared/contract/sweeps";
import { imagesProblem } from "../../shared/settings/check";
import type { DataSettings } from "../../shared/settings/settings";
import { mostCompared, rankConfigurations } from "../../shared/sweeps/ranking";
import type { ImageCounts } from "./image-counts";
import type { AppContract } from "../../shared/contract/index";
import { newItem, withItems } from "../../shared/queue";
import type { Queue } from "../../shared/queue";
import type { Handlers } from "../../shared/rpc";
import type { QueriedRun } from "../../shared/query/columns";
import { entryName, settingsOf } from "../../shared/sweeps/manifest";
import type { SweepManifest } from "../../shared/sweeps/manifest";
import { sweepCost } from "../../shared/sweeps/cost";
import {
  manifestOf,
  planInTurns,
  trainsTheSame,
} from "../../shared/sweeps/plan";
import type { SweepOrder, SweepPlan } from "../../shared/sweeps/plan";
import { statusOf } from "../../shared/sweeps/status";
import type { SweepStatus, SweepSummary } from "../../shared/sweeps/status";
import { newRunId } from "../runs/folder/layout";
import type { SlurmOptions } from "../sweep/cluster/batch-script";
import { readJobs } from "../sweep/cluster/jobs-file";
import type { ClusterJob } from "../sweep/cluster/jobs-file";
import type { Batch, Slurm } from "../sweep/cluster/slurm";
import type { SweepFolder } from "../sweep/sweep-folder";
import { sendFile } from "./files";
import type { FileRoute } from "./files";
import type { Host } from "./host";
import { startOrResume } from "./start-or-resume";
import type { Begun, TrainingArea } from "./training";

export interface SweepsParts {
  host: Host;
  folder: SweepFolder;
  images: ImageCounts;
  /** Writes the report of a comparison. */
  report(runs: string[], path: string): Promise<void>;
  slurm: Slurm;
  training: TrainingArea;
  queue: {
    change(change: (queue: Queue) => Queue): Promise<unknown>;
    remove(runs: readonly string[]): Promise<unknown>;
    /** Why what is in it could not start, by the run's id; null for what waits or is under way. */
    problems(): ReadonlyMap<string, string | null>;
  };
}

type Started = Parameters<Handlers<AppContract>["sweeps"]["start"]>[0];

/** Of the names in a preview. */
const mostLabels = 100;

/** This program, as another machine finds it. */
type Program = Pick<Batch, "command" | "environment">;

export class SweepsArea {
  readonly calls: Handlers<AppContract>["sweeps"];
  /** The report of a sweep, as a file to keep: it must not open on the application's own address. */
  readonly route: FileRoute = {
    method: "GET",
    path: "sweeps/:id/report.html",
    answer: async ({ id }, request) => {
      const folder = this.parts.folder.folder(id);
      const type = "application/octet-stream";
      const path = this.reportOf(id);
      const response = await sendFile({ folder, path, type }, request);
      response.headers.set("content-disposition", "attachment");
      return response;
    },
  };

  constructor(private readonly parts: SweepsParts) {
    const { folder } = parts;
    this.calls = {
      list: async () => {
        const manifests = await folder.list();
        return Promise.all(
          manifests.map(async (manifest) =>
            summaryOf(await this.statusOf(manifest)),
          ),
        );
      },
      get: ({ id }) => folder.read(id),
      status: ({ id }) => this.statusOf(folder.read(id)),
      plan: ({ order }) => this.preview(order),
      start: (wanted) => this.start(wanted),
      comparison: ({ id }) => this.comparison(folder.read(id)),
      create: ({ id, plan: { name, earlyStop, report, ...plan } }) => {
        const now = new Date();
        const given = id ?? newRunId(name, now);
        const identity = { id: given, name, earlyStop, report };
        return this.keep(manifestOf(plan, identity, now));
      },
      enqueue: ({ id }) => this.enqueue(id),
      cancel: ({ id }) => this.cancel(id),
    };
  }

  /**
   * Starts an entry, or resumes it where it stands; null where it has ended already. Rejects with one sentence where it
   * cannot, or the sweep was cancelled.
   */
  async begin(
    id: string,
    index: number,
    atOnce: number,
  ): Promise<Begun | null> {
    const { folder, host, training } = this.parts;
    const manifest = folder.read(id);
    if (manifest.cancelledAt !== null)
      throw new Error(`The sweep ${manifest.name} was cancelled.`);
    const entry = manifest.entries.at(index);
    if (index < 0 || !entry)
      throw new Error(
        `The sweep ${manifest.name} has no entry ${index}; its entries are 0 to ${manifest.entries.length - 1}.`,
      );
    return startOrResume(
      { store: host.store, training },
      entry.run,
      () => ({
        type: "new",
        id: entry.run,
        settings: settingsOf(manifest, index),
        name: entryName(manifest, index),
        group: manifest.name,
        sweep: { id, index },
      }),
      atOnce,
    );
  }

  /** Whoever begins entries one by one takes up a sweep that was cancelled. */
  async takeUp(id: string): Promise<SweepManifest> {
    const manifest = this.parts.folder.read(id);
    if (manifest.cancelledAt === null) return manifest;
    return this.write({ ...manifest, cancelledAt: null });
  }

  isCancelled(id: string): boolean {
    return this.parts.folder.read(id).cancelledAt !== null;
  }

  /**
   * Gives what has no result yet, and is neither under way nor waiting, to Slurm. Rejects with one sentence where Slurm
   * refuses it.
   */
  async submit(
    id: string,
    program: Program,
    options: SlurmOptions,
  ): Promise<ClusterJob[]> {
    const manifest = await this.takeUp(id);
    const { unfinished } = await this.statusOf(manifest);
    const jobs = await this.parts.slurm.submit(
      this.batch(id, program),
      unfinished,
      options,
    );
    this.parts.host.emit({ type: "sweep-changed", id });
    return jobs;
  }

  /** The scripts that `submit` would give Slurm. */
  scripts(
    { id, indices }: { id: string; indices: readonly number[] },
    program: Program,
    options: SlurmOptions,
  ): Promise<string[]> {
    return this.parts.slurm.scripts(this.batch(id, program), indices, options);
  }

  /** Whether some of it was given to Slurm. */
  isOnSlurm(id: string): boolean {
    return readJobs(this.parts.folder.folder(id)).length > 0;
  }

  /** Writes a file beside the manifest; its path. */
  keepBeside(id: string, name: string, text: string): Promise<string> {
    return this.parts.folder.keepBeside(id, name, text);
  }

  /** Nothing of it waits in the queue or trains here any more: tells what became of it, and writes its report. */
  async tellEnded(id: string): Promise<void> {
    const { folder, host } = this.parts;
    const manifest = folder.read(id);
    if (manifest.report) await this.writeReport(manifest);
    const sweep = summaryOf(await this.statusOf(manifest));
    host.emit({ type: "sweep-ended", sweep });
  }

  private async writeReport(manifest: SweepManifest): Promise<void> {
    const { runs } = await this.comparison(manifest);
    if (runs.length === 0) return;
    const path = this.reportOf(manifest.id);
    try {
      await this.parts.report(runs, path);
    } catch (error) {
      const text = `The report of ${manifest.name} was not written: ${errorMessage(error)}`;
      const notice = { level: "error", text, advice: null, run: null } as const;
      this.parts.host.emit({ type: "notice", notice });
    }
  }

  private reportOf(id: string): string {
    return join(this.parts.folder.folder(id), "report.html");
  }

  private async preview(order: SweepOrder): Promise<SweepPreview> {
    const { host, images } = this.parts;
    const plan = await planInTurns(order);
    const { configurations, keys, seeds } = plan;
    const { counts, downloads } = await images(dataOf(plan));
    const runs = await host.store.records();
    const earlier = runs.flatMap((run) =>
      run.kind === "run" ? run.record : [],
    );
    return {
      labels: configurations.slice(0, mostLabels).map(({ label }) => label),
      configurations: configurations.length,
      keys,
      seeds,
      cost: sweepCost(plan, ({ data }) => counts(data), earlier),
      downloads,
    };
  }

  private async start({ order, ...identity }: Started): Promise<SweepStatus> {
    const plan = await planInTurns(order);
    const { counts } = await this.parts.images(dataOf(plan));
    for (const { label, settings } of plan.configurations) {
      const count = counts(settings.data);
      const problem = count === null ? null : imagesProblem(settings, count);
      if (problem !== null)
        throw new Error(label ? `The variant ${label}: ${problem}` : problem);
    }
    const now = new Date();
    const id = newRunId("sweep", now);
    await this.keep(manifestOf(plan, { ...identity, id }, now));
    return this.enqueue(id);
  }

  /** The best eight by the Fréchet distance of their seeds' median where it was measured; otherwise the first. */
  private async comparison(manifest: SweepManifest): Promise<SweepComparison> {
    const runs = await this.runsOf(manifest);
    const ranked = rankConfigurations(manifest, runs);
    const chosen = new Set(ranked.order.slice(0, mostCompared));
    return {
      name: manifest.name,
      runs: manifest.entries.flatMap(({ configuration, run }) =>
        chosen.has(configuration) && runs.has(run) ? [run] : [],
      ),
      left: ranked.order.length - chosen.size,
      byQuality: ranked.byQuality,
    };
  }

  private batch(id: string, { command, environment }: Program): Batch {
    const { folder, host } = this.parts;
    return {
      sweep: id,
      library: host.store.library,
      logs: folder.folder(id),
      command,
      environment,
    };
  }

  private async keep(manifest: SweepManifest): Promise<SweepManifest> {
    const there = this.parts.folder.find(manifest.id);
    if (!there) return this.write(manifest);
    if (trainsTheSame(there, manifest)) return there;
    throw new Error(
      `There is a sweep ${manifest.id} in this library already, and it trains something else; choose another id.`,
    );
  }

  private async enqueue(id: string): Promise<SweepStatus> {
    const manifest = await this.takeUp(id);
    const { unfinished } = await this.statusOf(manifest);
    const now = new Date();
    const items = unfinished.map((index) =>
      newItem(
        {
          run: manifest.entries[index].run,
          name: entryName(manifest, index),
          kind: "sweep",
          sweep: { id, index },
        },
        now,
      ),
    );
    await this.parts.queue.change((queue) => withItems(queue, items, false));
    return this.statusOf(manifest);
  }

  private async cancel(id: string): Promise<SweepStatus> {
    const { folder, queue, training } = this.parts;
    const cancelledAt = new Date().toISOString();
    const manifest = await this.write({ ...folder.read(id), cancelledAt });
    const runs = manifest.entries.map(({ run }) => run);
    const inQueue = queue.problems();
    const queued = runs.filter((run) => inQueue.has(run));
    if (queued.length > 0) await queue.remove(queued);
    for (const run of runs) if (training.isTraining(run)) training.stopRun(run);
    await this.parts.slurm.cancel(folder.folder(id));
    return this.statusOf(manifest);
  }

  private async write(manifest: SweepManifest): Promise<SweepManifest> {
    await this.parts.folder.write(manifest);
    this.parts.host.emit({ type: "sweep-changed", id: manifest.id });
    return manifest;
  }

  private async statusOf(manifest: SweepManifest): Promise<SweepStatus> {
    const { folder, slurm } = this.parts;
    const runs = await this.runsOf(manifest);
    const report = this.reportOf(manifest.id);
    const known = {
      runs,
      queue: this.parts.queue.problems(),
      report: existsSync(report) ? report : null,
    };
    const alone = statusOf(manifest, { ...known, tasks: null });
    // Of what has ended a cluster knows no more than the runs.
    if (alone.done) return alone;
    const tasks = await slurm.tasks(folder.folder(manifest.id));
    return tasks ? statusOf(manifest, { ...known, tasks }) : alone;
  }

  private runsOf({ entries }: SweepManifest): Promise<Map<string, QueriedRun>> {
    return this.parts.host.store.recordsOf(entries.map(({ run }) => run));
  }
}

function summaryOf({ entries: _, ...summary }: SweepStatus): SweepSummary {
  return summary;
}

function dataOf({ configurations }: SweepPlan): DataSettings[] {
  return configurations.map(({ settings }) => settings.data);
}
