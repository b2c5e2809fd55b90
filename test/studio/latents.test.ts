import { describe, expect, it } from "vitest";
import { latentsOf, slerp } from "../../src/main/studio/latents";
import { noiseBank } from "../../src/main/trainer/streams";

const size = 64;

/** The vectors of `[count, size]`. */
function rows(values: Float32Array): Float32Array[] {
  return Array.from({ length: values.length / size }, (_, row) =>
    values.subarray(row * size, (row + 1) * size),
  );
}

function norm(vector: Float32Array): number {
  return Math.hypot(...vector);
}

describe("latent vectors", () => {
  it("gives the run's own tiles for the bank", () => {
    const { values } = latentsOf({ kind: "bank", count: 9 }, size, null);
    expect(values).toEqual(noiseBank(9, size));
  });

  it("has the bank that all runs share in every version, so that their tiles compare", () => {
    expect([...noiseBank(2, 3)]).toEqual([
      1.368085265159607, 0.16424241662025452, -1.3073023557662964,
      0.6942954063415527, -1.493116855621338, 0.8060958981513977,
    ]);
  });

  it("gives the same samples for the same seed, and more of them for a larger count", () => {
    const few = latentsOf({ kind: "samples", seed: 3, count: 4 }, size, null);
    const many = latentsOf({ kind: "samples", seed: 3, count: 9 }, size, null);
    expect(many.values.subarray(0, few.values.length)).toEqual(few.values);
    const other = latentsOf({ kind: "samples", seed: 4, count: 4 }, size, null);
    expect(other.values).not.toEqual(few.values);
  });

  it("finds each vector again by its name", () => {
    const { values, names } = latentsOf(
      { kind: "samples", seed: 3, count: 4 },
      size,
      null,
    );
    const latent = names?.[2] ?? { from: "bank" as const, index: 0 };
    const { values: ends } = latentsOf(
      { kind: "slerp", stops: [latent, latent], framesPerLeg: 2 },
      size,
      null,
    );
    expect(rows(ends)[0]).toEqual(rows(values)[2]);
  });

  it("keeps truncated values within the limit and the others as they were", () => {
    const exploration = { kind: "bank", count: 16 } as const;
    const whole = latentsOf(exploration, size, null).values;
    const cut = latentsOf(exploration, size, 0.7).values;
    expect(Math.max(...cut.map(Math.abs))).toBeLessThanOrEqual(
      Math.fround(0.7),
    );
    cut.forEach((value, i) => {
      if (Math.abs(whole[i]) <= 0.7) expect(value).toBe(whole[i]);
    });
  });

  it("goes from stop to stop without short vectors in between", () => {
    const bank = (index: number) => ({ from: "bank" as const, index });
    const { count, values } = latentsOf(
      { kind: "slerp", stops: [bank(0), bank(1), bank(2)], framesPerLeg: 10 },
      size,
      null,
    );
    expect(count).toBe(21);
    const stops = rows(noiseBank(3, size));
    const path = rows(values);
    [0, 10, 20].forEach((frame, stop) =>
      path[frame].forEach((value, i) =>
        expect(value).toBeCloseTo(stops[stop][i], 5),
      ),
    );
    const shortest = Math.min(...stops.map(norm));
    for (const vector of path)
      expect(norm(vector)).toBeGreaterThan(shortest - 1e-4);
  });

  it("leads a walk back to where it began", () => {
    const { count, values } = latentsOf(
      { kind: "walk", seed: 1, stops: 3, framesPerLeg: 4 },
      size,
      null,
    );
    expect(count).toBe(12);
    const path = rows(values);
    const steps = path.map((vector, i) => {
      const next = path[(i + 1) % path.length];
      return Math.hypot(...vector.map((value, j) => value - next[j]));
    });
    expect(Math.max(...steps)).toBeLessThan(2 * Math.min(...steps));
  });

  it("sweeps one dimension and leaves the others", () => {
    const { values } = latentsOf(
      {
        kind: "sweep",
        latent: { from: "bank", index: 5 },
        dimension: 7,
        low: -2,
        high: 2,
        count: 5,
      },
      size,
      null,
    );
    expect(rows(values).map((vector) => vector[7])).toEqual([-2, -1, 0, 1, 2]);
    const still = rows(values).map((vector) => vector[8]);
    expect(new Set(still).size).toBe(1);
  });

  it("refuses a dimension that is not there", () => {
    const sweep = {
      kind: "sweep",
      latent: { from: "bank", index: 0 },
      dimension: 64,
      low: -1,
      high: 1,
      count: 2,
    } as const;
    expect(() => latentsOf(sweep, size, null)).toThrow("0 to 63, not 64");
  });

  it("takes the straight line where two vectors point the same way", () => {
    const a = Float32Array.of(1, 0);
    expect(slerp(a, Float32Array.of(3, 0), 0.5)).toEqual(Float32Array.of(2, 0));
  });
});
