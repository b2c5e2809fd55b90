import { describe, expect, it } from "vitest";
import { overviewOf } from "../../src/main/runs/curves/overview";
import { MetricTable } from "../../src/shared/curves/metric-table";
import type { MetricGroup } from "../../src/shared/curves/metric-group";
import { smooth } from "../../src/shared/curves/smooth";

/** A wave with two spikes, and a stretch without a number. */
function longGroup(rows: number): MetricGroup {
  const values = Float32Array.from({ length: rows }, (_, row) =>
    Math.sin(row / 500),
  );
  values[1234] = 9;
  values[40_001] = -9;
  values.fill(NaN, 20_000, 20_200);
  return {
    tags: ["loss/generator"],
    steps: Float64Array.from({ length: rows }, (_, row) => row + 1),
    times: Float64Array.from({ length: rows }, (_, row) => 100 + row / 50),
    values: [values],
  };
}

describe("the overview of a long run", () => {
  const group = longGroup(50_000);
  const [raw, smoothed] = overviewOf([group], 0.6);

  it("has every spike, the first and the last row, and gaps where no number is", () => {
    expect(raw.steps.length).toBeLessThan(2100);
    expect([raw.steps[0], raw.steps.at(-1)]).toEqual([1, 50_000]);
    expect(raw.times.at(-1)).toBe(group.times.at(-1));
    expect(raw.values[0].at(-1)).toBe(group.values[0].at(-1));
    const finite = raw.values[0].filter(Number.isFinite);
    expect([Math.min(...finite), Math.max(...finite)]).toEqual([-9, 9]);
    expect(finite.length).toBeLessThan(raw.values[0].length);
  });

  it("smooths all rows before it leaves any out", () => {
    const whole = smooth(group.values[0], 0.6).filter(Number.isFinite);
    const finite = smoothed.values[0].filter(Number.isFinite);
    expect(Math.max(...finite)).toBe(Math.max(...whole));
    expect(smoothed.steps).toEqual(raw.steps);
  });

  it("stands in for the curves in a table, raw and smoothed", () => {
    const table = MetricTable.ofOverview([raw, smoothed], 0.6);
    const axis = { unit: "step", stepsPerEpoch: 1 } as const;
    expect(table.lastStep).toBe(50_000);
    for (const [weight, { values }] of [
      [0, raw],
      [0.6, smoothed],
    ] as const) {
      const view = table.view("loss/generator", axis, weight);
      expect(view?.values.subarray(0, view.length)).toEqual(values[0]);
    }
  });

  it("leaves a short run as it is", () => {
    const short = longGroup(1500);
    expect(overviewOf([short], 0)[0]).toBe(short);
  });
});
