import { describe, expect, it } from "vitest";
import type { Checkpoint } from "../../src/main/trainer/events";
import {
  changedCheckpoint,
  forkCheckpoint,
  ForkError,
} from "../../src/main/trainer/fork";
import * as l from "../../src/shared/settings/presets/layers";
import type { TrainingSettings } from "../../src/shared/settings/settings";
import { createTinyEngine } from "./tiny-engine";
import { noiseImages, series, smallSettings, trainAll } from "./runs";

const images = noiseImages(43);
const parent = smallSettings(12);

async function checkpoint(): Promise<Checkpoint> {
  const run = await trainAll(parent, images, createTinyEngine());
  if (!run.checkpoint) throw new Error("no checkpoint");
  return run.checkpoint;
}

async function fork(
  changes: Partial<TrainingSettings>,
): Promise<{ before: Checkpoint; after: Checkpoint }> {
  const before = await checkpoint();
  return {
    before,
    after: forkCheckpoint(before, parent, { ...parent, ...changes }),
  };
}

describe("forkCheckpoint", () => {
  it("changes nothing where the settings are the same", async () => {
    const { before, after } = await fork({});
    expect(after).toEqual(before);
  });

  it("trains at the fork's own learning rate with the optimiser's memory kept", async () => {
    const { before, after } = await fork({
      optimizers: l.both(l.adam(1e-3)),
    });
    expect(after.state).toEqual(before.state);
    expect(after.position.learningRates.generator).toBe(1e-3);
  });

  it("empties the memory of an optimiser of another kind", async () => {
    const sgd = { type: "sgd", learningRate: 0.1, momentum: 0.9 } as const;
    const { before, after } = await fork({ optimizers: l.both(sgd) });
    const momentum = after.state.get(
      "optimizer.generator.0.weight.momentum_buffer",
    );
    expect(momentum?.data.every((value) => value === 0)).toBe(true);
    expect(after.state.get("generator.0.weight")).toEqual(
      before.state.get("generator.0.weight"),
    );
    expect(after.state.has("optimizer.generator.0.weight.square_sum")).toBe(
      false,
    );
  });

  it("empties the memory of an optimiser that weighs it otherwise, and of no other", async () => {
    const { discriminator } = parent.optimizers;
    const { before, after } = await fork({
      optimizers: { generator: l.adam(2e-4, 0.4), discriminator },
    });
    const memory = "optimizer.generator.0.weight.gradient_sum";
    expect(before.state.get(memory)?.data.some((value) => value !== 0)).toBe(
      true,
    );
    expect(after.state.get(memory)?.data.every((value) => value === 0)).toBe(
      true,
    );
    const other = "optimizer.discriminator.0.weight.gradient_sum";
    expect(after.state.get(other)).toEqual(before.state.get(other));
  });

  it("begins a new epoch on other data", async () => {
    const { before, after } = await fork({
      data: { ...parent.data, flip: true },
    });
    expect(before.position.stepInEpoch).toBe(2);
    expect(after.position).toMatchObject({ step: 12, stepInEpoch: 0 });
  });

  it("goes another way with another seed", async () => {
    const before = await checkpoint();
    const other = { ...smallSettings(20), seed: 99 };
    const engine = createTinyEngine();
    const same = await trainAll(smallSettings(20), images, engine, before);
    const forked = await trainAll(
      other,
      images,
      engine,
      forkCheckpoint(await checkpoint(), parent, other),
    );
    expect(series(forked, 0)).not.toEqual(series(same, 0));
  });

  it("refuses other networks in one sentence", async () => {
    const before = await checkpoint();
    const wider = structuredClone(parent);
    wider.generator.layers.splice(0, 1, {
      type: "dense",
      name: "0",
      units: 9,
      bias: true,
    });
    expect(() => forkCheckpoint(before, parent, wider)).toThrow(ForkError);
  });
});

describe("changedCheckpoint", () => {
  it("keeps a rate that was changed while training unless the settings name another", async () => {
    const before = await checkpoint();
    before.position.learningRates = { generator: 0.5, discriminator: 0.25 };
    const now = structuredClone(parent);
    now.optimizers.discriminator.learningRate = 0.125;
    expect(
      changedCheckpoint(before, parent, now).position.learningRates,
    ).toEqual({ generator: 0.5, discriminator: 0.125 });
  });
});
