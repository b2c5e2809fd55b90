/** The drawing that exports and the report share, with whatever a log may hold. */
import { describe, expect, it } from "vitest";
import type { ChartContent } from "../../src/shared/curves/chart";
import type { Drawn } from "../../src/shared/curves/drawing";
import { svgText } from "../../src/shared/curves/drawing";
import { drawPlot } from "../../src/shared/curves/plot";
import { MetricTable } from "../../src/shared/curves/metric-table";
import { linesOf } from "../../src/shared/curves/run-curves";
import { logTicks, roundTicks, xTicks } from "../../src/shared/curves/ticks";

const area = { left: 60, right: 960, top: 10, bottom: 400 };
const colors = { text: "#111", grid: "#222", axis: "#333", level: "#444" };

function contentOf(values: number[], smoothing = 0.6): ChartContent {
  const table = new MetricTable();
  table.append([
    {
      tags: ["lr"],
      steps: Float64Array.from(values.keys()),
      times: Float64Array.from(values.keys()),
      values: [Float32Array.from(values)],
    },
  ]);
  const run = { table, name: "", color: "#000", stepsPerEpoch: 0 };
  const choice = { axis: "step", smoothing, commonScale: false } as const;
  return {
    lines: linesOf([{ ...run, objective: null }], ["lr"], choice),
    unit: "step",
    yScale: "linear",
    range: null,
    yBounds: null,
    markers: [],
    levels: [],
  };
}

function partsOf(content: ChartContent, wanted: string): Drawn[] {
  const all = (part: Drawn): Drawn[] => [
    part,
    ...part.children.flatMap((child) =>
      typeof child === "string" ? [] : all(child),
    ),
  ];
  return drawPlot(content, area, colors)
    .parts.flatMap(all)
    .filter(({ attributes }) => attributes.class === wanted);
}

/** Of each exponent, and the neighbours of 1 that rounding confuses. */
const constants = [0, 1, -1, 1e-45, 3.4e38, -3.4e38, 0.1, 1 / 3].concat(
  Array.from({ length: 64 }, (_, power) => 1.1 * 10 ** (power - 30)),
);

describe("a constant", () => {
  it.each(constants)("of %f is drawn with a few ticks", (value) => {
    const content = contentOf(Array.from({ length: 40 }, () => value));
    for (const yScale of ["linear", "logarithmic"] as const) {
      const { frame } = drawPlot({ ...content, yScale }, area, colors);
      expect(frame.yTicks.length).toBeLessThan(20);
      const y = frame.y(Math.fround(value));
      if (yScale === "linear" || value > 1e-44) {
        expect(y).toBeGreaterThan(area.top);
        expect(y).toBeLessThan(area.bottom);
      }
    }
  });

  it("stays straight when it is smoothed", () => {
    const [curve] = partsOf(
      contentOf(new Array<number>(50).fill(0.1)),
      "curve",
    );
    const heights = String(curve.attributes.d)
      .slice(1)
      .split("L")
      .map((point) => point.split(" ")[1]);
    expect(new Set(heights).size).toBe(1);
  });
});

it("a single point is a dot, on either scale and every axis", () => {
  const content = contentOf([0.5]);
  expect(partsOf(content, "curve")[0].attributes.d).toMatch(/^M\S+ \S+h0$/);
  for (const unit of ["step", "epoch", "relative", "wall"] as const)
    expect(svgText(drawPlot({ ...content, unit }, area, colors).parts[0]))
      .not //
      .toContain("NaN");
});

it("what is not finite is a cross, and leaves the rest in its place", () => {
  const content = contentOf([1, NaN, 2, Infinity, -Infinity, 1e300, 1.5], 0);
  const [curve] = partsOf(content, "curve");
  expect(String(curve.attributes.d).split("L")).toHaveLength(3);
  const [crosses] = partsOf(content, "crosses");
  expect(String(crosses.attributes.d).match(/M/g)).toHaveLength(4);
  const { parts } = drawPlot(content, area, colors);
  expect(parts.map(svgText).join("")).not.toMatch(/NaN|Infinity/);
});

it("a curve without any number draws empty axes", () => {
  for (const yScale of ["linear", "logarithmic"] as const) {
    const { parts } = drawPlot(
      { ...contentOf([NaN, NaN]), yScale },
      area,
      colors,
    );
    expect(parts.map(svgText).join("")).not.toMatch(/NaN|Infinity/);
  }
});

it("100,000 steps are as many points as there are pixels, every spike among them", () => {
  const values = Array.from({ length: 100_000 }, (_, step) => Math.sin(step));
  values[54_321] = 1000;
  const content = contentOf(values, 0);
  const [curve] = partsOf(content, "curve");
  expect(String(curve.attributes.d).split("L").length).toBeLessThan(2000);
  const { frame } = drawPlot(content, area, colors);
  expect(String(curve.attributes.d)).toContain(
    `${Math.round(frame.x(54_321) * 10) / 10} ${Math.round(frame.y(1000) * 10) / 10}`,
  );
});

describe("ticks", () => {
  it("are round, and none where a step changes no number", () => {
    expect(roundTicks(0, 1, 5)).toEqual([
      0, 0.2, 0.4, 0.6000000000000001, 0.8, 1,
    ]);
    expect(roundTicks(1, 1 + Number.EPSILON, 7).length).toBeLessThan(9);
    expect(roundTicks(1e300, 1e300, 7)).toEqual([1e300]);
    expect(roundTicks(-1.7e308, 1.7e308, 7).length).toBeLessThan(9);
  });

  it("of a logarithm are powers of ten, or round numbers within one", () => {
    expect(logTicks(1e-6, 100, 9).map(({ text }) => text)).toEqual([
      "1e-6",
      "1e-5",
      "0.0001",
      "0.001",
      "0.01",
      "0.1",
      "1",
      "10",
      "100",
    ]);
    expect(logTicks(2, 6, 4).map(({ text }) => text)).toEqual([
      "2",
      "3",
      "4",
      "5",
      "6",
    ]);
  });

  it("of steps are whole, and of a long time whole minutes", () => {
    const texts = (to: number, unit: "step" | "relative") =>
      xTicks({ from: 0, to }, unit, 4).map(({ text }) => text);
    expect(texts(2, "step")).toEqual(["0", "1", "2"]);
    expect(texts(480, "relative")).toEqual([
      "0.0 s",
      "2.0 min",
      "4.0 min",
      "6.0 min",
      "8.0 min",
    ]);
  });
});
