import { describe, expect, it, vi } from "vitest";
import { drawCurve } from "../../src/renderer/chart/curves";
import { isSmallGrowth } from "../../src/renderer/chart/growth";
import type { ChartContent } from "../../src/shared/curves/chart";
import { pictureOf } from "../../src/shared/curves/picture";
import { panned, within, zoomed } from "../../src/shared/curves/zoom";
import { redraw } from "../../src/renderer/chart/redraw";
import { runLines } from "../../src/renderer/chart/run-lines";
import { MetricTable } from "../../src/shared/curves/metric-table";
import { viewOf } from "../../src/shared/curves/series";

const full = { from: 0, to: 100 };

describe("zooming", () => {
  it("keeps the place under the pointer", () => {
    expect(zoomed(full, full, 25, 0.5)).toEqual({ from: 12.5, to: 62.5 });
  });

  it("out to the whole shows everything, also what is yet to come", () => {
    expect(zoomed({ from: 10, to: 90 }, full, 50, 2)).toBeNull();
  });

  it("stays inside the curve, and never shows nothing", () => {
    expect(within({ from: -20, to: 30 }, full)).toEqual({ from: 0, to: 30 });
    const least = within({ from: 50, to: 50 }, full);
    expect(least && least.to > least.from).toBe(true);
  });
});

it("panning stops at the ends and keeps what is shown as wide", () => {
  expect(panned({ from: 40, to: 60 }, full, 10)).toEqual({ from: 50, to: 70 });
  expect(panned({ from: 40, to: 60 }, full, 90)).toEqual({ from: 80, to: 100 });
  expect(panned({ from: 40, to: 60 }, full, -90)).toEqual({ from: 0, to: 20 });
  expect(panned(full, full, 5)).toBeNull();
});

describe("a picture", () => {
  const steps = Float64Array.from({ length: 50_000 }, (_, index) => index);
  const values = Float32Array.from(steps, (step) => 2 + Math.sin(step));
  values[777] = 90;
  values[778] = -3;
  const line = { key: "a", label: "a", color: "#000000" };

  it("makes room for a spike of one step, and knows the least above 0", () => {
    const { extent } = pictureOf(
      [{ ...line, view: viewOf(steps, values) }],
      null,
      300,
    );
    expect(extent?.low).toBe(-3);
    expect(extent?.high).toBe(90);
    expect(extent?.lowestPositive).toBeCloseTo(1, 2);
  });

  it("draws every column of a dense curve from low to high, and a sparse one as a line", () => {
    const calls: string[] = [];
    const context = new Proxy({} as CanvasRenderingContext2D, {
      get: (_, name) => () => calls.push(String(name)),
      set: () => true,
    });
    const place = { x: (x: number) => x, y: (y: number) => y };
    const look = { color: "#000000", width: 1.5 };
    const draw = (from: number, to: number) => {
      const view = viewOf(steps, values);
      const { lines } = pictureOf([{ ...line, view }], { from, to }, 300);
      calls.length = 0;
      drawCurve(context, place, lines[0].curve, look);
    };
    draw(0, 49_999);
    expect(calls.filter((call) => call === "fillRect").length).toBeLessThan(
      310,
    );
    expect(calls).not.toContain("stroke");
    draw(100, 200);
    expect(calls).toContain("stroke");
  });
});

it("columns of a dense curve reach each other, and hold every spike", () => {
  const filled: number[][] = [];
  const context = {
    fillRect: (...box: number[]) => filled.push(box),
  } as unknown as CanvasRenderingContext2D;
  const place = { x: (x: number) => x / 100, y: (y: number) => -y };
  const steps = Float64Array.from({ length: 30_000 }, (_, index) => index);
  const values = Float32Array.from(steps, (step) => step / 10);
  values[777] = 5000;
  const view = viewOf(steps, values);
  const look = { key: "a", label: "a", color: "#000000", view };
  const { lines } = pictureOf([look], null, 300);
  drawCurve(context, place, lines[0].curve, { color: "#000000", width: 0 });
  expect(Math.min(...filled.map(([, top]) => top))).toBe(-5000);
  filled.slice(1).forEach(([left, top, , height], index) => {
    const [leftBefore, topBefore, width, heightBefore] = filled[index];
    expect(left).toBe(leftBefore + width);
    expect(top).toBeLessThanOrEqual(topBefore + heightBefore);
    expect(top + height).toBeGreaterThanOrEqual(topBefore);
  });
});

describe("a run that goes on", () => {
  const rows = (first: number, count: number, value = 1) => ({
    tags: ["loss/generator"],
    steps: Float64Array.from({ length: count }, (_, row) => first + row),
    times: new Float64Array(count),
    values: [new Float32Array(count).fill(value)],
  });
  const wanted = [{ tag: "loss/generator", label: "G", color: "#000000" }];
  const contentOf = (table: MetricTable, smoothing = 0): ChartContent => ({
    lines: runLines({ table, stepsPerEpoch: 1, objective: null }, wanted, {
      axis: "step",
      smoothing,
      commonScale: false,
    }),
    unit: "step",
    yScale: "linear",
    range: null,
    yBounds: null,
    markers: [],
    levels: [],
  });

  it("is drawn again when its new points take a pixel", () => {
    const table = new MetricTable();
    table.append([rows(1, 10_000)]);
    const drawn = contentOf(table);
    table.append([rows(10_001, 10)]);
    expect(isSmallGrowth(drawn, contentOf(table), 500)).toBe(true);
    table.append([rows(10_011, 30)]);
    expect(isSmallGrowth(drawn, contentOf(table), 500)).toBe(false);
  });

  it("is drawn again at once when NaN comes, or the smoothing or the range changes", () => {
    const table = new MetricTable();
    table.append([rows(1, 10_000)]);
    const drawn = contentOf(table);
    const range = { from: 1, to: 50 };
    expect(isSmallGrowth(drawn, contentOf(table, 0.5), 500)).toBe(false);
    expect(isSmallGrowth(drawn, { ...drawn, range }, 500)).toBe(false);
    table.append([rows(10_001, 1, NaN)]);
    expect(isSmallGrowth(drawn, contentOf(table), 500)).toBe(false);
  });

  it("is left alone where it grows outside what is zoomed to", () => {
    const table = new MetricTable();
    table.append([rows(1, 1_000)]);
    const range = { from: 1, to: 50 };
    const drawn = { ...contentOf(table), range };
    table.append([rows(1_001, 1_000)]);
    expect(isSmallGrowth(drawn, { ...contentOf(table), range }, 500)).toBe(
      true,
    );
  });
});

describe("while a graph is drawn first in every frame", () => {
  /** Draws frames by hand, 16 ms apart; each asks for the first graph again. */
  function run(frames: number): string[] {
    const drawn: string[] = [];
    const asked: FrameRequestCallback[] = [];
    vi.stubGlobal("requestAnimationFrame", (next: FrameRequestCallback) =>
      asked.push(next),
    );
    const first = () => drawn.push("first");
    redraw(() => drawn.push("second"), "later");
    redraw(() => drawn.push("third"), "later");
    redraw(() => drawn.push("figures"), "in turn");
    for (let frame = 0; frame < frames; frame++) {
      redraw(first, "first");
      for (const next of asked.splice(0)) next(1e6 + frame * 16);
    }
    for (const next of asked.splice(0)) next(2e6);
    vi.unstubAllGlobals();
    return drawn;
  }

  it("the others wait, are not forgotten, and keep no figures waiting", () => {
    const drawn = run(30);
    expect(drawn.slice(0, 3)).toEqual(["first", "figures", "second"]);
    expect(drawn.filter((name) => name === "first")).toHaveLength(30);
    expect(drawn.indexOf("third")).toBeGreaterThan(20);
  });
});
