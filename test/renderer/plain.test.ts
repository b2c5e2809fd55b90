/** The window's small pure functions. */
import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatDuration,
  formatSpeed,
} from "../../src/renderer/format";
import { formatValue } from "../../src/shared/format-value";
import { droppedPaths } from "../../src/renderer/dropped";
import { matchScore } from "../../src/renderer/components/match";
import { nearestIndex } from "../../src/shared/curves/search";
import { gridSize, tileBox } from "../../src/renderer/components/tiles";
import {
  formatRoute,
  parseRoute,
} from "../../src/renderer/state/navigation.svelte";
import type { Route } from "../../src/renderer/state/navigation.svelte";

describe("figures", () => {
  it("keep about four digits and say NaN and infinity", () => {
    expect(
      [0.94071, 12.3456, 5e-7, NaN, -Infinity, null].map(formatValue),
    ).toEqual(["0.9407", "12.35", "5.00e-7", "NaN", "−∞", "–"]);
  });

  it("of time and speed read as people say them", () => {
    expect(formatDuration(7)).toBe("0:07");
    expect(formatDuration(11_045)).toBe("3:04:05");
    expect(formatSpeed(0.25)).toBe("4.0 s a step");
    expect(formatSpeed(1234.5)).toBe("1,235 steps/s");
    expect(formatBytes(12_582_912)).toBe("12 MB");
  });
});

describe("dropped files", () => {
  const transfer = { files: [new File([], "a.zip"), new File([], "b.zip")] };
  const pathsOf = (pathOf: (file: File) => string) =>
    droppedPaths(transfer as unknown as DataTransfer, pathOf);

  it("are read where they lie if all of them lie somewhere", () => {
    expect(pathsOf(({ name }) => `/runs/${name}`)).toEqual([
      "/runs/a.zip",
      "/runs/b.zip",
    ]);
    expect(pathsOf(({ name }) => (name === "a.zip" ? "/a.zip" : ""))).toBe(
      null,
    );
  });
});

describe("the nearest saved step", () => {
  const steps = [0, 100, 200, 1000];
  it.each([
    [0, 0],
    [49, 0],
    [50, 0],
    [51, 1],
    [599, 2],
    [601, 3],
    [99_999, 3],
    [-5, 0],
  ])("to %i is number %i", (wanted, index) => {
    expect(nearestIndex(steps, wanted)).toBe(index);
  });
});

describe("the layout of a grid", () => {
  it("is torchvision's make_grid", () => {
    const layout = { count: 64, perRow: 8, padding: 2, size: 28 };
    expect(gridSize(layout)).toEqual({ width: 242, height: 242 });
    expect(tileBox(layout, 9)).toEqual({
      x: 32,
      y: 32,
      width: 28,
      height: 28,
    });
  });

  it("is as narrow as few images are", () => {
    expect(gridSize({ count: 3, perRow: 8, padding: 2, size: 28 })).toEqual({
      width: 92,
      height: 32,
    });
  });
});

it("the palette prefers letters that begin words", () => {
  expect(matchScore("nr", "New Run")).toBeGreaterThan(
    matchScore("nr", "Unread") ?? -1,
  );
  expect(matchScore("start", "Start")).toBeGreaterThan(
    matchScore("start", "Star this run") ?? -1,
  );
  expect(matchScore("xyz", "New Run")).toBeNull();
  expect(matchScore("", "New Run")).toBe(0);
});

describe("the address of a view", () => {
  const routes: Route[] = [
    { view: "train" },
    { view: "history" },
    { view: "settings" },
    { view: "run", run: "20261120-x", tab: "gallery" },
    { view: "compare", runs: ["a", "b"] },
    { view: "compare", runs: [] },
  ];
  it.each(routes)("leads back to %o", (route) => {
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });

  it("is no view where it names none", () => {
    expect(parseRoute("")).toBeNull();
    expect(parseRoute("#key=abc")).toBeNull();
    expect(parseRoute("#/run/")).toBeNull();
  });
});
