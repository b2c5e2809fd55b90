/** Libraries in temporary folders, and trainings made of numbers, for the tests of runs on disk. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { initialState } from "../../src/main/graph/parameters";
import type { SavedCheckpoint } from "../../src/main/runs/checkpoints/checkpoint-file";
import { disk } from "../../src/main/disk/file-layer";
import type { FileLayer } from "../../src/main/disk/file-layer";
import { changeRecord } from "../../src/main/runs/folder/record";
import { createStore } from "../../src/main/runs/store";
import type { RunRecorder, RunStore } from "../../src/main/runs/store";
import type { Checkpoint, TrainingEvent } from "../../src/main/trainer/events";
import { decodeMetrics } from "../../src/shared/contract/files";
import type { MetricGroup } from "../../src/shared/curves/metric-group";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";
import { jrtechsGan } from "../../src/shared/settings/presets/jrtechs";
import * as l from "../../src/shared/settings/presets/layers";
import { Random } from "../../src/shared/random";
import type { TrainingSettings } from "../../src/shared/settings/settings";
import {
  generatorMetrics,
  metricsWith,
  stepMetrics,
} from "../../src/shared/metrics";
import type { MetricBlock } from "../../src/shared/step";

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "gan-workbench-runs-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A store of its own; closed when the test ends. */
export async function temporaryStore(files?: FileLayer): Promise<RunStore> {
  const store = await createStore(await temporaryFolder(), { files });
  onTestFinished(() => store.close().catch(() => undefined));
  return store;
}

/** A generator with batch normalisation and a discriminator, both tiny. */
export const tinySettings: TrainingSettings = {
  ...jaketaeMlp.settings,
  data: { ...jaketaeMlp.settings.data, source: "strokes", size: 4 },
  generator: {
    input: [3],
    layers: l.sequential("model", [
      l.dense(5),
      l.batchNorm(0.8),
      l.relu,
      l.dense(16),
      l.tanh,
    ]),
    initializers: jrtechsGan.settings.generator.initializers,
  },
  discriminator: l.network(
    "",
    [16],
    [l.dense(6), l.leakyRelu, l.dense(1), l.sigmoid],
  ),
  checkpoints: {
    everySteps: 10,
    everyMinutes: null,
    keepLast: 2,
    keepBest: false,
  },
};

export const tinyData = {
  title: "numbers",
  hash: "1234",
  count: 640,
  classes: null,
};

export function newRun(store: RunStore): Promise<RunRecorder> {
  return store.create({
    settings: tinySettings,
    name: null,
    environment: null,
    parent: null,
  });
}

export const started: TrainingEvent = {
  type: "started",
  step: 0,
  totalSteps: 1000,
  stepsPerEpoch: 10,
  data: tinyData,
};

/** The value of a metric at a step; both engines and readers must agree on it. */
export function valueAt(step: number, column: number): number {
  return Math.fround(Math.sin(step) + column);
}

/** Steps `first` to `last`; G is updated at each of `every`. */
export function block(first: number, last: number, every = 1): MetricBlock {
  const rows = last - first + 1;
  const updated = Uint8Array.from({ length: rows }, (_, row) =>
    (first + row - 1) % every === 0 ? 1 : 0,
  );
  return {
    firstStep: first,
    rows,
    columns: stepMetrics.map((metric, column) =>
      Float32Array.from({ length: rows }, (_, row) =>
        updated[row] === 0 && generatorMetrics.includes(metric)
          ? NaN
          : valueAt(first + row, column),
      ),
    ),
    tags: metricsWith(jaketaeMlp.settings),
    generatorUpdated: updated,
    times: Float64Array.from(
      { length: rows },
      (_, row) => 1_700_000_000 + first + row,
    ),
  };
}

export const metrics = (
  first: number,
  last: number,
  every = 1,
): TrainingEvent => ({ type: "metrics", block: block(first, last, every) });

export const samples = (step: number): TrainingEvent => ({
  type: "samples",
  step,
  count: 4,
  channels: 1,
  size: 4,
  pixels: Float32Array.from({ length: 64 }, (_, at) => Math.sin(at + step)),
});

export function checkpointAt(step: number): Checkpoint {
  const random = Random.fromSeed(step, "test");
  return {
    state: initialState(tinySettings, random),
    position: {
      step,
      seconds: step / 8,
      stepInEpoch: step % 10,
      random: { noise: random.state, order: [1, -2, 3, -4] },
      epochOrder: [5, 6, 7, -(2 ** 31)],
      learningRates: { generator: 2e-4, discriminator: 1e-4 },
    },
  };
}

/** The same as it comes back from the disk. */
export const savedAt = (step: number): SavedCheckpoint => ({
  ...checkpointAt(step),
  settings: tinySettings,
});

export const checkpoint = (
  step: number,
  reason: "scheduled" | "asked" | "final" = "scheduled",
): TrainingEvent => ({
  type: "checkpoint",
  reason,
  checkpoint: checkpointAt(step),
});

/** A run of `steps` steps with a grid and a checkpoint at each tenth, finished and closed. */
export async function finishedRun(
  store: RunStore,
  steps = 20,
): Promise<string> {
  const recorder = await newRun(store);
  await recorder.handle(started);
  await recorder.handle(samples(0));
  for (let step = 10; step <= steps; step += 10) {
    await recorder.handle(metrics(step - 9, step));
    await recorder.handle(samples(step));
    await recorder.handle(
      checkpoint(step, step === steps ? "final" : "scheduled"),
    );
  }
  await recorder.handle({ type: "finished", step: steps });
  await recorder.close();
  return recorder.id;
}

export async function curves(
  store: RunStore,
  id: string,
  afterStep = 0,
): Promise<MetricGroup[]> {
  const bytes = await store.metrics(id, afterStep);
  return decodeMetrics(bytes.buffer);
}

/** The steps and values of one metric. */
export function curve(
  groups: readonly MetricGroup[],
  tag: string,
): { steps: number[]; values: number[] } {
  for (const group of groups) {
    const column = group.tags.indexOf(tag);
    if (column >= 0)
      return { steps: [...group.steps], values: [...group.values[column]] };
  }
  return { steps: [], values: [] };
}

export async function recordOf(store: RunStore, id: string) {
  const listing = await store.get(id);
  if (listing.kind === "damaged") throw new Error(listing.reason);
  return listing;
}

/** What a killed process leaves: a run that calls itself training, locked by nobody. */
export async function abandonedRun(
  store: RunStore,
  steps = 25,
): Promise<string> {
  const id = await finishedRun(store, 20);
  const folder = store.folder(id);
  await changeRecord(disk, folder, (record) => ({
    ...record,
    state: "training",
    progress: { ...record.progress, step: 10 },
  }));
  if (steps > 20) {
    const { recorder } = await store.reopen(id);
    await recorder.handle(started);
    await recorder.handle(metrics(21, steps));
    await recorder.handle(samples(steps));
    await recorder.close();
    await changeRecord(disk, folder, (record) => ({
      ...record,
      state: "training",
    }));
  }
  return id;
}
