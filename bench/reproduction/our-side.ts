/** The application trains a preset for a while, in a library that is kept, so that the next measurement resumes it. */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createApplication } from "../../src/main/host/app";
import type { Application } from "../../src/main/host/app";
import { createPreferences } from "../../src/main/host/preferences";
import { findPlaces } from "../../src/main/host/places";
import { browserShell } from "../../src/main/host/shell";
import { decodeMetrics } from "../../src/shared/contract/files";
import type { MetricGroup } from "../../src/shared/curves/metric-group";
import type { StepMetric } from "../../src/shared/metrics";
import type { RunRecord } from "../../src/shared/run";
import type { TrainingSettings } from "../../src/shared/settings/settings";
import { createStore } from "../../src/main/runs/store";
import type { Line } from "./lines";
import type { ReproducedRun } from "./result";

/** The figures of a line, in their order. */
const columns: StepMetric[] = [
  "loss/discriminator",
  "loss/generator",
  "score/real",
  "score/fake",
  "score/fake_after",
];

export class OurSide {
  private constructor(
    private readonly application: Application,
    private readonly library: string,
  ) {}

  static async open(folder: string): Promise<OurSide> {
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
      version: "reproduce",
    });
    return new OurSide(application, library);
  }

  /** Trains for so many seconds at most. Rejects where the run fails. */
  async train(
    settings: TrainingSettings,
    seconds: number,
    printed: number[],
    run: ReproducedRun,
  ): Promise<RunRecord> {
    const id = runId(settings.preset, settings.seed);
    const { training } = this.application.handlers;
    const end = Date.now() + seconds * 1000;
    const { count: steps } = settings.schedule.length;
    if (await this.record(id)) await training.resume({ run: id, steps });
    else await training.start({ id, settings, name: null });
    while (this.application.trainingRun() !== null && Date.now() < end)
      await delay(100);
    await this.application.stopTraining();
    const record = await this.record(id);
    if (record?.state !== "finished" && record?.state !== "stopped")
      throw new Error(`${id} ended as ${record?.state}: ${record?.reason}`);
    run.step = record.progress.step;
    run.lines = [...linesOf(await this.series(id), printed)];
    return record;
  }

  /** The run's grids from the first to the last, a row a step, as one picture; none where the run was made elsewhere. */
  async drawSamples(preset: string, seed: number, path: string): Promise<void> {
    if (!(await this.record(runId(preset, seed)))) return;
    const look = {
      tiles: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      perRow: 10,
      padding: 2,
      scale: 1,
      resample: "nearest",
      labels: true,
      background: null,
    } as const;
    await this.application.saveExport(
      {
        format: "sheet",
        run: runId(preset, seed),
        rows: 6,
        look: { ...look, tiles: [...look.tiles], caption: [] },
      },
      path,
      { id: "samples", force: true, signal: new AbortController().signal },
    );
  }

  close(): Promise<void> {
    return this.application.close();
  }

  private async record(id: string): Promise<RunRecord | null> {
    const listings = await this.application.listRuns();
    for (const listing of listings)
      if (listing.kind === "run" && listing.record.id === id)
        return listing.record;
    return null;
  }

  private async series(id: string): Promise<MetricGroup[]> {
    const store = await createStore(this.library);
    try {
      return decodeMetrics((await store.metrics(id, -1)).buffer);
    } finally {
      await store.close();
    }
  }
}

function runId(preset: string, seed: number): string {
  return `${preset}-seed-${seed}`;
}

/** G's figures stay those of its last update, as the tutorials' variables do. */
function* linesOf(
  groups: readonly MetricGroup[],
  printed: readonly number[],
): Generator<Line & number[]> {
  const found = columns.map((tag) => {
    const group = groups.find(({ tags }) => tags.includes(tag));
    if (!group) throw new Error(`The run has no ${tag}.`);
    return {
      steps: group.steps,
      values: group.values[group.tags.indexOf(tag)],
      at: -1,
    };
  });
  const last = Math.max(...found.map(({ steps }) => steps.at(-1) ?? 0));
  for (const step of printed) {
    if (step > last) return;
    yield [
      step,
      ...found.map((column) => {
        while (column.steps[column.at + 1] <= step) column.at++;
        return column.values[column.at];
      }),
    ];
  }
}
