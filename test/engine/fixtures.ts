/** What PyTorch made of the cases, and how close an engine has to come to it. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { z } from "zod";
import type { Network } from "../../src/shared/settings/network";
import type { NetworkRole } from "../../src/shared/settings/settings";

/** Relative to the change itself, as `engines.md` asks of one update in float32 against float64. */
const tolerance = 1e-4;

const summarySchema = z.object({
  /** L2 norm of the whole tensor. */
  norm: z.number(),
  /** Its entries at `samplePlaces`. */
  at: z.array(z.number()),
});
const figuresSchema = z.record(z.string(), z.number());
const updateSchema = z.object({
  figures: figuresSchema,
  gradients: z.record(z.string(), summarySchema.nullable()),
});
const forwardSchema = z.object({
  generate: summarySchema,
  discriminate: z.array(z.number()),
  activations: z.object({
    generator: z.array(summarySchema),
    discriminator: z.array(summarySchema),
  }),
});
const fixtureSchema = z.object({
  parameters: z.object({
    generator: z.array(z.string()),
    discriminator: z.array(z.string()),
  }),
  steps: z.array(figuresSchema),
  state: z.record(z.string(), summarySchema.extend({ startNorm: z.number() })),
  updates: z.object({ generator: updateSchema, discriminator: updateSchema }),
  forward: z.object({ batch: forwardSchema, evaluation: forwardSchema }),
});

export type Summary = z.infer<typeof summarySchema>;
export type Fixture = z.infer<typeof fixtureSchema>;

export function readFixture(name: string): Fixture {
  return fixtureSchema.parse(readJson(name));
}

export function readJson(name: string): unknown {
  const url = new URL(`../fixtures/engine/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8"));
}

const samples = 24;
const golden = 0.6180339887498949;

/** The entries of a tensor of `count` that the fixtures hold: `places` in `test/reference/engine.py`. */
export function samplePlaces(count: number): number[] {
  if (count <= samples) return Array.from({ length: count }, (_, k) => k);
  return Array.from({ length: samples }, (_, k) =>
    Math.floor(((k * golden) % 1) * count),
  );
}

/**
 * Holds a tensor to its fixture: the norm, and each entry to within the tolerance of its own size or of the tensor's
 * root mean square. `rounding` is what float32 itself may lose of an entry.
 */
export function expectSummary(
  name: string,
  actual: ArrayLike<number>,
  expected: Summary,
  rounding: (place: number) => number = () => 0,
): void {
  const rms = expected.norm / Math.sqrt(actual.length);
  const places = samplePlaces(actual.length);
  places.forEach((place, index) => {
    const want = expected.at[index];
    const allowed =
      tolerance * Math.max(Math.abs(want), rms) + rounding(place) + 1e-9;
    if (!(Math.abs(actual[place] - want) <= allowed))
      expect.fail(
        `${name}[${place}] is ${actual[place]}, PyTorch's ${want} (off by ${Math.abs(actual[place] - want)}, allowed ${allowed}).`,
      );
  });
  let roundings = 0;
  for (let i = 0; i < actual.length; i++) roundings += rounding(i) ** 2;
  const difference = Math.abs(norm(actual) - expected.norm);
  const allowed = tolerance * expected.norm + Math.sqrt(roundings) + 1e-8;
  if (!(difference <= allowed))
    expect.fail(
      `The norm of ${name} is ${norm(actual)}, PyTorch's ${expected.norm}.`,
    );
}

/** Holds figures by name; those that PyTorch does not have must be absent or NaN. */
export function expectFigures(
  actual: Readonly<Record<string, number | undefined>>,
  expected: Readonly<Record<string, number>>,
  relative = tolerance,
): void {
  for (const [name, want] of Object.entries(expected)) {
    const value = actual[name] ?? NaN;
    if (!(Math.abs(value - want) <= relative * Math.abs(want) + 1e-6))
      expect.fail(`${name} is ${value}, PyTorch's ${want}.`);
  }
  for (const [name, value] of Object.entries(actual))
    if (!(name in expected)) expect(value ?? NaN, name).toBeNaN();
}

/**
 * Biases whose true gradient is zero, because batch normalisation takes off whatever they add. What float arithmetic
 * gives for them is rounding noise, so it is only asked to be small.
 */
export function ineffectiveBiases(
  role: NetworkRole,
  network: Network,
): Set<string> {
  const names = new Set<string>();
  network.layers.forEach((layer, index) => {
    if (!("bias" in layer) || !layer.bias) return;
    if (network.layers[index + 1]?.type === "batchNorm")
      names.add(`${role}.${layer.name}.bias`);
  });
  return names;
}

export function norm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ** 2;
  return Math.sqrt(sum);
}
