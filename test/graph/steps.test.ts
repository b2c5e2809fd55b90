import { describe, expect, it } from "vitest";
import { preferredSteps, stretches } from "../../src/main/graph/steps";
import type { StepBatch } from "../../src/main/engine/engine";
import { findPreset } from "../../src/shared/settings/presets";

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
    expect(stretches(batchWith([true, false, false, true]), 1)).toEqual([
      { from: 0, to: 1, pattern: ["both"] },
      { from: 1, to: 3, pattern: ["discriminator"] },
      { from: 3, to: 4, pattern: ["both"] },
    ]);
  });

  it.each([
    [50, 10, [[50, 10]]],
    [64, 10, [[64, 8]]],
    [25, 10, [[25, 5]]],
    [
      37,
      10,
      [
        [30, 10],
        [37, 7],
      ],
    ],
    [
      11,
      8,
      [
        [8, 8],
        [11, 1],
      ],
    ],
    [3, 8, [[3, 1]]],
  ])(
    "of %i is taken in equal patterns of at most %i",
    (steps, longest, cut) => {
      const both = Array.from({ length: steps }, () => true);
      expect(
        stretches(batchWith(both), longest).map(({ to, pattern }) => [
          to,
          pattern.length,
        ]),
      ).toEqual(cut);
    },
  );

  it("repeats what lies between two updates of the generator, wherever it begins", () => {
    const updates = [false, true, false, false, true, false, false, true];
    expect(stretches(batchWith(updates), 4)).toEqual([
      { from: 0, to: 6, pattern: ["discriminator", "both", "discriminator"] },
      { from: 6, to: 7, pattern: ["discriminator"] },
      { from: 7, to: 8, pattern: ["both"] },
    ]);
  });

  it("is long for a small network and single for a convolutional one", () => {
    expect(preferred("wiseodd-mlp")).toBe(64);
    expect(preferred("lecture-dcgan")).toBe(1);
  });

  it("ends before an update of the generator", () => {
    expect(preferred("jrtechs-wgan") % 5).toBe(0);
  });
});
