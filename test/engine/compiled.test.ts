/** TensorFlow's training steps as XLA compiles them: dense networks, which are the ones that are compiled on a processor. */
import { afterAll, describe, expect, it } from "vitest";
import { createTensorFlowEngine } from "../../src/main/engine/tensorflow";
import type { TensorFlow } from "../../src/main/engine/tensorflow/load";
import { loadTensorFlow } from "../../src/main/engine/tensorflow/load";
import { TensorFlowRunner } from "../../src/main/engine/tensorflow/runner";
import type { Engine } from "../../src/main/engine/engine";
import { GraphSession } from "../../src/main/engine/session";
import { Programs } from "../../src/main/graph/programs";
import type { EngineCase } from "./cases";
import { stateOf } from "./cases";
import { batchOf, expectSameState, findCase, open } from "./sessions";
import { bePatient } from "./patience";
import { caseTests } from "./suite";

bePatient();

const native = await loadTensorFlow();
const note = native.available ? "" : ` (skipped: ${native.reason})`;

describe.skipIf(!native.available)(`compiled by XLA${note}`, async () => {
  const engine = native.available ? await createTensorFlowEngine(true) : null;
  const warnings: string[] = [];
  const remember = ({ message }: Error) => warnings.push(message);
  process.on("warning", remember);
  afterAll(() => {
    process.off("warning", remember);
    expect(warnings.filter((it) => it.includes("XLA"))).toEqual([]);
  });

  for (const name of ["wiseodd-mlp", "jaketae-mlp", "jrtechs-wgan", "clip"])
    describe(name, () => {
      caseTests(findCase(name), () => engine as Engine);
    });

  it("goes on without XLA where that fails, and says so", async () => {
    const engineCase = findCase("sgd");
    const expected = await open(
      await createTensorFlowEngine(false),
      engineCase,
    );
    const session = await openWithoutXla(engineCase);
    const figures = await session.train(batchOf(engineCase, 0, 3));
    expect(figures).toEqual(await expected.train(batchOf(engineCase, 0, 3)));
    expectSameState(await session.readState(), await expected.readState());
    await new Promise(setImmediate);
    expect(warnings.splice(0).join()).toContain("XLA does not work here");
    await session.dispose();
    await expected.dispose();
  });

  it("many steps at once are the same bits as single ones", async () => {
    const engineCase = findCase("wiseodd-mlp");
    const session = await open(engine as Engine, engineCase);
    await session.train(batchOf(engineCase, 0, 3));
    const together = await session.readState();
    const again = await open(engine as Engine, engineCase);
    for (const step of [0, 1, 2])
      await again.train(batchOf(engineCase, step, 1));
    expectSameState(await again.readState(), together);
    await session.dispose();
    await again.dispose();
  });
});

/** A session on a library whose first attempt to train fails, as one does that lacks XLA. */
async function openWithoutXla(engineCase: EngineCase): Promise<GraphSession> {
  if (!native.available) throw new Error(native.reason);
  const { tf } = native;
  let hasFailed = false;
  const failing: TensorFlow = Object.create(tf, {
    node: {
      value: {
        async loadSavedModel(folder: string, tags: string[], name: string) {
          const own = await tf.node.loadSavedModel(folder, tags, name);
          if (name !== "train" || hasFailed) return own;
          hasFailed = true;
          const predict = () => {
            throw new Error("XLA is not here");
          };
          return { predict, dispose: () => own.dispose() };
        },
      },
    },
  }) as TensorFlow;
  const { model } = engineCase;
  const programs = new Programs(model);
  const options = { gpu: false, compile: true };
  const { layout } = programs;
  const runner = new TensorFlowRunner(failing, model, layout, options);
  return GraphSession.open(model, programs, runner, stateOf(engineCase));
}
