/** Which engine is opened by which name, and what each says of itself. */
import { expect, it } from "vitest";
import { createEngine, engineStatus } from "../../src/main/engine";
import { engineIds } from "../../src/shared/settings/settings";

const native = await engineStatus("tfjs");

it("takes the engine that was asked for, and the processor where it is left open", async () => {
  expect((await createEngine("auto")).id).toBe("onnx");
  expect((await createEngine("onnx")).id).toBe("onnx");
  if (native.available) expect((await createEngine("tfjs")).id).toBe("tfjs");
});

it("says of every engine what it runs on, or in one sentence why it does not", async () => {
  for (const id of engineIds) {
    const status = await engineStatus(id);
    if (status.available) expect(status.device).toMatch(/CPU|GPU/);
    else expect(status.reason).toMatch(/\.$/);
  }
});

it.skipIf(native.available)(
  "refuses TensorFlow where its library is missing, in the words of its status",
  async () => {
    const reason = native.available ? "" : native.reason;
    expect(reason).toContain("--setup cuda");
    await expect(createEngine("tfjs")).rejects.toThrow(reason);
  },
);
