/** TensorFlow's training steps as XLA compiles them: dense networks, which are the ones that are compiled on a processor. */
import { afterAll, describe, expect, it } from "vitest";
import { createTensorFlowEngine } from "../../src/main/engine/tensorflow";
import { loadTensorFlow } from "../../src/main/engine/tensorflow/load";
import type { Engine } from "../../src/main/engine/engine";
import { batchOf, expectSameState, findCase, open } from "./sessions";
import { caseTests } from "./suite";

const native = await loadTensorFlow();
const note = native.available ? "" : ` (skipped: ${native.reason})`;

describe.skipIf(!native.available)(`compiled by XLA${note}`, async () => {
  const engine = native.available ? await createTensorFlowEngine(true) : null;
  const warnings: string[] = [];
  const note = ({ message }: Error) => warnings.push(message);
  process.on("warning", note);
  afterAll(() => {
    process.off("warning", note);
    expect(warnings.filter((it) => it.includes("XLA"))).toEqual([]);
  });

  for (const name of ["wiseodd-mlp", "jaketae-mlp", "jrtechs-wgan", "clip"])
    describe(name, () => {
      caseTests(findCase(name), () => engine as Engine);
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
