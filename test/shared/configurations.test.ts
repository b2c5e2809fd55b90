/** Runs as configurations, and the settings that tell these apart as axes. */
import { expect, test } from "vitest";
import {
  configurationsOf,
  eachAlone,
  firstConfigurations,
} from "../../src/shared/comparison/configurations";
import { matrixOf, variedSettings } from "../../src/shared/comparison/matrix";
import { withChanges } from "../../src/shared/settings/change";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";
import { wiseoddMlp } from "../../src/shared/settings/presets/wiseodd-mlp";
import type { TrainingSettings } from "../../src/shared/settings/settings";

const { settings: base } = jaketaeMlp;
const settings = (changes: Record<string, unknown>) =>
  withChanges(base, Object.entries(changes));
const run = (name: string, changes: Record<string, unknown> = {}) => ({
  name,
  settings: settings(changes),
  data: null,
});
const chosen = { across: null, down: null, held: {} };

test("runs that differ only in their seed are one, under what their names share", () => {
  const found = configurationsOf([
    run("rate 1e-4 · seed 0"),
    run("other", { batchSize: 16 }),
    run("rate 1e-4 · seed 1", { seed: 1 }),
  ]);
  expect(found).toEqual([
    { name: "rate 1e-4", runs: [0, 2] },
    { name: "other", runs: [1] },
  ]);
});

test("a second run of a seed is no further seed", () => {
  const found = configurationsOf([
    run("a"),
    run("b", { seed: 1 }),
    run("a again"),
  ]);
  expect(found.map(({ runs }) => runs)).toEqual([[0, 1], [2]]);
});

test("names with nothing in common give the first", () => {
  const [only] = configurationsOf([run("first"), run("second", { seed: 1 })]);
  expect(only.name).toBe("first");
});

test("two configurations of one name are told apart by what differs", () => {
  const names = configurationsOf([
    run("GAN"),
    run("GAN", { batchSize: 16 }),
  ]).map(({ name }) => name);
  expect(names).toEqual(["GAN · Batch size 64", "GAN · Batch size 16"]);
});

test("each alone keeps its name", () => {
  expect(eachAlone([run("a"), run("b", { seed: 1 })])).toEqual([
    { name: "a", runs: [0] },
    { name: "b", runs: [1] },
  ]);
});

test("eight configurations find a place with all their seeds, and the rest is counted", () => {
  const runs = Array.from({ length: 10 }, (_, batch) => [
    run(`a${batch}`, { batchSize: batch + 1 }),
    run(`b${batch}`, { batchSize: batch + 1, seed: 1 }),
  ]).flat();
  const { kept, left } = firstConfigurations(runs);
  expect(kept).toEqual(Array.from({ length: 16 }, (_, index) => index));
  expect(left).toBe(4);
});

test("settings that vary together are one axis, with numbers in order", () => {
  const varied = variedSettings([
    settings({ learningRate: 1e-3, batchSize: 16 }),
    settings({ learningRate: 1e-4, batchSize: 16 }),
    settings({ learningRate: 1e-4, batchSize: 8 }),
  ]);
  expect(varied).toEqual([
    expect.objectContaining({
      label: "G learning rate, D learning rate",
      values: ["0.0001", "0.001"],
      of: [1, 0, 0],
    }),
    expect.objectContaining({
      label: "Batch size",
      values: ["8", "16"],
      of: [1, 1, 0],
    }),
  ]);
  const matrix = matrixOf(varied, chosen);
  expect(matrix?.cells).toEqual([
    [2, null],
    [1, 0],
  ]);
});

test("a preset is the name of all that comes with it", () => {
  const presets: TrainingSettings[] = [base, wiseoddMlp.settings];
  expect(variedSettings(presets).map(({ path }) => path)).toEqual(["preset"]);
});

test("what varies besides the axes is held at one value", () => {
  const varied = variedSettings(
    [16, 8].flatMap((batchSize) =>
      [1e-3, 1e-4].flatMap((learningRate) =>
        ["shuffle", "in-order"].map((order) => ({
          ...settings({ batchSize, learningRate }),
          schedule: {
            ...settings({ batchSize }).schedule,
            order: order as "shuffle",
          },
        })),
      ),
    ),
  );
  const choice = { across: "learningRate", down: "batchSize" };
  const first = matrixOf(varied, { ...choice, held: {} });
  expect(first?.held.map(({ setting }) => setting.path)).toEqual([
    "schedule.order",
  ]);
  expect(first?.cells.flat()).toEqual([6, 4, 2, 0]);
  const [, second] = first?.held[0].setting.values ?? [];
  const other = matrixOf(varied, {
    ...choice,
    held: { "schedule.order": second },
  });
  expect(other?.cells.flat()).toEqual([7, 5, 3, 1]);
});

test("runs that are the same have no axes", () => {
  expect(matrixOf(variedSettings([base, base]), chosen)).toBeNull();
});
