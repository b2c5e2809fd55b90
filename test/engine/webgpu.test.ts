/**
 * WebGPU on SwiftShader, a GPU in software: right or wrong shows there, fast or slow does not. It compiles for seconds
 * what a card compiles in a moment, so these are a few of the suite's cases, and all with `GAN_WORKBENCH_WHOLE_SUITE=1` or on a
 * GPU of the machine.
 */
import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/main/engine/engine";
import { createOnnxEngine } from "../../src/main/engine/onnx";
import { stateDistance } from "../../src/main/engine/trial/self-test";
import { createWebgpuEngine } from "../../src/main/engine/webgpu";
import type { EngineCase } from "./cases";
import { stateOf } from "./cases";
import { narrowPresets } from "./narrow";
import { bePatient } from "./patience";
import { batchOf, expectSameState, findCase, open } from "./sessions";
import { prepareSoftwareGpu, testsOwnGpu } from "./software-gpu";
import { engineSuite } from "./suite";

bePatient();

const missing = await prepareSoftwareGpu();
const isWhole = testsOwnGpu || process.env.GAN_WORKBENCH_WHOLE_SUITE === "1";

if (missing !== null)
  it.skip(`trains on a GPU in software. ${missing}`, () => undefined);
else if (isWhole)
  engineSuite({
    name: "webgpu",
    createEngine: () => createWebgpuEngine("SwiftShader"),
    leakCase: "loss-hinge",
  });
else
  describe("the webgpu engine", () => {
    for (const engineCase of [
      ...narrowPresets(),
      ...["kernels", "labels-projected"].map(findCase),
    ])
      it(`takes three steps as the processor does: ${engineCase.name}`, async () => {
        await expectAgreement(
          await createWebgpuEngine("SwiftShader"),
          engineCase,
        );
      });

    it("keeps its state bit for bit, and its memory, while it trains on", async () => {
      const engineCase = findCase("generator-every-second-step");
      const session = await open(
        await createWebgpuEngine("SwiftShader"),
        engineCase,
      );
      expectSameState(await session.readState(), stateOf(engineCase));
      await session.train(batchOf(engineCase, 0, 3));
      const trained = await session.readState();
      await session.writeState(trained);
      expectSameState(await session.readState(), trained);
      const memory = process.memoryUsage().rss;
      for (let i = 0; i < 10; i++)
        await session.train(batchOf(engineCase, 0, 3));
      const grown = (process.memoryUsage().rss - memory) / 2 ** 20;
      expect(grown).toBeLessThan(30);
      await session.dispose();
    });
  });

async function expectAgreement(
  engine: Engine,
  engineCase: EngineCase,
): Promise<void> {
  const actual = await threeSteps(engine, engineCase);
  const expected = await threeSteps(await createOnnxEngine(), engineCase);
  expect(stateDistance(actual.state, expected.state)).toBeLessThan(1e-4);
  actual.metrics.forEach((column, metric) => {
    column.forEach((value, step) => {
      const want = expected.metrics[metric][step];
      if (Number.isNaN(want)) expect(value).toBeNaN();
      else
        expect(Math.abs(value - want)).toBeLessThan(
          1e-4 * Math.max(1, Math.abs(want)),
        );
    });
  });
}

async function threeSteps(engine: Engine, engineCase: EngineCase) {
  const session = await open(engine, engineCase);
  const metrics = await session.train(batchOf(engineCase, 0, 3));
  const state = await session.readState();
  await session.dispose();
  return { metrics, state };
}
