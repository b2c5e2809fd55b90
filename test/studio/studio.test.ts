/** The explorer and the microscope in their real thread, on the real engine. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { initialState } from "../../src/main/graph/parameters";
import { createStudio } from "../../src/main/studio/studio";
import type { Studio } from "../../src/main/studio/studio";
import { weightStream } from "../../src/main/trainer/streams";
import { findPreset } from "../../src/shared/settings/presets";
import type { TrainingSettings } from "../../src/shared/settings/settings";

let dataFolder: string;
let studio: Studio;

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "studio-"));
  studio = createStudio();
});
afterAll(async () => {
  await studio.close();
  await rm(dataFolder, { recursive: true });
});

function settingsOf(id: string): TrainingSettings {
  const settings = structuredClone(findPreset(id)?.settings);
  if (!settings) throw new Error(id);
  settings.data.source = "strokes";
  settings.data.limit = { count: 64, pick: "first" };
  settings.schedule.batchSize = 16;
  settings.engine = { id: "onnx", threads: 1, spinning: false };
  return settings;
}

const look = { mode: "batch", truncation: null, weights: "last" } as const;

describe("the explorer", () => {
  const settings = settingsOf("jaketae-mlp");
  const model = () =>
    Promise.resolve({
      settings,
      state: initialState(settings, weightStream(0)),
    });

  it("draws samples with D's probability of each", async () => {
    const drawn = await studio.draw("a", model, look, {
      kind: "samples",
      seed: 1,
      count: 64,
    });
    expect(drawn).toMatchObject({ count: 64, channels: 1, size: 28 });
    expect(drawn.pixels).toHaveLength(64 * 784);
    for (const score of drawn.scores)
      expect(Math.abs(score - 0.5)).toBeLessThan(0.5);
    expect(drawn.names?.[63]).toEqual({ from: "seed", seed: 1, index: 63 });
  });

  it("loads a model once", async () => {
    let loads = 0;
    const load = () => {
      loads++;
      return model();
    };
    const bank = { kind: "bank", count: 4 } as const;
    const first = await studio.draw("b", load, look, bank);
    const second = await studio.draw("b", load, look, bank);
    expect(loads).toBe(1);
    expect(second.pixels).toEqual(first.pixels);
  });

  it("refuses a picture of too many tiles in one sentence", async () => {
    const walk = {
      kind: "walk",
      seed: 0,
      stops: 16,
      framesPerLeg: 120,
    } as const;
    await expect(studio.draw("a", model, look, walk)).rejects.toThrow(
      "1920 tiles and a picture has at most 1024",
    );
  });
});

describe("the microscope", () => {
  const settings = settingsOf("lecture-mlp");
  const open = () => studio.calls.open({ settings, dataFolder, from: null });

  it("shows every parameter of both networks before anything happens", async () => {
    const { id, observation } = await open();
    expect(
      observation.parameters.map(({ network, name }) => `${network} ${name}`),
    ).toEqual([
      "generator fc1.weight",
      "generator fc1.bias",
      "generator fc2.weight",
      "generator fc2.bias",
      "discriminator fc1.weight",
      "discriminator fc1.bias",
      "discriminator fc2.weight",
      "discriminator fc2.bias",
    ]);
    for (const { gradientNorm, values, shape } of observation.parameters) {
      expect(gradientNorm).toBeNull();
      const all = values.counts.reduce((sum, count) => sum + count, 0);
      expect(all).toBe(shape.reduce((product, n) => product * n, 1));
    }
    expect(observation.last).toBeNull();
    await studio.calls.close({ id });
  });

  it("takes a D step that tells real from fake better and leaves G alone", async () => {
    const { id } = await open();
    const seen = await studio.calls.update({
      id,
      network: "discriminator",
      sameBatch: false,
    });
    const { last } = seen;
    if (!last) throw new Error("nothing was updated");
    const gap = ({ real, fake }: { real: number; fake: number }) => real - fake;
    expect(gap(last.after)).toBeGreaterThan(gap(last.before));
    const { losses } = last.before;
    expect(last.metrics["loss/discriminator"]).toBeCloseTo(
      losses.discriminator,
      5,
    );
    expect(last.after.losses.discriminator).toBeLessThan(losses.discriminator);
    expect(last.after.losses.generator).toBeGreaterThan(losses.generator);
    expect(last.explanation.happened).toContain("D(x) rose");
    for (const parameter of seen.parameters) {
      const isUpdated = parameter.network === "discriminator";
      expect(parameter.gradientNorm !== null).toBe(isUpdated);
      expect(parameter.updateNorm !== null).toBe(isUpdated);
      if (!isUpdated) expect(parameter.withoutGradient).toContain("detached");
    }
    await studio.calls.close({ id });
  });

  it("takes a G step that raises D(G(z)) and leaves D(x) as it was", async () => {
    const { id } = await open();
    const { last, parameters } = await studio.calls.update({
      id,
      network: "generator",
      sameBatch: false,
    });
    if (!last) throw new Error("nothing was updated");
    expect(last.after.fake).toBeGreaterThan(last.before.fake);
    expect(last.after.real).toBe(last.before.real);
    expect(last.metrics["loss/generator"]).toBeCloseTo(
      last.before.losses.generator,
      5,
    );
    const generator = parameters.filter((it) => it.network === "generator");
    for (const { gradientNorm, updateNorm } of generator) {
      expect(gradientNorm).toBeGreaterThan(0);
      // Plain SGD: the step is the gradient times the learning rate.
      expect(updateNorm).toBeCloseTo(0.03 * (gradientNorm ?? NaN), 5);
    }
    expect(parameters.filter((it) => it.network === "discriminator")).toSatisfy(
      (all: typeof parameters) =>
        all.every(({ updateNorm }) => updateNorm === null),
    );
    await studio.calls.close({ id });
  });

  it("goes back to how it was opened", async () => {
    const { id, observation } = await open();
    const step = { id, network: "discriminator", sameBatch: true } as const;
    await studio.calls.update(step);
    await studio.calls.update(step);
    expect(await studio.calls.reset({ id })).toEqual(observation);
    await studio.calls.close({ id });
  });

  it("shows what each layer makes of one image", async () => {
    const dcgan = settingsOf("jrtechs-dcgan");
    const { id } = await studio.calls.open({
      settings: dcgan,
      dataFolder,
      from: null,
    });
    const layers = await studio.calls.activations({
      id,
      network: "discriminator",
      index: 3,
      image: "real",
    });
    expect(layers[0]).toMatchObject({ layer: -1, shape: [1, 32, 32] });
    expect(layers[1]).toMatchObject({
      shape: [16, 16, 16],
      tiles: 16,
      tile: 16,
    });
    expect(layers).toHaveLength(dcgan.discriminator.layers.length + 1);
    for (const { pixels } of layers)
      for (const grey of pixels) expect(grey >= 0 && grey <= 1.0001).toBe(true);
    await studio.calls.close({ id });
  });

  it("says so when a microscope is no longer open", async () => {
    await expect(studio.calls.reset({ id: "gone" })).rejects.toThrow(
      "no longer open",
    );
  });
});

describe("a studio that breaks down", () => {
  it("fails the call with a sentence and answers the next one", async () => {
    let threads = 0;
    const broken = createStudio(() => {
      threads++;
      return Promise.resolve(
        new Worker(
          `require("node:worker_threads").parentPort.on("message", () => { throw new Error("out of luck"); });`,
          { eval: true },
        ),
      );
    });
    for (let i = 0; i < 3; i++)
      await expect(broken.calls.holds({ model: "a" })).rejects.toThrow(
        "The studio crashed: out of luck",
      );
    expect(threads).toBe(3);
  });
});
