/** Whether 95 % intervals hold the truth in 90 to 98 % of 200 simulations with known distributions. */
import { expect, it } from "vitest";
import { Duplicates } from "../../src/main/quality/measures/diversity";
import { frechetDistances } from "../../src/main/quality/measures/frechet";
import {
  areApart,
  asShare,
  intervals,
} from "../../src/main/quality/measures/interval";
import type { Interval } from "../../src/main/quality/measures/interval";
import { KernelDistance } from "../../src/main/quality/measures/kernel";
import { Manifold } from "../../src/main/quality/measures/manifold";
import { nearestIn } from "../../src/main/quality/measures/neighbours";
import { plainProducts } from "../../src/main/quality/measures/products";
import type { Rows } from "../../src/main/quality/measures/rows";
import {
  areaUnderCurve,
  pickScores,
} from "../../src/main/quality/measures/scores";
import { Random } from "../../src/shared/random";

const simulations = 200;
const count = 160;
const width = 4;
const shares = ["precision", "recall", "coverage", "duplicates"] as const;

/** Normal features, and samples that are moved and wider. */
async function simulate(seed: number): Promise<Record<string, Interval>> {
  const random = Random.fromSeed(seed, "simulation");
  const x = normal(random, 0, 1);
  const y = normal(random, 0.5, 1.2);
  const scores = [normal(random, 1, 1), normal(random, 0, 1)].map(
    ({ values }) => Float32Array.from(values.subarray(0, count)),
  );
  const real = {
    features: x,
    neighbours: await nearestIn(x, x, plainProducts),
  };
  const fake = {
    features: y,
    neighbours: await nearestIn(y, y, plainProducts),
  };
  const kernel = await KernelDistance.of(x, y, plainProducts);
  const manifold = await Manifold.of(real, fake, plainProducts);
  const duplicates = new Duplicates(real.neighbours, fake.neighbours);
  const found = intervals(
    (a, b) => ({
      fd: frechetDistances(x, y, a, b).fd,
      kid: kernel.among(a, b),
      ...manifold.among(a, b),
      duplicates: duplicates.among(a, b),
      auc: areaUnderCurve(pickScores(scores[0], a), pickScores(scores[1], b)),
    }),
    [count, count],
    random,
  );
  const asShares = shares.map((share): [string, Interval] => [
    share,
    asShare(found[share], count),
  ]);
  return { ...found, ...Object.fromEntries(asShares) };
}

function normal(random: Random, mean: number, deviation: number): Rows {
  const values = Float64Array.from(
    { length: count * width },
    () => mean + deviation * random.normal(),
  );
  return { count, width, values };
}

const found: Record<string, Interval>[] = [];
for (let seed = 0; seed < simulations; seed++) found.push(await simulate(seed));

/** Of a biased measure the truth is its mean at this number of images. */
const truths: Record<string, number> = Object.fromEntries(
  Object.keys(found[0]).map((name) => [
    name,
    found.reduce((sum, one) => sum + one[name].value, 0) / simulations,
  ]),
);
// P(N(1, 1) > N(0, 1)) = Phi(1 / sqrt(2))
truths.auc = 0.7602499;

it.each(Object.keys(truths))("of %s", (name) => {
  const held = found.filter(
    (one) => one[name].low <= truths[name] && truths[name] <= one[name].high,
  ).length;
  expect(held / simulations).toBeGreaterThanOrEqual(0.9);
  expect(held / simulations).toBeLessThanOrEqual(0.98);
});

it("two sample sets of one source are not distinguishable in 95 of 100 repeats", () => {
  for (const name of ["fd", "kid", "precision", "recall", "coverage"]) {
    const pairs = Array.from({ length: 100 }, (_, i) =>
      areApart(found[2 * i][name], found[2 * i + 1][name]),
    );
    expect(pairs.filter((apart) => apart).length, name).toBeLessThanOrEqual(5);
  }
});
