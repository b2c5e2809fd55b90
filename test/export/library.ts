/** A small library made by the real recorder: runs whose every pixel and figure a test can work out. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initialState } from "../../src/main/graph/parameters";
import type { ModelState } from "../../src/main/engine/engine";
import type { ExportJob } from "../../src/main/export/job";
import { createStore } from "../../src/main/runs/store";
import type { RunStore } from "../../src/main/runs/store";
import type { TrainingEvent } from "../../src/main/trainer/events";
import * as l from "../../src/shared/settings/presets/layers";
import { Random } from "../../src/shared/random";
import type { TrainingSettings } from "../../src/shared/settings/settings";
import { metricsWith, stepMetrics } from "../../src/shared/metrics";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";

/** Six tiles of 8 pixels in rows of three. */
export const tileSize = 8;
const tileCount = 6;

export const smallSettings: TrainingSettings = {
  ...l.common,
  preset: "jaketae-mlp",
  data: l.images("strokes", tileSize, "symmetric"),
  generator: l.network("", [4], [l.dense(16), l.relu, l.dense(64), l.tanh]),
  discriminator: l.network(
    "",
    [64],
    [l.dense(16), l.leakyRelu, l.dense(1), l.sigmoid],
  ),
  objective: l.classicObjective,
  optimizers: l.both(l.adam(2e-4)),
  schedule: {
    batchSize: 16,
    order: "shuffle",
    lastBatch: "drop",
    length: { unit: "steps", count: 40 },
  },
  sampling: {
    count: tileCount,
    cadences: [{ unit: "step", every: 10, within: "run", at: "end" }],
    mode: "batch",
    grid: l.grid(3, false),
  },
  log: {
    cadence: { unit: "epoch", every: 1 },
    template: "",
    tensorboard: false,
  },
};

export interface RunPlan {
  name: string;
  settings?: TrainingSettings;
  steps?: number;
  /** Steps with a grid. */
  samples?: readonly number[];
  /** Takes the place of freshly drawn weights. */
  state?: ModelState;
  notes?: string;
  tags?: string[];
}

export interface Library {
  store: RunStore;
  folder: string;
  /** Gives the id. */
  add(plan: RunPlan): Promise<string>;
  job(signal?: AbortSignal): ExportJob & { advanced: number };
  remove(): Promise<void>;
}

export async function makeLibrary(): Promise<Library> {
  const folder = await mkdtemp(join(tmpdir(), "gan-export-"));
  const store = await createStore(join(folder, "library"));
  return {
    store,
    folder,
    add: (plan) => addRun(store, plan),
    job(signal = new AbortController().signal) {
      return {
        source: store,
        signal,
        advanced: 0,
        leaveOut: () => undefined,
        advance(count = 1) {
          this.advanced += count;
        },
      };
    },
    async remove() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The grey level that pixel (x, y) of a tile has at a step. */
export function greyLevel(
  step: number,
  tile: number,
  x: number,
  y: number,
): number {
  return (step * 3 + tile * 40 + x * 5 + y * 11) % 256;
}

/** The loss that a metric has at a step. */
export function figureAt(metric: number, step: number): number {
  return Math.fround(metric + Math.sin(step / 7));
}

/** Gives the id. */
export async function addRun(store: RunStore, plan: RunPlan): Promise<string> {
  const settings = plan.settings ?? smallSettings;
  const steps = plan.steps ?? 40;
  const recorder = await store.create({
    settings,
    name: plan.name,
    environment: {
      application: "0.1.0",
      engine: "onnx",
      device: "CPU, 1 thread",
      engineVersion: "1",
      choice: null,
      platform: "test",
      processor: "test",
      memoryGiB: 1,
      node: process.version,
    },
    parent: null,
  });
  for (const event of eventsOf(settings, steps, plan))
    await recorder.handle(event);
  await recorder.close();
  if (plan.notes !== undefined || plan.tags)
    await store.edit(recorder.id, {
      notes: plan.notes ?? "",
      tags: plan.tags ?? [],
    });
  return recorder.id;
}

function* eventsOf(
  settings: TrainingSettings,
  steps: number,
  plan: RunPlan,
): Generator<TrainingEvent> {
  yield {
    type: "started",
    step: 0,
    totalSteps: steps,
    stepsPerEpoch: 10,
    data: { title: "Strokes", hash: "abc", count: 160, classes: null },
  };
  const samples = plan.samples ?? [0, 10, 20, 30, 40];
  if (samples.includes(0)) yield grid(settings, 0);
  const block = 10;
  for (let first = 1; first <= steps; first += block) {
    const rows = Math.min(block, steps - first + 1);
    yield {
      type: "metrics",
      block: {
        firstStep: first,
        rows,
        columns: stepMetrics.map((_, metric) =>
          Float32Array.from({ length: rows }, (_, row) =>
            figureAt(metric, first + row),
          ),
        ),
        tags: metricsWith(jaketaeMlp.settings),
        generatorUpdated: new Uint8Array(rows).fill(1),
        times: Float64Array.from(
          { length: rows },
          (_, row) => 1_700_000_000 + first + row,
        ),
      },
    };
    for (let step = first; step < first + rows; step++)
      if (samples.includes(step)) yield grid(settings, step);
  }
  const random = Random.fromSeed(0, "order").state;
  yield {
    type: "checkpoint",
    reason: "final",
    checkpoint: {
      state:
        plan.state ?? initialState(settings, Random.fromSeed(1, "weights")),
      position: {
        step: steps,
        seconds: steps / 10,
        stepInEpoch: 0,
        random: { order: random },
        epochOrder: random,
        learningRates: { generator: 1e-4, discriminator: 1e-4 },
      },
    },
  };
  yield { type: "finished", step: steps };
}

function grid(settings: TrainingSettings, step: number): TrainingEvent {
  const { size, channels } = settings.data;
  const { count } = settings.sampling;
  const pixels = new Float32Array(count * channels * size * size);
  for (let i = 0; i < pixels.length; i++) {
    const tile = Math.floor(i / (size * size * channels));
    const x = i % size;
    const y = Math.floor(i / size) % size;
    pixels[i] = (greyLevel(step, tile, x, y) / 255) * 2 - 1;
  }
  return { type: "samples", step, count, channels, size, pixels };
}
