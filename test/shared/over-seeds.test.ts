/** Intervals over seeds against SciPy: `test/reference/over_seeds.py` makes the fixture. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  differenceOf,
  differenceWords,
  meanInterval,
  medianOf,
  medianReach,
  overSeeds,
} from "../../src/shared/comparison/over-seeds";
import { criticalT } from "../../src/shared/comparison/student";

interface Interval {
  low: number;
  high: number;
}

interface Case {
  a: number[];
  b: number[];
  median: number;
  mean: number;
  interval: Interval;
  welch: Interval;
  paired?: Interval & { p: number };
  seeds?: number;
}

const fixture = JSON.parse(
  readFileSync(
    join(import.meta.dirname, "../fixtures/over-seeds.json"),
    "utf8",
  ),
) as {
  criticalT: { freedom: number; value: number }[];
  cases: Case[];
  reaches: { count: number; left: number; confidence: number }[];
};

/** Of these seeds in order. */
const of = (values: readonly number[], firstSeed = 0) =>
  overSeeds(
    values.map((value, i) => ({ run: `r${i}`, seed: firstSeed + i, value })),
  );

function expectInterval(found: Interval | null, wanted: Interval) {
  expect(found?.low).toBeCloseTo(wanted.low, 10);
  expect(found?.high).toBeCloseTo(wanted.high, 10);
}

test.each(fixture.criticalT)(
  "Student's t of $freedom degrees of freedom",
  ({ freedom, value }) => {
    expect(criticalT(freedom) / value).toBeCloseTo(1, 10);
  },
);

test.each(fixture.reaches)(
  "the median of $count values lies between two of them",
  ({ count, left, confidence }) => {
    const reach = medianReach(count);
    expect(reach.left).toBe(left);
    expect(reach.confidence).toBeCloseTo(confidence, 12);
  },
);

describe.each(fixture.cases)("$a.length against $b.length seeds", (one) => {
  test("median, mean and the interval of the mean", () => {
    const found = of(one.a);
    expect(medianOf(one.a)).toBeCloseTo(one.median, 12);
    expect(found?.mean).toBeCloseTo(one.mean, 12);
    expectInterval(found?.interval ?? null, one.interval);
  });

  test("the difference by equal seeds", () => {
    if (!one.paired) return;
    const found = differenceOf(of(one.a), of(one.b));
    if (found.kind !== "paired") throw new Error(found.kind);
    expectInterval(found.interval, one.paired);
    expect(found.distinguishable).toBe(one.paired.p < 0.05);
    expect(found.wouldDo ?? found.seeds).toBe(one.seeds);
  });

  test("the difference of seeds that are not shared, by Welch", () => {
    const found = differenceOf(of(one.a), of(one.b, 100));
    if (found.kind !== "unpaired") throw new Error(found.kind);
    expectInterval(found.interval, one.welch);
  });
});

test("one seed has no interval, and no difference can be told of it", () => {
  expect(meanInterval([3])).toBeNull();
  expect(of([3])?.interval).toBeNull();
  const difference = differenceOf(of([3]), of([4, 5]));
  expect(differenceWords(difference)).toContain("One seed says nothing");
});

test("what is not finite is counted and left out", () => {
  const found = of([1, NaN, 3, Infinity]);
  expect(found?.median).toBe(2);
  expect(found?.lost).toBe(2);
  expect(of([NaN])).toBeNull();
});

test("pairs are those of the same seed, whatever the order", () => {
  const a = overSeeds([
    { run: "a", seed: 2, value: 5 },
    { run: "b", seed: 1, value: 3 },
    { run: "c", seed: 9, value: 100 },
  ]);
  const b = overSeeds([
    { run: "d", seed: 1, value: 1 },
    { run: "e", seed: 2, value: 2 },
  ]);
  expect(differenceOf(a, b)).toMatchObject({
    kind: "paired",
    seeds: 2,
    mean: 2.5,
  });
});

test("says how many seeds would do where the interval holds 0", () => {
  const words = differenceWords(differenceOf(of([1, 2, 3]), of([1.5, 1, 3.2])));
  expect(words).toMatch(
    /^not distinguishable with 3 seeds; about \d+ would do$/,
  );
  expect(differenceWords(differenceOf(of([1, 2]), of([1, 2])))).toBe(
    "not distinguishable with 2 seeds",
  );
  expect(differenceWords(differenceOf(of([1, 2]), of([5, 6])))).toBe("lower");
});
