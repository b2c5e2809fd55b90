/** Trains runs for a while at a time, in a library that is kept, so that the next measurement resumes them. */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createApplication } from "../src/main/host/app";
import type { Application } from "../src/main/host/app";
import { findPlaces } from "../src/main/host/places";
import { createPreferences } from "../src/main/host/preferences";
import { browserShell } from "../src/main/host/shell";
import { createStore } from "../src/main/runs/store";
import { decodeMetrics } from "../src/shared/contract/files";
import type { MetricGroup } from "../src/shared/curves/metric-group";
import type { RunListing, RunRecord } from "../src/shared/run";
import type { TrainingSettings } from "../src/shared/settings/settings";

type Kept = Extract<RunListing, { kind: "run" }>;

export class KeptRuns {
  private constructor(
    readonly application: Application,
    private readonly library: string,
  ) {}

  static async open(folder: string): Promise<KeptRuns> {
    const library = join(folder, "library");
    const application = await createApplication({
      library,
      dataFolder: findPlaces().data,
      shell: browserShell,
      hasWindows: false,
      preferences: createPreferences({
        get: () => undefined,
        set: () => undefined,
      }),
      version: "bench",
    });
    return new KeptRuns(application, library);
  }

  /** Until the settings' last step (their length is in steps), for so many seconds at most. Rejects where the run fails. */
  async train(
    id: string,
    settings: TrainingSettings,
    seconds: number,
  ): Promise<RunRecord> {
    const { training } = this.application.handlers;
    const { count: steps } = settings.schedule.length;
    const end = Date.now() + seconds * 1000;
    if (await this.find(id)) await training.resume({ run: id, steps });
    else await training.start({ id, settings, name: null });
    while (this.application.trainingRun() !== null && Date.now() < end)
      await delay(100);
    await this.application.stopTraining();
    const record = (await this.find(id))?.record;
    if (record?.state !== "finished" && record?.state !== "stopped")
      throw new Error(`${id} ended as ${record?.state}: ${record?.reason}`);
    return record;
  }

  /** Null where there is no such run yet. */
  async find(id: string): Promise<Kept | null> {
    const listings = await this.application.listRuns();
    for (const listing of listings)
      if (listing.kind === "run" && listing.record.id === id) return listing;
    return null;
  }

  async curves(id: string): Promise<MetricGroup[]> {
    const store = await createStore(this.library);
    try {
      return decodeMetrics((await store.metrics(id, -1)).buffer);
    } finally {
      await store.close();
    }
  }

  close(): Promise<void> {
    return this.application.close();
  }
}
