/** The measures against NumPy and SciPy (test/reference/quality.py), and where the answer is known. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { RowProducts } from "../../src/main/engine/onnx/products";
import {
  classesOf,
  commonShare,
  sharesOf,
} from "../../src/main/quality/measures/classes";
import {
  Duplicates,
  PairDistances,
} from "../../src/main/quality/measures/diversity";
import { frechetDistances } from "../../src/main/quality/measures/frechet";
import { KernelDistance } from "../../src/main/quality/measures/kernel";
import { Manifold } from "../../src/main/quality/measures/manifold";
import {
  authenticAmong,
  copiedAmong,
  nearnessOf,
} from "../../src/main/quality/measures/memorisation";
import { nearestIn } from "../../src/main/quality/measures/neighbours";
import { plainProducts } from "../../src/main/quality/measures/products";
import type { Products } from "../../src/main/quality/measures/products";
import { quantile } from "../../src/main/quality/measures/quantile";
import { allOf } from "../../src/main/quality/measures/rows";
import type { Rows } from "../../src/main/quality/measures/rows";
import { areaUnderCurve } from "../../src/main/quality/measures/scores";
import { constantRows, joinRows, rowsOf } from "./rows";

const figures = z.record(z.string(), z.number());
const fixture = z
  .object({
    moved: figures,
    narrow: figures,
    many: figures,
    copies: figures,
    fresh: figures,
    classCoverage: z.number(),
    auc: z.number(),
    quantile: z.number(),
  })
  .parse(
    JSON.parse(
      readFileSync(
        join(import.meta.dirname, "../fixtures/quality/measures.json"),
        "utf8",
      ),
    ),
  );

const engine = await RowProducts.open(1);
const real = rowsOf(240, 8, 1);

describe.each<[string, Products]>([
  ["float64", plainProducts],
  ["ONNX Runtime", engine.multiply],
])("by %s", (_, products) => {
  it.each([
    ["moved", rowsOf(200, 8, 2, { shift: 0.25 })],
    ["narrow", rowsOf(240, 8, 3, { scale: 0.5 })],
  ] as const)("gives NumPy's values for %s samples", async (name, fake) => {
    expectClose(await compared(real, fake, products), fixture[name]);
  });

  it("averages KID over parts of at most 1,000", async () => {
    const x = rowsOf(1300, 8, 1);
    const y = rowsOf(1201, 8, 2, { shift: 0.1 });
    const kid = (await KernelDistance.of(x, y, products)).among(
      allOf(1300),
      allOf(1201),
    );
    expectClose({ kid }, fixture.many);
  });

  it("gives NumPy's values for copies and for fresh samples", async () => {
    const training = rowsOf(400, 12, 5);
    const nearby = rowsOf(60, 12, 7, { scale: 0.02 });
    nearby.values.forEach((value, i) => {
      nearby.values[i] = value + training.values[i];
    });
    const copies = joinRows(nearby, rowsOf(90, 12, 8));
    const held = rowsOf(150, 12, 6);
    for (const [fake, expected] of [
      [copies, fixture.copies],
      [rowsOf(150, 12, 11), fixture.fresh],
    ] as const)
      expectClose(await traced(held, fake, training, products), expected);
  });
});

it("gives NumPy's class coverage, AUC and quantiles", () => {
  const logits = (count: number, seed: number) =>
    Float32Array.from(rowsOf(count, 4, seed, { scale: 6 }).values);
  const shares = (count: number, seed: number) =>
    sharesOf(
      classesOf(logits(count, seed), 4, () => false),
      allOf(count),
      4,
    );
  const rounded = ({ values }: Rows) =>
    values.map((value) => Number(value.toFixed(1)));
  expectClose(
    {
      classCoverage: commonShare(shares(300, 12), shares(200, 13)),
      auc: areaUnderCurve(
        rounded(rowsOf(80, 1, 9, { shift: 0.3 })),
        rounded(rowsOf(90, 1, 10)),
      ),
      quantile: quantile(Float64Array.from(rowsOf(57, 1, 14).values), 0.01),
    },
    {
      classCoverage: fixture.classCoverage,
      auc: fixture.auc,
      quantile: fixture.quantile,
    },
  );
});

describe("where the answer is known", () => {
  it("the same images are as good as can be", async () => {
    expect(await compared(real, real, plainProducts)).toMatchObject({
      precision: 1,
      recall: 1,
      coverage: 1,
      diversity: 1,
    });
    const { fd } = await compared(real, real, plainProducts);
    expect(fd).toBeLessThan(1e-6);
  });

  it("a swap of precision and recall would show", async () => {
    const narrow = await compared(
      real,
      rowsOf(240, 8, 3, { scale: 0.5 }),
      plainProducts,
    );
    expect(narrow.precision).toBeGreaterThan(0.9);
    expect(narrow.recall).toBeLessThan(0.3);
  });

  it("one image for all samples has no recall, no diversity, and only duplicates", async () => {
    const found = await compared(real, constantRows(240, 8), plainProducts);
    expect(found).toMatchObject({ recall: 0, diversity: 0, duplicates: 1 });
    expect(found.coverage).toBeGreaterThan(0);
  });

  it("constant features on both sides give no false precision", async () => {
    const flat = constantRows(60, 8, 3);
    const found = await compared(flat, flat, plainProducts);
    expect(found).toMatchObject({ fd: 0, precision: 0, coverage: 0 });
    expect(found.diversity).toBeNaN();
  });

  it("training images themselves are copies, and not authentic", async () => {
    const training = rowsOf(400, 12, 5);
    const fake = { ...training, count: 100 };
    const found = await traced(
      rowsOf(150, 12, 6),
      fake,
      training,
      plainProducts,
    );
    expect(found).toEqual({ memorisation: 1, authPct: 0 });
  });

  it("a mirrored training image is a copy where training mirrors", async () => {
    const training = rowsOf(300, 12, 5);
    const mirrored = rowsOf(300, 12, 40);
    const both = { rows: joinRows(training, mirrored), images: 300 };
    const held = await nearnessOf(rowsOf(150, 12, 6), both, plainProducts);
    const copies = await nearnessOf(mirrored, both, plainProducts);
    expect(copiedAmong(held, copies, allOf(150), allOf(300))).toBe(1);
    expect(copies.image).toEqual(allOf(300));
  });

  it("scores that are all alike tell nothing apart", () => {
    expect(areaUnderCurve([1, 1, 1], [1, 1])).toBe(0.5);
    expect(areaUnderCurve([2, 3], [1])).toBe(1);
  });

  it("samples of one class cover a tenth of ten, and garbage covers none", () => {
    const classes = 10;
    const even = Int32Array.from({ length: 100 }, (_, i) => i % classes);
    const one = new Int32Array(100).fill(3);
    const chosen = allOf(100);
    const shares = (labels: Int32Array) => sharesOf(labels, chosen, classes);
    expect(commonShare(shares(even), shares(one))).toBeCloseTo(0.1);
    const sure = new Float32Array(classes).fill(-9).fill(9, 3, 4);
    expect([...classesOf(sure, classes, () => true)]).toEqual([-1]);
    expect([
      ...classesOf(new Float32Array(classes), classes, () => false),
    ]).toEqual([-1]);
  });
});

async function compared(x: Rows, y: Rows, products: Products) {
  const all = [allOf(x.count), allOf(y.count)] as const;
  const real = { features: x, neighbours: await nearestIn(x, x, products) };
  const fake = { features: y, neighbours: await nearestIn(y, y, products) };
  const pairs = async (rows: Rows) => PairDistances.of(rows, products);
  return {
    ...frechetDistances(x, y, ...all),
    kid: (await KernelDistance.of(x, y, products)).among(...all),
    ...(await Manifold.of(real, fake, products)).among(...all),
    diversity:
      (await pairs(y)).median(all[1]) / (await pairs(x)).median(all[0]),
    duplicates: new Duplicates(real.neighbours, fake.neighbours).among(...all),
  };
}

async function traced(
  held: Rows,
  fake: Rows,
  training: Rows,
  products: Products,
) {
  const among = { rows: training, images: training.count };
  const known = await nearnessOf(held, among, products);
  const found = await nearnessOf(fake, among, products);
  const chosen = allOf(fake.count);
  return {
    memorisation: copiedAmong(known, found, allOf(held.count), chosen),
    authPct: authenticAmong(found, chosen),
  };
}

function expectClose(
  found: Record<string, number>,
  expected: Record<string, number>,
): void {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected))
    expect(
      Math.abs(found[name] - value) / Math.max(1, Math.abs(value)),
      name,
    ).toBeLessThan(1e-4);
}
