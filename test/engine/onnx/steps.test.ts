import { describe, expect, it } from "vitest";
import { preferredSteps, stretches } from "../../../src/main/engine/onnx/steps";
import type { StepBatch } from "../../../src/main/engine/engine";
import { findPreset } from "../../../src/shared/presets";

function batchWith(generatorUpdates: boolean[]): StepBatch {
  return {
    steps: generatorUpdates.length,
    batch: 4,
    inputs: new Map(),
    generatorUpdates,
    learningRates: { generator: 1, discriminator: 1 },
  };
}

function preferred(id: string): number {
  const preset = findPreset(id);
  if (!preset) throw new Error(`There is no preset ${id}.`);
  return preferredSteps(preset.settings, preset.settings.schedule.batchSize);
}

describe("a batch of steps", () => {
  it("is cut where the networks that are updated change", () => {
    expect(stretches(batchWith([true, false, false, true]))).toEqual([
      { from: 0, to: 1, updates: "both" },
      { from: 1, to: 3, updates: "discriminator" },
      { from: 3, to: 4, updates: "both" },
    ]);
  });

  it("stays whole where every step updates both", () => {
    expect(stretches(batchWith([true, true]))).toHaveLength(1);
  });

  it("is long for a small network and single for a convolutional one", () => {
    expect(preferred("wiseodd-mlp")).toBe(64);
    expect(preferred("lecture-dcgan")).toBe(1);
  });
});
