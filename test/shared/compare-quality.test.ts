import { expect, it } from "vitest";
import { compareQuality } from "../../src/shared/compare-quality";
import { measureNames } from "../../src/shared/quality";
import type { Measures, Quality } from "../../src/shared/quality";

const absent = { reason: "Not measured." };

function quality(
  measures: Partial<Measures>,
  changes: Partial<Quality> = {},
): Quality {
  return {
    runId: "a",
    step: 10,
    extractor: { hash: "e", kind: "classifier", features: 64, accuracy: 0.99 },
    realSet: { title: "MNIST", hash: "r", count: 100, part: "test part" },
    samples: 100,
    measures: {
      ...(Object.fromEntries(
        measureNames.map((name) => [name, absent]),
      ) as Measures),
      ...measures,
    },
    ...changes,
  };
}

const fd = (value: number) => ({
  value,
  low: value - 1,
  high: value + 1,
  floor: 0.1,
});
const precision = (value: number) => ({
  value,
  low: value - 0.02,
  high: value + 0.02,
  ceiling: 0.95,
});

it("names the better run where intervals lie apart, on the measure's own side", () => {
  const found = compareQuality([
    quality({ fd: fd(10), precision: precision(0.7), dAuc: fd(1) }),
    quality({ fd: fd(5), precision: precision(0.8), dAuc: fd(9) }),
    quality({ fd: fd(20), precision: precision(0.9) }),
  ]);
  if (found.kind === "none") throw new Error(found.reason);
  const verdicts = new Map(found.rows.map((row) => [row.name, row.verdict]));
  expect(verdicts.get("fd")).toEqual({ kind: "better", index: 1 });
  expect(verdicts.get("precision")).toEqual({ kind: "better", index: 2 });
  // Of two scores of D neither is the better.
  expect(verdicts.get("dAuc")).toEqual({ kind: "none" });
  expect(verdicts.get("kid")).toEqual({ kind: "none" });
});

it("says that overlapping intervals are not distinguishable", () => {
  const found = compareQuality([
    quality({ fd: fd(10) }),
    quality({ fd: fd(11.5) }),
  ]);
  expect(found).toMatchObject({
    rows: expect.arrayContaining([
      expect.objectContaining({
        name: "fd",
        verdict: { kind: "not-distinguishable" },
      }),
    ]) as unknown,
  });
});

it("never puts values of different stamps into one table", () => {
  const extractor = { ...quality({}).extractor, hash: "another" };
  for (const other of [{ extractor }, { samples: 50 }])
    expect(
      compareQuality([quality({ fd: fd(1) }), quality({ fd: fd(1) }, other)]),
    ).toMatchObject({ kind: "none" });
});
