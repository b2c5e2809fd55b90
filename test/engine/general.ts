/** What every engine does beyond arithmetic: state in and out, many steps at once, other batches, and no leaks. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import type {
  Engine,
  StepBatch,
  TrainingSession,
} from "../../src/main/engine/engine";
import { parameterKey } from "../../src/main/graph/parameters";
import type { EngineCase } from "./cases";
import { stateOf, stepsInCase } from "./cases";
import { batchOf, expectSameState, findCase, open } from "./sessions";
import type { SuiteOptions } from "./suite";

/** Batch normalisation, Adam, and steps with and without the generator's update. */
const engineCase = findCase("generator-every-second-step");

export function generalTests(
  engine: () => Engine,
  options: SuiteOptions,
): void {
  it("gives back the state it was given, bit for bit", async () => {
    const session = await open(engine(), engineCase);
    expectSameState(await session.readState(), stateOf(engineCase));
    await session.train(batchOf(engineCase, 0, 3));
    const trained = await session.readState();
    await session.writeState(trained);
    expectSameState(await session.readState(), trained);
    await session.dispose();
  });

  it("hands out copies of its state", async () => {
    const session = await open(engine(), engineCase);
    const first = await session.readState();
    for (const { data } of first.values()) data.fill(7);
    expectSameState(await session.readState(), stateOf(engineCase));
    await session.dispose();
  });

  it("goes on from a state as if nothing had been in between", async () => {
    const session = await open(engine(), engineCase);
    await session.train(batchOf(engineCase, 0, 1));
    const half = await session.readState();
    await session.train(batchOf(engineCase, 1, 2));
    const whole = await session.readState();
    await session.writeState(half);
    await session.train(batchOf(engineCase, 1, 2));
    expectSameState(await session.readState(), whole);
    await session.dispose();
  });

  for (const name of ["wiseodd-mlp", "dropout", "clip", engineCase.name])
    it(`trains many steps at once as it trains single ones, bit for bit: ${name}`, async () => {
      await expectStepsEqualSingles(engine(), findCase(name));
    });

  for (const name of ["wiseodd-mlp", engineCase.name])
    it(`trains as many as are compiled together as it trains single ones: ${name}`, async () => {
      await expectManyEqualSingles(engine(), findCase(name), 19);
    });

  it("takes a batch of another size in between", async () => {
    const session = await open(engine(), engineCase);
    const [alone] = await session.train(shortBatch());
    await session.writeState(stateOf(engineCase));
    await session.train(batchOf(engineCase, 0, 1));
    await session.writeState(stateOf(engineCase));
    const [between] = await session.train(shortBatch());
    await session.train(batchOf(engineCase, 1, 1));
    expect(between).toEqual(alone);
    await session.dispose();
  });

  it("follows the learning rates of each batch", async () => {
    const session = await open(engine(), engineCase);
    const learningRates = { generator: 0, discriminator: 0 };
    await session.train({ ...batchOf(engineCase, 0, 1), learningRates });
    const trained = await session.readState();
    for (const name of ["generator", "discriminator"] as const) {
      const key = parameterKey(name, "net.0.weight");
      expect(trained.get(key)).toEqual(stateOf(engineCase).get(key));
    }
    await session.dispose();
  });

  it("takes two sessions side by side", async () => {
    const first = await open(engine(), engineCase);
    const second = await open(engine(), findCase("clip"));
    await second.train(batchOf(findCase("clip"), 0, 1));
    await second.dispose();
    expectSameState(await first.readState(), stateOf(engineCase));
    await first.dispose();
  });

  it("holds no more tensors or memory after 500 steps than after 100", async () => {
    const leakCase = findCase(options.leakCase);
    const session = await open(engine(), leakCase);
    await repeat(session, leakCase, 100);
    const tensors = options.countTensors?.();
    const memory = residentMiB();
    await repeat(session, leakCase, 400);
    expect(options.countTensors?.()).toBe(tensors);
    expect(residentMiB() - memory).toBeLessThan(30);
    await session.dispose();
  });

  it("holds no tensors once its sessions are gone", async () => {
    const before = options.countTensors?.();
    const session = await open(engine(), engineCase);
    await session.train(batchOf(engineCase, 0, 3));
    await session.update("generator", batchOf(engineCase, 0, 1));
    await session.dispose();
    expect(options.countTensors?.()).toBe(before);
  });
}

async function expectStepsEqualSingles(
  engine: Engine,
  stepsCase: EngineCase,
): Promise<void> {
  const session = await open(engine, stepsCase);
  const together = await session.train(batchOf(stepsCase, 0, 3));
  const state = await session.readState();
  await session.writeState(stateOf(stepsCase));
  for (const step of [0, 1, 2]) {
    const single = await session.train(batchOf(stepsCase, step, 1));
    expect(single.map((column) => column[0])).toEqual(
      together.map((column) => column[step]),
    );
  }
  expectSameState(await session.readState(), state);
  await session.dispose();
}

async function expectManyEqualSingles(
  engine: Engine,
  stepsCase: EngineCase,
  steps: number,
): Promise<void> {
  const session = await open(engine, stepsCase);
  const singles = Array.from({ length: steps }, (_, step) =>
    batchOf(stepsCase, step % stepsInCase, 1),
  );
  const { generatorEvery } = stepsCase.model.objective;
  singles.forEach((single, step) => {
    single.generatorUpdates = [step % generatorEvery === 0];
  });
  const together = await session.train(joined(singles));
  const state = await session.readState();
  await session.writeState(stateOf(stepsCase));
  for (const [step, batch] of singles.entries()) {
    const single = await session.train(batch);
    expect(single.map((column) => column[0])).toEqual(
      together.map((column) => column[step]),
    );
  }
  expectSameState(await session.readState(), state);
  await session.dispose();
}

/** Single steps as one batch of them. */
function joined(singles: readonly StepBatch[]): StepBatch {
  const [first] = singles;
  const inputs = [...first.inputs.keys()].map((name) => {
    const parts = singles.map(({ inputs }) => [...(inputs.get(name) ?? [])]);
    return [name, Float32Array.from(parts.flat())] as const;
  });
  return {
    ...first,
    steps: singles.length,
    inputs: new Map(inputs),
    generatorUpdates: singles.flatMap(
      ({ generatorUpdates }) => generatorUpdates,
    ),
  };
}

/** The case's inputs, cut to three samples a step. */
function shortBatch() {
  const whole = batchOf(engineCase, 0, 1);
  const inputs = [...whole.inputs].map(
    ([name, data]) =>
      [name, data.slice(0, (data.length / whole.batch) * 3)] as const,
  );
  return { ...whole, batch: 3, inputs: new Map(inputs) };
}

async function repeat(
  session: TrainingSession,
  leakCase: EngineCase,
  steps: number,
): Promise<void> {
  const batch = batchOf(leakCase, 0, 2);
  for (let step = 0; step < steps; step += 2) await session.train(batch);
}

function residentMiB(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
  return process.memoryUsage().rss / 2 ** 20;
}
