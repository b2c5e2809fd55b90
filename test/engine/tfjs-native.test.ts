/** The same suite on TensorFlow's own library, where tfjs-node-gpu is installed or built (`npm run verify:tfjs-native`). */
import { describe, expect, it } from "vitest";
import { createTfjsEngine, tfjsStatus } from "../../src/main/engine/tfjs";
import { renewWornBackend } from "../../src/main/engine/tfjs/handles";
import type { TensorFlow } from "../../src/main/engine/tfjs/load";
import { loadTensorFlow } from "../../src/main/engine/tfjs/load";
import { stateOf } from "./cases";
import { batchOf, expectSameState, findCase, open } from "./sessions";
import { engineSuite } from "./suite";

const native = await loadTensorFlow("native");

if (native.available) {
  const { tf } = native;
  engineSuite({
    name: "tfjs (native)",
    createEngine: () => createTfjsEngine("native"),
    heavy: true,
    leakCase: "wiseodd-mlp",
    countTensors: () => tf.memory().numTensors,
  });
  nativeTests(tf);
} else {
  describe.skip("the tfjs (native) engine", () => {
    it(native.reason, () => undefined);
  });
}

function nativeTests(tf: TensorFlow): void {
  it("goes on exactly where it was when its tensor numbers start again", async () => {
    const engineCase = findCase("wiseodd-mlp");
    const session = await open(await createTfjsEngine("native"), engineCase);
    await session.train(batchOf(engineCase, 0, 3));
    const straight = await session.readState();
    await session.writeState(stateOf(engineCase));
    await session.train(batchOf(engineCase, 0, 1));
    const tensor = tf.scalar(1).add(1);
    expect(renewWornBackend(tf, tensor, 1)).toBe(true);
    expect(renewWornBackend(tf, tensor.add(1), 100)).toBe(false);
    await session.train(batchOf(engineCase, 1, 2));
    expectSameState(await session.readState(), straight);
    await session.dispose();
  });

  it("says which device does the work", async () => {
    const status = await tfjsStatus();
    expect(status).toMatchObject({ id: "tfjs", available: true });
  });
}
