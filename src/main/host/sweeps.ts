/** Sweeps as the window and the command line ask for them. Who trains an entry may be this program, another, or a cluster. */
import type { AppContract } from "../../shared/contract/index";
import { newItem, withItems } from "../../shared/queue";
import type { Queue } from "../../shared/queue";
import type { Handlers } from "../../shared/rpc";
import { entryName, settingsOf } from "../../shared/sweeps/manifest";
import type { SweepManifest } from "../../shared/sweeps/manifest";
import { manifestOf, trainsTheSame } from "../../shared/sweeps/plan";
import { summaryOf } from "../../shared/sweeps/status";
import type { SweepStatus } from "../../shared/sweeps/status";
import { newRunId } from "../runs/folder/layout";
import type { SlurmOptions } from "../sweep/cluster/batch-script";
import { readJobs } from "../sweep/cluster/jobs-file";
import type { ClusterJob } from "../sweep/cluster/jobs-file";
import type { Batch, Slurm } from "../sweep/cluster/slurm";
import type { SweepFolder } from "../sweep/sweep-folder";
import type { Host } from "./host";
import { startOrResume } from "./start-or-resume";
import type { SweepPlans } from "./sweep-plans";
import type { SweepResults } from "./sweep-results";
import type { Begun, TrainingArea } from "./training";

export interface SweepsParts {
  host: Host;
  folder: SweepFolder;
  plans: SweepPlans;
  results: SweepResults;
  slurm: Slurm;
  training: TrainingArea;
  queue: {
    change(change: (queue: Queue) => Queue): Promise<unknown>;
    remove(runs: readonly string[]): Promise<unknown>;
    /** Why what is in it could not start, by the run's id; null for what waits or is under way. */
    problems(): ReadonlyMap<string, string | null>;
  };
}

/** This program, as another machine finds it. */
type Program = Pick<Batch, "command" | "environment">;

export class SweepsArea {
  readonly calls: Handlers<AppContract>["sweeps"];

  constructor(private readonly parts: SweepsParts) {
    const { folder, results } = parts;
    this.calls = {
      list: async () => {
        const manifests = await folder.list();
        return Promise.all(
          manifests.map(async (manifest) =>
            summaryOf(await this.parts.results.statusOf(manifest)),
          ),
        );
      },
      get: ({ id }) => folder.read(id),
      status: ({ id }) => results.statusOf(folder.read(id)),
      plan: ({ order }) => parts.plans.preview(order),
      start: async ({ order, ...identity }) => {
        const plan = await parts.plans.make(order);
        const now = new Date();
        const id = newRunId("sweep", now);
        await this.keep(manifestOf(plan, { ...identity, id }, now));
        return this.enqueue(id);
      },
      comparison: ({ id }) => results.comparison(folder.read(id)),
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
    const { unfinished } = await this.parts.results.statusOf(manifest);
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
    const { folder, host, results } = this.parts;
    const manifest = folder.read(id);
    if (manifest.report) await results.writeReport(manifest);
    const sweep = summaryOf(await results.statusOf(manifest));
    host.emit({ type: "sweep-ended", sweep });
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
    const { unfinished } = await this.parts.results.statusOf(manifest);
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
    return this.parts.results.statusOf(manifest);
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
    return this.parts.results.statusOf(manifest);
  }

  private async write(manifest: SweepManifest): Promise<SweepManifest> {
    await this.parts.folder.write(manifest);
    this.parts.host.emit({ type: "sweep-changed", id: manifest.id });
    return manifest;
  }
}
