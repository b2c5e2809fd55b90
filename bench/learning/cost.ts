/** What each improvement costs: milliseconds a step with it over those without, in turns on the same networks. */
import { createEngine } from "../../src/main/engine";
import type { Engine, StepBatch } from "../../src/main/engine/engine";
import { initialState } from "../../src/main/graph/parameters";
import { Feed } from "../../src/main/trainer/feed";
import { createSchedule } from "../../src/main/trainer/schedule";
import { volume } from "../../src/shared/layers";
import { Random } from "../../src/shared/random";
import {
  noImprovements,
  wholeAugmentation,
} from "../../src/shared/settings/improvements";
import type { Improvements } from "../../src/shared/settings/improvements";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";
import { smallData64 } from "../../src/shared/settings/presets/small-data-64";
import { withLabels } from "../../src/shared/settings/labelled-networks";
import type { TrainingSettings } from "../../src/shared/settings/settings";
import { takeTurns } from "../turns";
import type { Runner } from "../turns";

const { penalties } = noImprovements;

const improvements: Record<string, Partial<Improvements>> = {
  nothing: {},
  "average of G": { average: { halfLife: 10_000, rampUp: 0.05 } },
  "label smoothing": { smoothing: 0.1 },
  "instance noise": { instanceNoise: { deviation: 0.1, steps: 10_000 } },
  "gradient limit": { gradientLimit: 1 },
  "WGAN-GP": { penalties: { ...penalties, interpolated: 10 } },
  R1: { penalties: { ...penalties, real: 1 } },
  "R1 + R2": { penalties: { ...penalties, real: 1, fake: 1 } },
  "spectral norm": { spectralNorm: true },
  augmentation: { augmentation: wholeAugmentation },
};

const classes = 10;

const rows: Record<string, (settings: TrainingSettings) => TrainingSettings> = {
  ...Object.fromEntries(
    Object.entries(improvements).map(([name, change]) => [
      name,
      (settings: TrainingSettings) => ({
        ...settings,
        improvements: { ...noImprovements, ...change },
      }),
    ]),
  ),
  "labels by concatenation": (settings) =>
    withLabels(settings, "concat", classes),
  "labels by projection": (settings) =>
    withLabels(settings, "projection", classes),
};

const bases: Record<string, TrainingSettings> = {
  "MLP, 28 x 28 (jaketae-mlp)": jaketaeMlp.settings,
  "convolutions, 64 x 64 (small-data-64)": {
    ...smallData64.settings,
    schedule: { ...smallData64.settings.schedule, batchSize: 16 },
  },
};

/** Rows of a Markdown table: the improvement, and for each network ms a step and the ratio. */
export async function costTable(blockMs: number): Promise<string[]> {
  const engine = await createEngine("onnx");
  const columns: string[][] = [];
  for (const settings of Object.values(bases)) {
    const plain = { ...settings, improvements: noImprovements };
    const runners = await Promise.all(
      Object.entries(rows).map(([name, change]) =>
        runnerOf(engine, name, change(plain)),
      ),
    );
    const times = await takeTurns(runners, 5, blockMs);
    columns.push(
      times.map(
        ({ median }) =>
          `${median.toFixed(2)} (${(median / times[0].median).toFixed(2)})`,
      ),
    );
  }
  return [
    `| ms a step (over nothing) | ${Object.keys(bases).join(" | ")} |`,
    `| --- | ${columns.map(() => "---").join(" | ")} |`,
    ...Object.keys(rows).map(
      (name, row) =>
        `| ${name} | ${columns.map((column) => column[row]).join(" | ")} |`,
    ),
  ];
}

async function runnerOf(
  engine: Engine,
  name: string,
  settings: TrainingSettings,
): Promise<Runner> {
  const state = initialState(settings, Random.fromSeed(0, "weights"));
  const session = await engine.createSession(settings, state, {
    id: "onnx",
    threads: null,
    spinning: false,
  });
  const batch = fed(settings, session.preferredSteps(16));
  return {
    name,
    async block(steps) {
      const began = performance.now();
      let done = 0;
      for (; done < steps; done += batch.steps) await session.train(batch);
      return (performance.now() - began) / done;
    },
  };
}

function fed(settings: TrainingSettings, steps: number): StepBatch {
  const { size, channels } = settings.data;
  const count = settings.schedule.batchSize * 2;
  const random = Random.fromSeed(0, "cost pictures");
  const pixels = Uint8Array.from(
    { length: count * volume([channels, size, size]) },
    () => random.below(256),
  );
  const images = {
    identity: {
      title: "noise",
      hash: "noise",
      count,
      classes: Array.from({ length: classes }, (_, label) => String(label)),
    },
    count,
    channels,
    size,
    pixels,
    labels: Uint16Array.from({ length: count }, (_, i) => i % classes),
    skipped: [],
  };
  const schedule = createSchedule(settings, count);
  const feed = new Feed(settings, images, schedule, null);
  return feed.take(steps, { generator: 1e-4, discriminator: 1e-4 });
}
