import { describe, expect, it } from "vitest";
import { viewOf } from "../../src/shared/curves/series";
import { statisticsOf } from "../../src/shared/curves/statistics";
import { logTicks, tickTexts, xTicks } from "../../src/shared/curves/ticks";
import { cursorAfter, tableRows } from "../../src/renderer/chart/reading";

const steps = Float64Array.from({ length: 10 }, (_, index) => index + 1);

describe("the statistics of a stretch", () => {
  // numpy: v = np.array([2, 4, np.nan, 9]); np.nanmean(v), np.nanstd(v)
  const view = viewOf(
    steps,
    Float32Array.of(100, 2, 4, NaN, 9, 100, 100, 100, 100, 100),
  );

  it("are NumPy's of the finite points from end to end", () => {
    const found = statisticsOf(view, { from: 2, to: 5 });
    expect(found).toMatchObject({ count: 3, low: 2, high: 9, mean: 5 });
    expect(found?.deviation).toBeCloseTo(2.9439202887759492, 12);
  });

  it("begin behind the first end, and are none between two points", () => {
    expect(statisticsOf(view, { from: 1.5, to: 2.9 })?.count).toBe(1);
    expect(statisticsOf(view, { from: 2.1, to: 2.9 })).toBeNull();
    expect(statisticsOf(view, { from: 4, to: 4.5 })).toBeNull();
  });
});

describe("a chart read without seeing it", () => {
  const view = viewOf(steps, Float32Array.from(steps));
  const lines = [{ key: "a", label: "a", color: "#000", view }];

  it("is a table with its ends", () => {
    const rows = tableRows(lines, null, 4);
    expect(rows.map(({ x }) => x)).toEqual([1, 4, 7, 10]);
    expect(tableRows(lines, { from: 2, to: 3 }, 4)).toEqual([
      { x: 2, values: [2] },
      { x: 3, values: [3] },
    ]);
  });

  it("is walked through point by point, however few there are", () => {
    const shown = { from: 1, to: 10 };
    expect(cursorAfter(lines, shown, 4, 1)).toBe(5);
    expect(cursorAfter(lines, shown, 4, -1)).toBe(3);
    expect(cursorAfter(lines, shown, 4.5, -1)).toBe(4);
    expect(cursorAfter(lines, shown, 1, -1)).toBe(1);
    expect(cursorAfter(lines, shown, 10, 1)).toBe(10);
  });
});

describe("no two ticks are written alike", () => {
  it.each([
    ["a run of one step", xTicks({ from: 0.5, to: 1.5 }, "step", 8)],
    ["a part of an epoch", xTicks({ from: 0, to: 0.02 }, "epoch", 8)],
    ["a tenth of a second", xTicks({ from: 0, to: 0.1 }, "relative", 8)],
    ["a run that explodes", tickTexts([1.0e34, 1.02e34, 1.04e34])],
    ["a narrow logarithm", logTicks(0.051, 0.053, 7)],
  ])("%s", (_, ticks) => {
    const texts = ticks.map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(0);
    expect(new Set(texts).size).toBe(texts.length);
  });
});
