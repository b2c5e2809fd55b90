/** What every engine has to do, in one suite that is run once for each: PyTorch's arithmetic here, the rest in general.ts. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type {
  Engine,
  ForwardMode,
  ModelState,
  TrainingSession,
} from "../../src/main/engine/engine";
import { networkRoles, stepKey } from "../../src/main/graph/parameters";
import { volume } from "../../src/shared/layers";
import { inferShapes, outputOf } from "../../src/shared/settings/network";
import type { NetworkRole } from "../../src/shared/settings/settings";
import type { EngineCase } from "./cases";
import { engineCases, forwardCount, forwardInputsOf, stateOf } from "./cases";
import type { Fixture } from "./fixtures";
import {
  expectFigures,
  expectSummary,
  ineffectiveBiases,
  norm,
  readFixture,
} from "./fixtures";
import { generalTests } from "./general";
import { bePatient } from "./patience";
import {
  batchOf,
  expectSameBits,
  expectSameState,
  open,
  row,
} from "./sessions";

export interface SuiteOptions {
  name: string;
  createEngine(): Promise<Engine>;
  /** The case that is trained 500 steps long. */
  leakCase: string;
  /** Live tensors, where the engine can count them. */
  countTensors?: () => number;
}

export function engineSuite(options: SuiteOptions): void {
  bePatient();
  describe(`the ${options.name} engine`, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await options.createEngine();
    });
    for (const engineCase of engineCases)
      describe(engineCase.name, () => {
        caseTests(engineCase, () => engine);
      });
    describe("in general", () => {
      generalTests(() => engine, options);
    });
  });
}

export function caseTests(engineCase: EngineCase, engine: () => Engine): void {
  const fixture = readFixture(engineCase.name);
  let session: TrainingSession;
  beforeAll(async () => {
    session = await open(engine(), engineCase);
  });
  afterAll(async () => {
    await session.dispose();
  });

  it("changes every tensor in one step as PyTorch does", async () => {
    const before = stateOf(engineCase);
    await session.writeState(before);
    const figures = await session.train(batchOf(engineCase, 0, 1));
    expectFigures(row(figures, 0), fixture.steps[0]);
    expectChange(before, await session.readState(), fixture);
  });

  it("gives the figures of three steps that PyTorch gives, and counts its updates", async () => {
    await session.writeState(stateOf(engineCase));
    const figures = await session.train(batchOf(engineCase, 0, 3));
    fixture.steps.forEach((expected, step) => {
      expectFigures(row(figures, step), expected);
    });
    const state = await session.readState();
    const updates = engineCase.generatorUpdates.filter(Boolean).length;
    expect(state.get(stepKey("generator"))?.data[0]).toBe(3 + updates);
    expect(state.get(stepKey("discriminator"))?.data[0]).toBe(6);
  });

  for (const role of networkRoles)
    it(`reports a lone update of the ${role}`, async () => {
      await session.writeState(stateOf(engineCase));
      await expectLoneUpdate(session, engineCase, role, fixture);
    });

  for (const mode of ["batch", "evaluation"] as const)
    it(`runs both networks forward in ${mode} mode, and changes nothing`, async () => {
      await session.writeState(stateOf(engineCase));
      await expectForward(session, engineCase, mode, fixture);
      expectSameState(await session.readState(), stateOf(engineCase));
    });
}

function expectChange(
  before: ModelState,
  after: ModelState,
  fixture: Fixture,
): void {
  for (const [name, expected] of Object.entries(fixture.state)) {
    const start = before.get(name)?.data ?? new Float32Array();
    const end = after.get(name)?.data ?? new Float32Array();
    const startNorm = Math.abs(norm(start) - expected.startNorm);
    expect(startNorm, `${name}: run engine.py again`).toBeLessThan(1e-4);
    const change = Array.from(end, (value, i) => value - start[i]);
    expectSummary(name, change, expected, roundingOf(name, start));
  }
}

async function expectLoneUpdate(
  session: TrainingSession,
  engineCase: EngineCase,
  role: NetworkRole,
  fixture: Fixture,
): Promise<void> {
  const before = stateOf(engineCase);
  const expected = fixture.updates[role];
  const report = await session.update(role, batchOf(engineCase, 0, 1));
  const after = await session.readState();
  expect(report.network).toBe(role);
  expectFigures(report.metrics, expected.figures);
  const changes = new Map(
    report.changes.map((change) => [
      `${change.network}.${change.name}`,
      change,
    ]),
  );
  expect([...changes.keys()]).toEqual(Object.keys(expected.gradients));
  const ineffective = networkRoles.flatMap((owner) => [
    ...ineffectiveBiases(owner, engineCase.model[owner]),
  ]);
  for (const [name, change] of changes) {
    const gradient = expected.gradients[name];
    if (gradient === null || change.gradient === null) {
      expect(change.gradient, name).toBe(gradient);
      expect(change.gradientNorm, name).toBeNull();
    } else if (ineffective.includes(name)) {
      expect(norm(change.gradient), name).toBeLessThan(1e-5);
    } else {
      expectSummary(`the gradient of ${name}`, change.gradient, gradient);
      expect(change.gradientNorm, name).toBeCloseTo(norm(change.gradient), 5);
    }
    expectUpdateNorm(change.updateNorm, before, after, name, role);
  }
}

/** The reported norm is that of what really changed; the other network stays as it was. */
function expectUpdateNorm(
  reported: number | null,
  before: ModelState,
  after: ModelState,
  name: string,
  role: NetworkRole,
): void {
  const start = before.get(name)?.data ?? new Float32Array();
  const end = after.get(name)?.data ?? new Float32Array();
  if (!name.startsWith(role)) {
    expect(reported, name).toBeNull();
    expectSameBits(name, end, start);
    return;
  }
  const change = norm(end.map((value, i) => value - start[i]));
  expect(Math.abs((reported ?? NaN) - change), name).toBeLessThanOrEqual(
    1e-4 * change + 1e-7,
  );
}

async function expectForward(
  session: TrainingSession,
  engineCase: EngineCase,
  mode: ForwardMode,
  fixture: Fixture,
): Promise<void> {
  const expected = fixture.forward[mode];
  const { latents, images, labels } = forwardInputsOf(engineCase);
  const making = { labels };
  const pictures = await session.generate(latents, forwardCount, mode, making);
  expect(pictures).toHaveLength(
    forwardCount * volume(outputOf(engineCase.model.generator)),
  );
  expectSummary("the pictures", pictures, expected.generate);
  const scores = await session.discriminate(images, forwardCount, mode, labels);
  expectSummary("the scores", scores, {
    norm: norm(expected.discriminate),
    at: expected.discriminate,
  });
  for (const role of networkRoles) {
    const input = role === "generator" ? latents : images;
    const layers = await session.activations(
      role,
      input,
      forwardCount,
      mode,
      labels,
    );
    const shapes = inferShapes(engineCase.model[role]).slice(1);
    expect(layers.map(({ length }) => length)).toEqual(
      shapes.map((shape) => forwardCount * volume(shape)),
    );
    layers.forEach((layer, index) => {
      expectSummary(
        `layer ${index + 1} of the ${role}`,
        layer,
        expected.activations[role][index],
        () => 1e-6,
      );
    });
  }
}

/**
 * What float32 may lose of each entry of a tensor: one rounding where a change is added to it. The unit vectors of spectral
 * normalisation are computed anew instead, by a product, its length and a division, which loses up to 2.5 units of its
 * own on a GPU (WGSL's accuracy); measured: 1.7 units on the processor, 3.5 on WebGPU.
 */
function roundingOf(
  name: string,
  start: Float32Array,
): (place: number) => number {
  const unit = 2 ** -23;
  if (!name.startsWith("spectral."))
    return (place) => Math.abs(start[place]) * unit;
  const rms = norm(start) / Math.sqrt(start.length);
  return (place) => 4 * Math.max(Math.abs(start[place]), rms) * unit;
}
