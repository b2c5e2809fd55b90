/** Conditional GANs as settings: both forms for every preset, what is refused and why, and which class a tile has. */
import { describe, expect, it } from "vitest";
import { checkSettings } from "../../src/shared/settings/check";
import { withClasses } from "../../src/shared/settings/fit-networks";
import {
  labelFormOf,
  withLabels,
} from "../../src/shared/settings/labelled-networks";
import {
  classCount,
  gridClasses,
  labelsProblem,
} from "../../src/shared/settings/labels";
import { findPreset, presets } from "../../src/shared/settings/presets";
import { settingsSchema } from "../../src/shared/settings/settings";
import type { TrainingSettings } from "../../src/shared/settings/settings";

function preset(id: string): TrainingSettings {
  const found = findPreset(id);
  if (!found) throw new Error(`There is no preset ${id}.`);
  return found.settings;
}

describe.each(presets.map(({ id }) => id))("%s", (id) => {
  it.each(["concat", "projection"] as const)(
    "takes labels by %s, and gives them up again",
    (form) => {
      const settings = preset(id);
      const told = withLabels(settings, form, 12);
      expect(settingsSchema.parse(told)).toEqual(told);
      expect(classCount(told)).toBe(12);
      expect(labelFormOf(told)).toBe(form);
      const problems = checkSettings(told).map(({ message }) => message);
      // Penalties are of each image alone; nothing else may be in the way.
      expect(problems).toEqual([]);
      expect(checkSettings(withLabels(told, "none", 0))).toEqual([]);
      expect(classCount(withLabels(told, "none", 0))).toBeNull();
    },
  );
});

it("names the form of the presets", () => {
  expect(labelFormOf(preset("cgan"))).toBe("concat");
  expect(labelFormOf(preset("wiseodd-mlp"))).toBe("none");
  const own = preset("cgan");
  const { layers } = own.generator;
  const moved = { ...own.generator, layers: layers.toSpliced(0, 1) };
  expect(labelFormOf({ ...own, generator: moved })).toBeNull();
});

describe("refuses", () => {
  const cgan = preset("cgan");
  const plain = preset("wiseodd-mlp");

  it.each([
    [
      "labels that D is not told",
      { ...cgan, discriminator: plain.discriminator },
      /D a projection at its end/,
    ],
    [
      "labels that G is not told",
      { ...cgan, generator: plain.generator },
      /G a label or class norm layer/,
    ],
    [
      "layers for other numbers of classes",
      { ...cgan, generator: withClasses(cgan, 7).generator },
      /is for 10 classes and another layer for 7/,
    ],
    [
      "a projection with a layer behind it",
      {
        ...cgan,
        discriminator: {
          ...cgan.discriminator,
          layers: [
            { type: "projection", name: "p", classes: 10 } as const,
            ...plain.discriminator.layers,
          ],
        },
      },
      /is how a discriminator ends/,
    ],
  ])("%s", (_, settings, sentence) => {
    const [problem] = checkSettings(settings);
    expect(problem.message).toMatch(sentence);
  });

  it("data without labels, and data with another number of classes", () => {
    expect(labelsProblem(cgan, "faces", null)).toMatch(/faces has no labels/);
    expect(labelsProblem(cgan, "faces", ["a", "b"])).toMatch(/faces has 2/);
    expect(labelsProblem(cgan, "digits", [..."0123456789"])).toBeNull();
    expect(labelsProblem(plain, "faces", null)).toBeNull();
  });
});

it("gives each row of the grid a class, of those that are trained on", () => {
  const cgan = preset("cgan");
  const all = gridClasses(cgan);
  expect(all).toHaveLength(100);
  expect(all.slice(8, 12)).toEqual([0, 0, 1, 1]);
  const some = { ...cgan, data: { ...cgan.data, classes: [3, 5] } };
  expect(gridClasses(some).filter((_, i) => i % 10 === 0)).toEqual([
    3, 5, 3, 5, 3, 5, 3, 5, 3, 5,
  ]);
  expect(gridClasses(preset("wiseodd-mlp"))).toEqual([]);
});
