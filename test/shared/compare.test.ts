import { expect, test } from "vitest";
import {
  differenceCurve,
  meanCurve,
  medianCurve,
} from "../../src/shared/curves/over-seeds";
import { valueAt, viewOf } from "../../src/shared/curves/series";
import {
  environmentRows,
  seedGroups,
  settingRows,
} from "../../src/shared/settings/differences";
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

test("says how many images were held out, not which share was asked for", () => {
  const heldOut = { count: 250, from: "own images" } as const;
  const data = { title: "bars", hash: "a", count: 9, classes: null, heldOut };
  const rows = environmentRows([{ data, environment: null }]);
  expect(
    Object.fromEntries(rows.map(({ label, values }) => [label, values[0]])),
  ).toEqual({
    "Data set": "bars",
    "Data hash": "a",
    Images: "9",
    "Classes in the data": "none",
    "Held out": "250 (own images)",
  });
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

const curve = (xs: number[], ys: number[]) =>
  viewOf(Float64Array.from(xs), Float32Array.from(ys));
const values = (view: ReturnType<typeof curve>) =>
  Array.from({ length: view.length }, (_, row) => valueAt(view, row));

test("subtracts a curve with other steps, where it has values", () => {
  const found = differenceCurve(
    curve([0, 1, 2, 3], [1, 2, 3, 4]),
    curve([0, 2], [1, 1]),
    null,
  );
  expect([...found.xs.subarray(0, found.length)]).toEqual([0, 1, 2]);
  expect(values(found)).toEqual([0, 1, 2]);
});

test("the median of seeds leaves out what has ended and what is no number", () => {
  const { band, view } = medianCurve(
    [
      curve([1, 2, 3], [1, 2, 5]),
      curve([1, 2], [3, NaN]),
      curve([1, 2, 3], [8, 8, 9]),
    ],
    null,
  );
  expect(values(view)).toEqual([3, 5, 7]);
  expect(band && values(band.lower)).toEqual([1, 2, 5]);
  expect(band && values(band.upper)).toEqual([8, 8, 9]);
});

test("the median of one seed is that seed, without a band", () => {
  const { band, view } = medianCurve([curve([1, 2], [4, 5])], null);
  expect(values(view)).toEqual([4, 5]);
  expect(band).toBeNull();
});

test("the mean of differences has Student's interval at every place", () => {
  const { band, view } = meanCurve(
    [curve([1], [1]), curve([1], [2]), curve([1], [3])],
    null,
  );
  expect(values(view)).toEqual([2]);
  // t(2) = 4.3027, s = 1.
  expect(band && values(band.upper)[0]).toBeCloseTo(2 + 4.3027 / 3 ** 0.5, 4);
});

test("a long curve is thinned, but for what is looked at", () => {
  const steps = Array.from({ length: 50_000 }, (_, step) => step);
  const long = () => curve(steps, steps);
  const all = medianCurve([long(), long()], null).view;
  expect(all.length).toBe(2000);
  expect(values(all).at(-1)).toBe(49_999);
  const range = { from: 100, to: 200 };
  const near = medianCurve([long(), long()], range).view;
  const inside = values(near).filter((x) => x >= 100 && x <= 200);
  expect(inside).toEqual(steps.slice(100, 201));
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
