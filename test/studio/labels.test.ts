/** Which class the explorer's tiles have: rows of classes, one that was picked, and classes that fade into the next. */
import { expect, it } from "vitest";
import { labelsOf } from "../../src/main/studio/labels";
import { cgan } from "../../src/shared/settings/presets/cgan";
import { wiseoddMlp } from "../../src/shared/settings/presets/wiseodd-mlp";

const { settings } = cgan;
const row = (rows: Float32Array | undefined, index: number) => [
  ...(rows ?? []).slice(index * 10, (index + 1) * 10),
];

it("gives new samples a class a row, or the class that was picked", () => {
  const samples = { kind: "samples", seed: 1, count: 25 } as const;
  const all = labelsOf(samples, settings, null);
  expect(all.classes?.slice(9, 12)).toEqual([0, 1, 1]);
  expect(row(all.rows, 24)[2]).toBe(1);
  const picked = labelsOf(samples, settings, 7);
  expect(new Set(picked.classes)).toEqual(new Set([7]));
  expect(() => labelsOf(samples, settings, 10)).toThrow(/classes 0 to 9/);
});

it("fades from class to class, with as many tiles as vectors", () => {
  const latent = { from: "bank", index: 0 } as const;
  const { rows } = labelsOf(
    { kind: "classes", latent, classes: [3, 5], framesPerLeg: 4 },
    settings,
    null,
  );
  expect(rows).toHaveLength(5 * 10);
  expect(row(rows, 1)).toEqual([0, 0, 0, 0.75, 0, 0.25, 0, 0, 0, 0]);
  expect(row(rows, 4)[5]).toBe(1);
});

it("keeps the classes of chosen tiles on the way between them", () => {
  const stops = [1, 2].map((label) => ({
    from: "seed" as const,
    seed: 1,
    index: 0,
    class: label,
  }));
  const path = { kind: "slerp", stops, framesPerLeg: 2 } as const;
  const { rows } = labelsOf(path, settings, null);
  expect(row(rows, 1).slice(0, 3)).toEqual([0, 0.5, 0.5]);
  expect(row(labelsOf(path, settings, 4).rows, 1)[4]).toBe(1);
});

it("has none for networks that read none", () => {
  const bank = { kind: "bank", count: 4 } as const;
  const { rows } = labelsOf(bank, wiseoddMlp.settings, null);
  expect(rows).toBeUndefined();
});
