/** The suite on SwiftShader, a GPU in software: right or wrong shows there, fast or slow does not. */
import { expect, it } from "vitest";
import { openWebgpu } from "../../src/main/engine/webgpu";
import { testWebgpu } from "../../src/main/engine/webgpu/self-test";
import { prepareSoftwareGpu } from "./software-gpu";
import { engineSuite } from "./suite";

const missing = await prepareSoftwareGpu();

if (missing !== null)
  it.skip(`trains on a GPU in software. ${missing}`, () => undefined);
else {
  it("passes its own test, and says which adapter it found", async () => {
    expect(await testWebgpu()).toMatchObject({
      passed: true,
      device: "SwiftShader",
    });
  });

  it("refuses an adapter in software that was not asked for", async () => {
    process.env.GAN_WORKBENCH_SOFTWARE_GPU = "0";
    expect(await testWebgpu()).toMatchObject({
      passed: false,
      reason: expect.stringContaining("SwiftShader") as string,
    });
    process.env.GAN_WORKBENCH_SOFTWARE_GPU = "1";
  });

  engineSuite({
    name: "webgpu",
    createEngine: () => openWebgpu("SwiftShader"),
    heavy: false,
    leakCase: "loss-hinge",
  });
}
