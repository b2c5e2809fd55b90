/** Opens sessions on cases and feeds them. */
import { expect } from "vitest";
import type {
  Engine,
  ModelState,
  StepBatch,
  TrainingSession,
} from "../../src/main/engine/engine";
import { stepMetrics } from "../../src/shared/metrics";
import type { EngineCase } from "./cases";
import { engineCases, inputsOf, stateOf } from "./cases";

export function findCase(name: string): EngineCase {
  const found = engineCases.find((engineCase) => engineCase.name === name);
  if (!found) throw new Error(`There is no engine case ${name}.`);
  return found;
}

/** A session that starts where the case does. */
export function open(
  engine: Engine,
  engineCase: EngineCase,
): Promise<TrainingSession> {
  return engine.createSession(engineCase.model, stateOf(engineCase), {
    id: engine.id,
    threads: null,
    spinning: true,
  });
}

/** `steps` consecutive steps of the case, from `first` on. */
export function batchOf(
  engineCase: EngineCase,
  first: number,
  steps: number,
): StepBatch {
  const inputs = [...inputsOf(engineCase)].map(([name, data]) => {
    const size = data.length / engineCase.generatorUpdates.length;
    return [name, data.slice(first * size, (first + steps) * size)] as const;
  });
  const { generator, discriminator } = engineCase.model.optimizers;
  return {
    steps,
    batch: engineCase.batch,
    inputs: new Map(inputs),
    generatorUpdates: engineCase.generatorUpdates.slice(first, first + steps),
    learningRates: {
      generator: generator.learningRate,
      discriminator: discriminator.learningRate,
    },
  };
}

/** The figures of one step by name. */
export function row(
  columns: readonly Float32Array[],
  step: number,
): Record<string, number> {
  return Object.fromEntries(
    stepMetrics.map((metric, index) => [metric, columns[index][step]]),
  );
}

/** Bit for bit: NaN equals itself, and 0 differs from -0. */
export function expectSameState(
  actual: ModelState,
  expected: ModelState,
): void {
  expect([...actual.keys()]).toEqual([...expected.keys()]);
  for (const [name, { shape, data }] of expected) {
    expect(actual.get(name)?.shape, name).toEqual(shape);
    expectSameBits(name, actual.get(name)?.data, data);
  }
}

/** Faster than a deep comparison of a million numbers. */
export function expectSameBits(
  name: string,
  actual: Float32Array | undefined,
  expected: Float32Array,
): void {
  if (!bytes(actual).equals(bytes(expected))) expect.fail(`${name} differs.`);
}

function bytes(data: Float32Array | undefined): Buffer {
  if (!data) return Buffer.alloc(0);
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
