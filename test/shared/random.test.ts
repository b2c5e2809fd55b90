import { describe, expect, it } from "vitest";
import { Random } from "../../src/shared/random";

describe("Random", () => {
  it("draws PractRand's sfc32", () => {
    // Written out from the definition: three adds, a shift, a rotation, and a counter.
    let [a, b, c, counter] = [1, 2, 3, 4].map(BigInt);
    const mask = 0xffffffffn;
    const random = Random.fromState([1, 2, 3, 4]);
    for (let i = 0; i < 1000; i++) {
      const sum = (a + b + counter) & mask;
      counter = (counter + 1n) & mask;
      a = b ^ (b >> 9n);
      b = (c + (c << 3n)) & mask;
      c = ((((c << 21n) | (c >> 11n)) & mask) + sum) & mask;
      expect(random.uint32()).toBe(Number(sum));
    }
  });

  it("fills arrays with the same normals as it draws one by one", () => {
    const whole = new Float32Array(10_000);
    const filling = Random.fromSeed(7, "noise");
    filling.fillNormal(whole);
    const single = Random.fromSeed(7, "noise");
    whole.forEach((value) => expect(value).toBe(Math.fround(single.normal())));
    expect(filling.state).toEqual(single.state);
  });

  it("goes on from a saved state", () => {
    const random = Random.fromSeed(1, "order");
    random.permutation(100);
    const again = Random.fromState(random.state);
    expect(again.permutation(50)).toEqual(random.permutation(50));
  });

  it("gives each purpose of a seed a stream of its own", () => {
    const first = (purpose: string) => Random.fromSeed(1, purpose).uint32();
    expect(new Set(["noise", "order", "masks", "flips"].map(first)).size).toBe(
      4,
    );
  });

  it("draws normals with the moments and tails of N(0, 1)", () => {
    const count = 1_000_000;
    const values = new Float32Array(count);
    Random.fromSeed(3, "noise").fillNormal(values);
    const moment = (power: number) =>
      values.reduce((sum, value) => sum + value ** power, 0) / count;
    // Four standard errors of each moment's estimate.
    expect(Math.abs(moment(1))).toBeLessThan(4 * Math.sqrt(1 / count));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / count));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / count));
    // 2 * (1 - Phi(3.5)) and 2 * (1 - Phi(2)): the tail and the body.
    for (const [edge, share] of [
      [3.5, 4.6526e-4],
      [2, 4.55003e-2],
    ]) {
      const beyond = values.filter((value) => Math.abs(value) > edge).length;
      const error = 4 * Math.sqrt((share * (1 - share)) / count);
      expect(Math.abs(beyond / count - share)).toBeLessThan(error);
    }
  });

  it("draws as much of the far tail as N(0, 1) has", () => {
    const values = new Float32Array(1_000_000);
    const random = Random.fromSeed(4, "noise");
    let beyond = 0;
    for (let i = 0; i < 10; i++) {
      random.fillNormal(values);
      for (const value of values) if (Math.abs(value) > 4) beyond++;
    }
    // Ten million times 2 * (1 - Phi(4)), and four standard errors.
    expect(Math.abs(beyond - 633.4)).toBeLessThan(4 * Math.sqrt(633.4));
  });

  it("drops at the rate of a mask and makes up for it in the rest", () => {
    const mask = new Float32Array(100_000);
    Random.fromSeed(6, "masks").fillMask(mask, 0.25);
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
    const dropped = mask.filter((value) => value === 0).length / mask.length;
    const error = 4 * Math.sqrt((0.25 * 0.75) / mask.length);
    expect(Math.abs(dropped - 0.25)).toBeLessThan(error);
  });

  it("draws the same for a seed in every version, so that a run can be trained again", () => {
    const first = (purpose: string) => Random.fromSeed(42, purpose).uint32();
    expect(["noise", "order", "masks", "flips", "weights"].map(first)).toEqual([
      521186022, 1812964607, 2315281641, 4077993269, 1351272677,
    ]);
  });

  it("permutes every index once, and each place about equally often", () => {
    const random = Random.fromSeed(5, "order");
    const first = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) {
      const order = random.permutation(10);
      expect([...order].sort((x, y) => x - y)).toEqual([
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
      ]);
      first[order[0]]++;
    }
    // Chi-squared with nine degrees of freedom: 27.9 is its 99.9th percentile.
    const chi = first.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(chi).toBeLessThan(27.9);
  });
});
