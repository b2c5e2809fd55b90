/** Which engine a run gets that says `tfjs`, where TensorFlow's library is not. */
import { describe, expect, it } from "vitest";
import { engineStatus } from "../../src/main/engine";
import { createEngines } from "../../src/main/trainer/engines";

const status = await engineStatus("tfjs");
const note = status.available ? " (skipped: its library is here)" : "";

describe.skipIf(status.available)(`without TensorFlow's library${note}`, () => {
  it("a new run is refused, with the reason", async () => {
    const reason = status.available ? "" : status.reason;
    await expect(createEngines().choose("tfjs")).rejects.toThrow(reason);
  });

  it("a run that exists is resumed by the engine that is here", async () => {
    const { engine } = await createEngines().chooseAgain("tfjs");
    expect(engine.id).toBe("onnx");
  });
});
