import { describe, expect, test } from "vitest";
import type { AxisUnit } from "../../src/shared/curves/axis";
import { MetricTable } from "../../src/shared/curves/metric-table";
import { xAt } from "../../src/shared/curves/series";
import {
  discriminatorEquilibrium,
  discriminatorLossFactor,
  whoLeads,
} from "../../src/shared/curves/loss-scale";
import { rowAt } from "../../src/shared/curves/search";
import { smooth } from "../../src/shared/curves/smooth";
import type { Objective } from "../../src/shared/settings/settings";

describe("smoothing", () => {
  test("is a debiased moving average", () => {
    // Worked by hand: (1 - w) * sum of w^(n - i) * x_i, over 1 - w^n.
    const [first, second, third] = smooth([1, 2, 4], 0.5);
    expect(first).toBe(1);
    expect(second).toBeCloseTo((0.5 * 1 + 2) / 1.5, 6);
    expect(third).toBeCloseTo((0.25 * 1 + 0.5 * 2 + 4) / 1.75, 6);
  });

  test("changes nothing with a weight of 0, and nothing of a constant series", () => {
    expect([...smooth([3, 1, 2], 0)]).toEqual([3, 1, 2]);
    expect([...smooth([0.1, 0.1, 0.1], 0.9)]).toEqual([
      ...Float32Array.of(0.1, 0.1, 0.1),
    ]);
  });

  test("keeps NaN where it is and goes on behind it as if it were not there", () => {
    const whole = smooth([1, 2, 4], 0.6);
    const broken = smooth([1, NaN, 2, Infinity, 4], 0.6);
    expect([broken[0], broken[2], broken[4]]).toEqual([...whole]);
    expect(broken[1]).toBeNaN();
    expect(broken[3]).toBe(Infinity);
  });

  test("leaves what it was given alone", () => {
    const values = Float32Array.of(1, 5);
    smooth(values, 0.9);
    expect([...values]).toEqual([1, 5]);
  });
});

test("an x axis is steps, epochs, the clock, or the time since the first row", () => {
  const table = new MetricTable();
  table.append([
    {
      tags: ["lr"],
      steps: Float64Array.of(5, 10),
      times: Float64Array.of(1000, 1007),
      values: [Float32Array.of(1, 1)],
    },
  ]);
  const xsOf = (unit: AxisUnit) => {
    const view = table.view("lr", { unit, stepsPerEpoch: 10 });
    return view && [0, 1].map((index) => xAt(view, index));
  };
  expect(xsOf("step")).toEqual([5, 10]);
  expect(xsOf("epoch")).toEqual([0.5, 1]);
  expect(xsOf("wall")).toEqual([1000, 1007]);
  expect(xsOf("relative")).toEqual([0, 7]);
});

test("the row at an x is the last one that is not beyond it", () => {
  const xs = Float64Array.of(1, 3, 3, 8);
  expect([0, 1, 2, 3, 7.9, 8, 99].map((x) => rowAt(xs, x))).toEqual([
    -1, 0, 0, 2, 2, 3, 3,
  ]);
  expect(rowAt(new Float64Array(), 1)).toBe(-1);
});

describe("the common loss scale", () => {
  const sum = { loss: "non-saturating", reduction: "sum" } as const;
  const mean = { loss: "non-saturating", reduction: "mean" } as const;

  test("brings the loss of either kind of tutorial to the other's", () => {
    expect(discriminatorLossFactor(sum, "mean")).toBe(0.5);
    expect(discriminatorLossFactor(mean, "sum")).toBe(2);
    expect(discriminatorLossFactor(sum, "sum")).toBe(1);
    expect(discriminatorLossFactor(mean, "own")).toBe(1);
  });

  test("is in balance at 2 ln 2, or ln 2 as a mean", () => {
    expect(discriminatorEquilibrium(sum, "own")).toBeCloseTo(1.386294);
    expect(discriminatorEquilibrium(mean, "own")).toBeCloseTo(0.693147);
    expect(discriminatorEquilibrium(sum, "mean")).toBeCloseTo(0.693147);
    expect(discriminatorEquilibrium(mean, "sum")).toBeCloseTo(1.386294);
  });

  test("knows the balance of the other losses, where D gives the same for all", () => {
    const own = (loss: Objective["loss"]) =>
      discriminatorEquilibrium({ loss, reduction: "sum" }, "own");
    expect(own("hinge")).toBe(2);
    expect(own("least-squares")).toBe(0.5);
    expect(own("wasserstein")).toBe(0);
  });

  test("says who is winning", () => {
    expect(whoLeads(0.3, sum)).toBe("discriminator");
    expect(whoLeads(1.38, sum)).toBe("balanced");
    expect(whoLeads(2, sum)).toBe("generator");
    expect(whoLeads(0.68, mean)).toBe("balanced");
    expect(whoLeads(NaN, mean)).toBe("unknown");
    expect(whoLeads(-0.5, { loss: "wasserstein", reduction: "sum" })).toBe(
      "discriminator",
    );
  });
});
