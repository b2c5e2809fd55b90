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
import { usualSamples } from "../src/shared/contract/quality";
import type { MetricGroup } from "../src/shared/curves/metric-group";
import type { Quality } from "../src/shared/quality";
import { idOf } from "../src/shared/run";
import type { RunListing, RunRecord } from "../src/shared/run";
import type { TrainingSettings } from "../src/shared/settings/settings";

type Kept = Extract<RunListing, { kind: "run" }>;

export class KeptRuns {
  private constructor(
    readonly application: Application,
    private readonly library: string,
  ) {}

  /** `judgingShare`: of the time, the most that judging checkpoints may take. */
  static async open(folder: string, judgingShare?: number): Promise<KeptRuns> {
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
      judgingShare,
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
    return this.until(end, id);
  }

  /** Goes on with other settings from another's checkpoint, as `train` does; gives the fork's id, under which it is resumed. */
  async fork(
    of: { run: string; step: number },
    settings: TrainingSettings,
    name: string,
    seconds: number,
  ): Promise<string> {
    const end = Date.now() + seconds * 1000;
    const { training } = this.application.handlers;
    const id = idOf(await training.fork({ ...of, settings, name }));
    await this.until(end, id);
    return id;
  }

  private async until(end: number, id: string): Promise<RunRecord> {
    while (this.application.trainingRun() !== null && Date.now() < end)
      await delay(100);
    await this.application.stopTraining();
    const record = (await this.find(id))?.record;
    if (record?.state !== "finished" && record?.state !== "stopped")
      throw new Error(`${id} ended as ${record?.state}: ${record?.reason}`);
    return record;
  }

  /** How good one step is, on so many samples drawn with a seed. Rejects where the run cannot be judged. */
  async judge(
    run: string,
    step: number,
    { samples = usualSamples, seed = 0 } = {},
  ): Promise<Quality> {
    const weights = "average" as const;
    const order = { run, step, samples, seed, weights };
    const answer = await this.application.handlers.quality.evaluate(order);
    if (answer.kind === "none") throw new Error(`${run}: ${answer.reason}`);
    return answer.quality;
  }

  /** By its id or its name; null where there is no such run yet. */
  async find(words: string): Promise<Kept | null> {
    const listings = await this.application.listRuns();
    for (const listing of listings)
      if (listing.kind === "run") {
        const { id, name } = listing.record;
        if (id === words || name === words) return listing;
      }
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
