import { describe, expect, it } from "vitest";
import { smooth } from "../../src/shared/curves/smooth";
import { decimate } from "../../src/shared/curves/decimate";
import { Extremes } from "../../src/shared/curves/extremes";
import { MetricTable } from "../../src/shared/curves/metric-table";
import { Series, indexAt, viewOf } from "../../src/shared/curves/series";
import { Smoothed } from "../../src/shared/curves/smooth";

const rows = 100_000;
const steps = Float64Array.from({ length: rows }, (_, index) => index + 1);

function noisy(): Float32Array {
  return Float32Array.from({ length: rows }, (_, index) =>
    Math.sin(index * 12.9898),
  );
}

describe("a thinned curve", () => {
  it("keeps a spike of a single step, and a dip", () => {
    const values = noisy();
    values[54_321] = 1000;
    values[54_322] = -1000;
    const { lows, highs } = decimate(viewOf(steps, values), 300, null, null);
    expect(lows.xs.length + highs.xs.length).toBeLessThan(700);
    expect(highs.ys[highs.xs.indexOf(54_322)]).toBe(1000);
    expect(lows.ys[lows.xs.indexOf(54_323)]).toBe(-1000);
  });

  it("ascends along x on both edges, the upper one above the lower", () => {
    const { lows, highs } = decimate(viewOf(steps, noisy()), 300, null, null);
    for (const { xs } of [lows, highs])
      expect(xs).toEqual(xs.toSorted((a, b) => a - b));
    expect(highs.ys.every((y, at) => y >= lows.ys[at])).toBe(true);
  });

  it("keeps its columns while it grows", () => {
    const view = viewOf(steps, noisy());
    const earlier = { ...view, length: 90_000 };
    const before = decimate(earlier, 300, null, null).highs.xs;
    const after = decimate(view, 300, null, null).highs.xs;
    expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
  });

  it("is whole where few points are in view, with a neighbour on either side", () => {
    const { lows, highs } = decimate(viewOf(steps, noisy()), 300, 500.5, 510.5);
    expect(lows).toBe(highs);
    expect(lows.xs).toEqual([
      500, 501, 502, 503, 504, 505, 506, 507, 508, 509, 510, 511,
    ]);
  });

  it("leaves out NaN and infinities, which are drawn as crosses", () => {
    const view = viewOf(
      Float64Array.of(1, 2, 3, 4),
      Float32Array.of(1, NaN, Infinity, 2),
    );
    const points = { xs: [1, 4], ys: [1, 2] };
    expect(decimate(view, 100, null, null).lows).toEqual(points);
    expect(view.nonFinite).toEqual([1, 2]);
  });

  it("begins anew after a pause, so that nothing is filled across it", () => {
    const table = new MetricTable();
    table.append([
      {
        tags: ["loss/generator"],
        steps,
        times: steps.map((step) => step / 100 + (step > 50_000 ? 600 : 0)),
        values: [noisy()],
      },
    ]);
    const axis = (unit: "step" | "wall") => ({ unit, stepsPerEpoch: 1 });
    const thinned = (unit: "step" | "wall") => {
      const view = table.view("loss/generator", axis(unit));
      return view && decimate(view, 300, null, null);
    };
    const outline = thinned("wall");
    const [at] = outline?.breaks ?? [];
    for (const { xs } of [outline?.lows, outline?.highs].filter((it) => !!it)) {
      expect(xs[at - 1]).toBeLessThanOrEqual(500);
      expect(xs[at]).toBeGreaterThan(1_100);
    }
    expect(thinned("step")?.breaks).toEqual([]);
  });

  it("is multiplied by its gain", () => {
    const view = viewOf(Float64Array.of(1, 2), Float32Array.of(3, 4));
    const doubled = decimate({ ...view, gain: 2 }, 100, null, null);
    expect(doubled.lows.ys).toEqual([6, 8]);
  });
});

it("extremes of a stretch are those of a full search, however the series grew", () => {
  const values = noisy();
  const extremes = new Extremes();
  for (const length of [1, 255, 256, 257, 5_000, rows])
    extremes.extend(values, length);
  for (const [from, to] of [
    [0, rows],
    [3, 200],
    [250, 260],
    [1_000, 40_001],
    [1_024, 9_216],
    [99_990, rows],
  ]) {
    const stretch = [...values.subarray(from, to)];
    const pair = extremes.find(values, from, to);
    expect(pair?.map((index) => values[index])).toEqual([
      Math.min(...stretch),
      Math.max(...stretch),
    ]);
  }
});

it("smoothing a growing curve piece by piece gives what smoothing it at once does", () => {
  const values = noisy().slice(0, 3_000);
  values[100] = NaN;
  const raw = new Series();
  const smoothed = new Smoothed();
  for (let from = 0; from < 3_000; from += 700) {
    raw.append(values.subarray(from, from + 700));
    smoothed.follow(raw, 0.9);
  }
  const whole = smooth(values, 0.9);
  const pieces = smoothed.series.values.subarray(0, 3_000);
  for (const [index, value] of whole.entries())
    if (index !== 100) expect(pieces[index]).toBeCloseTo(value, 5);
});

describe("the metrics of a run", () => {
  const group = {
    tags: ["loss/discriminator", "score/real"],
    steps: Float64Array.of(1, 2, 3, 4),
    times: Float64Array.of(100, 101, 102, 104),
    values: [Float32Array.of(4, 3, 2, 1), Float32Array.of(0.5, 0.6, 0.7, 0.8)],
  };
  const rarer = {
    tags: ["loss/generator"],
    steps: Float64Array.of(1, 4),
    times: Float64Array.of(100, 104),
    values: [Float32Array.of(7, 8)],
  };
  const axis = { unit: "step", stepsPerEpoch: 2 } as const;

  it("grow by what is fetched, each group with its own steps", () => {
    const table = new MetricTable();
    table.append([group, rarer]);
    table.append([
      { ...group, steps: Float64Array.of(5, 6, 7, 8) },
      { ...rarer, steps: Float64Array.of(7, 8) },
    ]);
    expect(table.lastStep).toBe(8);
    const view = table.view("loss/generator", axis);
    expect(view?.length).toBe(4);
    expect([...(view?.xs.subarray(0, 4) ?? [])]).toEqual([1, 4, 7, 8]);
  });

  it("stand on any of the four x axes, and lead back to a step", () => {
    const table = new MetricTable();
    table.append([group]);
    for (const [unit, x] of [
      ["step", 3],
      ["epoch", 1.5],
      ["wall", 102],
      ["relative", 2],
    ] as const) {
      const place = { unit, stepsPerEpoch: 2 };
      expect(table.xOf(3, place)).toBe(x);
      expect(table.stepAt(x, place)).toBe(3);
      const view = table.view("loss/discriminator", place);
      expect(view && view.values[indexAt(view, x)]).toBe(2);
    }
  });
});
