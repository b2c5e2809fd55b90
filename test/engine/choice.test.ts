/** Which engine is taken, and what each says of itself. */
import { expect, it } from "vitest";
import { createEngine, engineStatuses } from "../../src/main/engine";
import { loadTensorFlow } from "../../src/main/engine/tensorflow/load";

const native = await loadTensorFlow();
const gpu = native.available && native.gpu;

it("takes TensorFlow by itself only where a CUDA device does the work", async () => {
  const engine = await createEngine("auto");
  expect(engine.id).toBe(gpu ? "tfjs" : "onnx");
});

it("takes the engine that was asked for", async () => {
  expect((await createEngine("onnx")).id).toBe("onnx");
  if (native.available) expect((await createEngine("tfjs")).id).toBe("tfjs");
});

it("says of every engine what it runs on, or in one sentence why it does not", async () => {
  const statuses = await engineStatuses();
  expect(statuses.map(({ id }) => id)).toEqual(["onnx", "tfjs"]);
  for (const status of statuses)
    if (status.available) expect(status.device).toMatch(/CPU|GPU/);
    else expect(status.reason).toMatch(/\.$/);
});

it.skipIf(native.available)(
  "refuses TensorFlow where its library is missing, in the words of its status",
  async () => {
    const tfjs = (await engineStatuses()).find(({ id }) => id === "tfjs");
    const reason = native.available ? "" : native.reason;
    expect(reason).toContain("tfjs-node-gpu");
    expect(tfjs).toMatchObject({ available: false, reason });
    await expect(createEngine("tfjs")).rejects.toThrow(reason);
  },
);
