/** Each improvement in a real run: resumed bit for bit, the tutorials' random streams undisturbed, its curves there. */
import { describe, expect, it } from "vitest";
import { createEngine } from "../../src/main/engine";
import { withAverage } from "../../src/main/graph/parameters";
import { Ramps } from "../../src/main/trainer/ramps";
import { metricsWith, stepMetrics } from "../../src/shared/metrics";
import type { StepMetric } from "../../src/shared/metrics";
import { noImprovements } from "../../src/shared/settings/improvements";
import type { Improvements } from "../../src/shared/settings/improvements";
import { withLabels } from "../../src/shared/settings/labelled-networks";
import * as l from "../../src/shared/settings/presets/layers";
import type { TrainingSettings } from "../../src/shared/settings/settings";
import { eventsOf, noiseImages, series, smallSettings, trainAll } from "./runs";

const engine = await createEngine("onnx");
const plainImages = noiseImages(22);
const images = {
  ...plainImages,
  identity: { ...plainImages.identity, classes: ["a", "b", "c"] },
  labels: Uint16Array.from({ length: 22 }, (_, index) => index % 3),
};
const tutorialMetrics = metricsWith(smallSettings(1));

interface Improved {
  improvements: Partial<Improvements>;
  settings?: Partial<TrainingSettings>;
  /** The curves that it adds. */
  curves: StepMetric[];
}

const improved: Record<string, Improved> = {
  average: {
    improvements: { average: { halfLife: 40, rampUp: 0.5 } },
    curves: [],
  },
  "instance noise": {
    improvements: { instanceNoise: { deviation: 0.5, steps: 6 } },
    curves: [],
  },
  "a rate schedule": {
    improvements: { rateSchedule: { shape: "cosine", from: 0.25, warmUp: 3 } },
    curves: ["rate/discriminator", "rate/generator"],
  },
  "a gradient penalty": {
    improvements: { penalties: { interpolated: 10, real: null, fake: 1 } },
    curves: ["loss/penalty"],
  },
  "adaptive augmentation": {
    improvements: {
      augmentation: {
        color: true,
        translation: true,
        cutout: true,
        probability: 0,
        adaptive: { target: -0.9, swing: 40 },
      },
    },
    curves: ["augmentation/sign", "augmentation/probability"],
  },
  "spectral norm": { improvements: { spectralNorm: true }, curves: [] },
  "labels by concatenation": {
    improvements: {},
    settings: networksWith("concat"),
    curves: [],
  },
  "labels by projection, with an average and spectral norm": {
    improvements: {
      average: { halfLife: 40, rampUp: 0.5 },
      spectralNorm: true,
    },
    settings: networksWith("projection"),
    curves: [],
  },
  "smoothing and a limit": {
    improvements: { smoothing: 0.1, gradientLimit: 0.1 },
    curves: [],
  },
};

/** With batch normalization in G, so that there is some by class. */
function networksWith(form: "concat" | "projection") {
  const small = smallSettings(8);
  const layers = small.generator.layers.toSpliced(1, 0, {
    ...l.batchNorm(),
    name: "norm",
  });
  const generator = { ...small.generator, layers };
  const told = withLabels({ ...small, generator }, form, 3);
  return { generator: told.generator, discriminator: told.discriminator };
}

function settingsOf(name: string): TrainingSettings {
  const { improvements, settings } = improved[name];
  return smallSettings(8, {
    engine: { id: "onnx", threads: 1, spinning: false },
    improvements: { ...noImprovements, ...improvements },
    ...settings,
  });
}

describe.each(Object.keys(improved))("%s", (name) => {
  const settings = settingsOf(name);

  it("resumes as if never interrupted, with its curves", async () => {
    const whole = await trainAll(settings, images, engine);
    let half: typeof whole.checkpoint = null;
    const first = await trainAll(
      { ...settings, checkpoints: { ...settings.checkpoints, everySteps: 4 } },
      images,
      engine,
      null,
      (event, control) => {
        if (event.type !== "checkpoint" || half) return;
        half = structuredClone(event.checkpoint);
        control.post({ type: "stop" });
      },
    );
    expect(half).not.toBeNull();
    const second = await trainAll(settings, images, engine, half);
    expect(second.checkpoint).toEqual({
      state: whole.checkpoint?.state,
      position: {
        ...whole.checkpoint?.position,
        seconds: second.checkpoint?.position.seconds,
      },
    });
    const tags = metricsWith(settings);
    for (const tag of tags) {
      const column = stepMetrics.indexOf(tag);
      const rows = series(whole, column);
      expect(rows.every(Number.isFinite), tag).toBe(true);
      const resumed = [...series(first, column), ...series(second, column)];
      expect(resumed, tag).toEqual(rows);
    }
    expect(tags.filter((tag) => !tutorialMetrics.includes(tag))).toEqual(
      improved[name].curves,
    );
  });

  it("leaves the tutorials' noise, order and masks as they were", async () => {
    const plain = withLabels(
      { ...settings, improvements: noImprovements },
      "none",
      0,
    );
    const without = await trainAll(plain, images, engine);
    const withIt = await trainAll(settings, images, engine);
    const streams = (run: typeof without) => run.checkpoint?.position.random;
    for (const stream of ["noise", "order", "masks", "flips"])
      expect(streams(withIt)?.[stream]).toEqual(streams(without)?.[stream]);
    expect(withIt.checkpoint?.state).not.toEqual(without.checkpoint?.state);
  });
});

it("keeps pictures of both weights, each those of its own", async () => {
  const settings = settingsOf("average");
  const { checkpoint, events } = await trainAll(settings, images, engine);
  const grids = eventsOf({ checkpoint, events }, "samples");
  const last = grids.at(-1);
  expect(grids[0].average).toEqual(grids[0].pixels);
  expect(last?.average).not.toEqual(last?.pixels);
  const plain = { ...settings, improvements: noImprovements };
  const averaged = [...withAverage(checkpoint?.state ?? new Map())].filter(
    ([key]) => !key.startsWith("average."),
  );
  const other = await trainAll(
    plain,
    images,
    engine,
    checkpoint && { ...checkpoint, state: new Map(averaged) },
  );
  expect(eventsOf(other, "samples").at(-1)?.pixels).toEqual(last?.average);
});

describe("schedules", () => {
  const factors = (rateSchedule: Improvements["rateSchedule"]) => {
    const ramps = new Ramps({ ...noImprovements, rateSchedule }, 8);
    return [1, 2, 3, 4, 5, 6, 7, 8].map((step) => ramps.rateFactor(step));
  };

  // torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=8) and LinearLR(start_factor=1, end_factor=0, total_iters=8).
  it("fall as PyTorch's do", () => {
    const cosine = factors({ shape: "cosine", from: 0, warmUp: 0 });
    const expected = [
      1, 0.9619397662556434, 0.8535533905932737, 0.6913417161825449, 0.5,
      0.3086582838174552, 0.14644660940672627, 0.03806023374435663,
    ];
    cosine.forEach((factor, i) => {
      expect(factor).toBeCloseTo(expected[i], 12);
    });
    const linear = factors({ shape: "linear", from: 0, warmUp: 0 });
    expect(linear).toEqual([1, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125]);
  });

  it("rise first, and fall from where they are told", () => {
    expect(factors({ shape: "linear", from: 0.5, warmUp: 4 })).toEqual([
      0.25, 0.5, 0.75, 1, 1, 0.75, 0.5, 0.25,
    ]);
  });

  it("let instance noise end", () => {
    const instanceNoise = { deviation: 0.2, steps: 2 };
    const ramps = new Ramps({ ...noImprovements, instanceNoise }, 8);
    expect([1, 2, 3, 4].map((step) => ramps.noiseDeviation(step))).toEqual([
      0.2, 0.1, 0, 0,
    ]);
  });
});
