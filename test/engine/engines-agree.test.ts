/** One seed means the same first steps on every engine that is here, and a run begun on one goes on on another. */
import { describe, expect, it } from "vitest";
import { createEngine, engineStatus } from "../../src/main/engine";
import type { EngineId } from "../../src/shared/settings/settings";
import type { StepBatch } from "../../src/main/engine/engine";
import { initialState } from "../../src/main/graph/parameters";
import { extractorModel } from "../../src/main/quality/extractor/networks";
import { stepMetrics } from "../../src/shared/metrics";
import { Random } from "../../src/shared/random";
import type { EngineCase } from "./cases";
import { inputsOf } from "./cases";
import { bePatient } from "./patience";
import { findCase, open } from "./sessions";
import { prepareSoftwareGpu, testsOwnGpu } from "./software-gpu";

bePatient();

const steps = 20;
/** Rounding grows from step to step. */
const tolerance = 1e-3;

const others: EngineId[] = [];
if ((await engineStatus("tfjs")).available) others.push("tfjs");
if ((await prepareSoftwareGpu()) === null) others.push("webgpu");
const note = others.length > 0 ? "" : " (skipped: there is only onnx here)";

const all = [
  "wiseodd-mlp",
  "jaketae-mlp",
  "jrtechs-wgan",
  "rmsprop",
  "upsample",
  "dropout",
  "labels-projected",
];
/** A GPU in software takes seconds to compile each session; the tutorials take three steps on it in `webgpu.test.ts`. */
const few = ["labels-projected"];
const cases: Record<EngineId, string[]> = {
  onnx: [],
  webgpu: testsOwnGpu ? all : few,
  tfjs: all,
};

describe.skipIf(others.length === 0)(`engines agree${note}`, () => {
  for (const id of others)
    for (const name of cases[id]) {
      it(`on the first ${steps} steps: ${name} on onnx and ${id}`, async () => {
        const engineCase = findCase(name);
        const expected = await figures(engineCase, ["onnx"]);
        expectClose(await figures(engineCase, [id]), expected);
      });

      it(`on what follows a checkpoint: ${name} from onnx to ${id} and back`, async () => {
        const engineCase = findCase(name);
        const expected = await figures(engineCase, ["onnx"]);
        expectClose(await figures(engineCase, ["onnx", id]), expected);
        expectClose(await figures(engineCase, [id, "onnx"]), expected);
      });
    }
});

describe.skipIf(others.length === 0)(`engines agree${note}`, () => {
  for (const id of others)
    for (const [what, classes] of fits(id))
      it(`on the losses of ${what} that is fitted: onnx and ${id}`, async () => {
        const expected = await fitted("onnx", classes);
        const losses = await fitted(id, classes);
        expect(expected.every((loss) => loss > 0)).toBe(true);
        expectClose([[...losses]], [[...expected]]);
      });
});

function fits(id: EngineId): [what: string, classes: number | null][] {
  const classifier: [string, number] = ["a classifier", 3];
  return id === "webgpu" && !testsOwnGpu
    ? [classifier]
    : [classifier, ["an autoencoder", null]];
}

/** The losses of a feature extractor's first steps. */
async function fitted(
  id: EngineId,
  classes: number | null,
): Promise<Float32Array> {
  const model = extractorModel({ size: 8, channels: 1 }, classes);
  const state = initialState(model, Random.fromSeed(1, "weights"));
  const engine = await createEngine(id);
  const options = { id, threads: null, spinning: false };
  const session = await engine.createSession(model, state, options);
  const random = Random.fromSeed(2, "images");
  const [steps, batch] = [3, 4];
  const images = new Float32Array(steps * batch * 64);
  random.fillNormal(images);
  const targets = new Float32Array(steps * batch * 3);
  for (let row = 0; row < steps * batch; row++)
    targets[3 * row + random.below(3)] = 1;
  const losses = await session.fit({
    steps,
    batch,
    loss: classes === null ? "squared-error" : "cross-entropy",
    images,
    targets: classes === null ? images : targets,
    learningRate: 1e-3,
  });
  await session.dispose();
  return losses;
}

/** The metrics of all steps, shared out evenly among engines, each of which goes on from the state of the one before. */
async function figures(
  engineCase: EngineCase,
  engines: readonly EngineId[],
): Promise<number[][]> {
  const share = steps / engines.length;
  const columns: number[][] = stepMetrics.map(() => []);
  let state = null;
  for (const [i, id] of engines.entries()) {
    const session = await open(await createEngine(id), engineCase);
    if (state) await session.writeState(state);
    const results = await session.train(
      batchOf(engineCase, i * share, (i + 1) * share),
    );
    results.forEach((values, column) => columns[column].push(...values));
    state = await session.readState();
    await session.dispose();
  }
  return columns;
}

function batchOf(engineCase: EngineCase, from: number, to: number): StepBatch {
  const { model, batch } = engineCase;
  const inputs = [...inputsOf(engineCase, steps)].map(([name, all]) => {
    const size = all.length / steps;
    return [name, all.slice(from * size, to * size)] as const;
  });
  const { generatorEvery } = model.objective;
  return {
    steps: to - from,
    batch,
    inputs: new Map(inputs),
    generatorUpdates: Array.from(
      { length: to - from },
      (_, i) => (from + i) % generatorEvery === 0,
    ),
    learningRates: {
      generator: model.optimizers.generator.learningRate,
      discriminator: model.optimizers.discriminator.learningRate,
    },
  };
}

function expectClose(actual: number[][], expected: number[][]): void {
  expected.forEach((column, metric) =>
    column.forEach((want, step) => {
      const value = actual[metric][step];
      const where = `${stepMetrics[metric]} of step ${step + 1}`;
      if (Number.isNaN(want)) return expect(value, where).toBeNaN();
      const allowed = tolerance * Math.max(1, Math.abs(want));
      expect(Math.abs(value - want), where).toBeLessThan(allowed);
    }),
  );
}
