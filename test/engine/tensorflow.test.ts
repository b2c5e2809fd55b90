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
import { LoadedModel } from "../../src/main/engine/tensorflow/loaded-model";
import { stepsModel } from "../../src/main/engine/tensorflow/steps-model";
import { Programs } from "../../src/main/graph/programs";
import { volume } from "../../src/shared/layers";
import { findCase } from "./sessions";
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

  it("keeps its state in memory of its own, not in the arrays that it was fed with", async () => {
    const programs = new Programs(findCase("average").model);
    const { layout } = programs;
    const steps = stepsModel(programs.steps(8, ["both"]), layout, 1, false);
    const loaded = await LoadedModel.load(tf, steps.model);
    const feeds = new Map(
      steps.variables.all.map(({ key, shape }) => {
        const values = new Float32Array(volume(shape)).fill(1);
        return [key, { values, shape }] as const;
      }),
    );
    loaded.run("init", feeds);
    for (const { values } of feeds.values()) values.fill(2);
    for (const kind of ["weights", "slots"])
      for (const values of loaded.run(kind, new Map()).values())
        expect(new Set(values)).toEqual(new Set([1]));
    loaded.dispose();
  });

  it("says which device does the work", async () => {
    const status = await tensorFlowStatus();
    expect(status).toMatchObject({ id: "tfjs", available: true });
  });
}
