/** Sweeps as the window and the command line ask for them. Who trains an entry may be this program, another, or a cluster. */
import { existsSync } from "node:fs";
import type { AppContract } from "../../shared/contract/index";
import { newItem, withItems } from "../../shared/queue";
import type { Queue } from "../../shared/queue";
import type { Handlers } from "../../shared/rpc";
import type { RunListing } from "../../shared/run";
import { entryName, settingsOf } from "../../shared/sweeps/manifest";
import type { SweepManifest } from "../../shared/sweeps/manifest";
import { manifestOf, trainsTheSame } from "../../shared/sweeps/plan";
import { statusOf } from "../../shared/sweeps/status";
import type { SweepStatus } from "../../shared/sweeps/status";
import { newRunId } from "../runs/folder/layout";
import type { SweepFolder } from "../sweep/sweep-folder";
import type { Host } from "./host";
import { startOrResume } from "./start-or-resume";
import type { Begun, TrainingArea } from "./training";

export interface SweepsParts {
  host: Host;
  folder: SweepFolder;
  training: TrainingArea;
  queue: {
    change(change: (queue: Queue) => Queue): Promise<unknown>;
    remove(runs: readonly string[]): Promise<unknown>;
    waiting(): readonly string[];
  };
}

export class SweepsArea {
  readonly calls: Handlers<AppContract>["sweeps"];

  constructor(private readonly parts: SweepsParts) {
    const { folder } = parts;
    this.calls = {
      list: async () => {
        const manifests = await folder.list();
        return Promise.all(
          manifests.map(async (manifest) => {
            const { entries: _, ...summary } = await this.statusOf(manifest);
            return summary;
          }),
        );
      },
      get: ({ id }) => folder.read(id),
      status: ({ id }) => this.statusOf(folder.read(id)),
      create: ({ id, plan: { name, earlyStop, ...plan } }) => {
        const now = new Date();
        const identity = { id: id ?? newRunId(name, now), name, earlyStop };
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
    const waiting = new Set(queue.waiting());
    const queued = runs.filter((run) => waiting.has(run));
    if (queued.length > 0) await queue.remove(queued);
    for (const run of runs) if (training.isTraining(run)) training.stopRun(run);
    return this.statusOf(manifest);
  }

  private async write(manifest: SweepManifest): Promise<SweepManifest> {
    await this.parts.folder.write(manifest);
    this.parts.host.emit({ type: "sweep-changed", id: manifest.id });
    return manifest;
  }

  private async statusOf(manifest: SweepManifest): Promise<SweepStatus> {
    const { store } = this.parts.host;
    const runs = new Map<string, RunListing>();
    for (const { run } of manifest.entries)
      if (existsSync(store.folder(run))) runs.set(run, await store.get(run));
    return statusOf(manifest, runs, new Set(this.parts.queue.waiting()));
  }
}
