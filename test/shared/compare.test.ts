import { expect, test } from "vitest";
import { difference, spreadOf, valueAt } from "../../src/shared/curves/compare";
import { seedGroups, settingRows } from "../../src/shared/settings/differences";
import { presets } from "../../src/shared/settings/presets";
import {
  nearestStep,
  notches,
  shownAt,
  spreadEvenly,
} from "../../src/shared/curves/timeline";

const [wiseodd, jaketae] = presets.map((preset) => preset.settings);
const progress = { step: 400, totalSteps: 400, stepsPerEpoch: 100, seconds: 1 };

test("marks only the settings that differ", () => {
  const rows = settingRows([
    jaketae,
    { ...jaketae, seed: 7, schedule: { ...jaketae.schedule, batchSize: 32 } },
  ]);
  expect(rows.filter((row) => row.differs).map((row) => row.path)).toEqual([
    "schedule.batchSize",
    "seed",
  ]);
  expect(rows.find((row) => row.path === "seed")?.values).toEqual(["0", "7"]);
});

test("a run without settings has none in the table", () => {
  const rows = settingRows([jaketae, null]);
  expect(rows.every((row) => row.differs && row.values[1] === null)).toBe(true);
});

test("describes a network in one line", () => {
  const row = settingRows([wiseodd]).find(
    ({ path }) => path === "generator.network",
  );
  expect(row?.values[0]).toBe("100 → Linear 128, ReLU, Linear 784, Sigmoid");
});

test("groups the runs that differ only in their seed", () => {
  const data = { title: "MNIST", hash: "a", count: 1, classes: null };
  const groups = seedGroups([
    { settings: jaketae, data },
    { settings: wiseodd, data },
    { settings: { ...jaketae, seed: 3 }, data },
    { settings: { ...jaketae, seed: 4 }, data: { ...data, hash: "b" } },
    { settings: null, data: null },
    { settings: null, data: null },
  ]);
  expect(groups).toEqual([[0, 2], [1], [3], [4], [5]]);
});

test("strokes that are drawn with the run's seed are no other data", () => {
  const settings = {
    ...jaketae,
    data: { ...jaketae.data, source: "strokes", strokesSeed: null },
  };
  const data = { title: "Strokes", hash: "a", count: 1, classes: null };
  const groups = seedGroups([
    { settings, data },
    { settings: { ...settings, seed: 1 }, data: { ...data, hash: "b" } },
  ]);
  expect(groups).toEqual([[0, 1]]);
});

test("reads a curve between its points and nothing outside", () => {
  const curve = { x: [0, 10], y: [0, 5] };
  expect(valueAt(curve, 4)).toBe(2);
  expect(valueAt(curve, 10)).toBe(5);
  expect(valueAt(curve, 11)).toBeNaN();
  expect(valueAt(curve, -1)).toBeNaN();
});

test("subtracts a curve with other steps", () => {
  const { x, y } = difference(
    { x: [0, 1, 2, 3], y: [1, 2, 3, 4] },
    { x: [0, 2], y: [1, 1] },
  );
  expect([...x]).toEqual([0, 1, 2]);
  expect([...y]).toEqual([0, 1, 2]);
});

test("gives the mean and the sample deviation over seeds", () => {
  const spread = spreadOf([
    { x: [1, 2, 3], y: [1, 2, 5] },
    { x: [1, 2], y: [3, NaN] },
  ]);
  expect([...spread.mean]).toEqual([2, 2, 5]);
  expect(spread.deviation[0]).toBeCloseTo(Math.SQRT2, 12);
  expect([...spread.count]).toEqual([2, 1, 1]);
});

test("finds the nearest saved step, the earlier of two", () => {
  expect(nearestStep([0, 100, 200], 150)).toBe(100);
  expect(nearestStep([0, 100, 200], 151)).toBe(200);
  expect(nearestStep([], 1)).toBeNull();
});

test("brings runs of different length onto one slider by fraction", () => {
  const short = { samples: [0, 100, 200, 400], progress };
  const long = {
    samples: [0, 400, 800],
    progress: { ...progress, step: 800, totalSteps: 800 },
  };
  expect(notches([short, long], "fraction")).toEqual([0, 0.25, 0.5, 1]);
  expect(shownAt(0.5, long, "fraction")).toEqual({
    step: 400,
    wanted: 400,
    exact: true,
  });
  expect(shownAt(0.25, long, "fraction")).toEqual({
    step: 0,
    wanted: 200,
    exact: false,
  });
});

test("spreads a few rows over many steps, ends included", () => {
  expect(spreadEvenly([0, 1, 2, 3, 4, 5, 6, 7, 8], 3)).toEqual([0, 4, 8]);
  expect(spreadEvenly([0, 1], 3)).toEqual([0, 1]);
});
