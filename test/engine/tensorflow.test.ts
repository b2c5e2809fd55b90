/**
 * The suite on TensorFlow's own library, where it is built or installed: `GAN_WORKBENCH_TFJS_NATIVE` names a folder made by
 * `npm run build:tfjs-native`, and `npm run verify:tfjs-native` builds one for these tests.
 */
import { describe, expect, it } from "vitest";
import {
  createTensorFlowEngine,
  tensorFlowStatus,
} from "../../src/main/engine/tensorflow";
import type { TensorFlow } from "../../src/main/engine/tensorflow/load";
import { loadTensorFlow } from "../../src/main/engine/tensorflow/load";
import { engineSuite } from "./suite";

const native = await loadTensorFlow();

if (native.available) {
  suites(native.tf);
} else {
  describe.skip(`the tfjs engine (skipped: ${native.reason})`, () => {
    it("needs TensorFlow's library", () => undefined);
  });
}

function suites(tf: TensorFlow): void {
  engineSuite({
    name: "tfjs",
    createEngine: () => createTensorFlowEngine(false),
    leakCase: "wiseodd-mlp",
    countTensors: () => tf.memory().numTensors,
  });

  it("says which device does the work", async () => {
    const status = await tensorFlowStatus();
    expect(status).toMatchObject({ id: "tfjs", available: true });
  });
}
