/** The engines of this application, and the only switch between them. Which one `auto` means, the host measures. */
import type { EngineId, EngineSettings } from "../../shared/settings/settings";
import type { Engine, EngineStatus } from "./engine";
import { createOnnxEngine, onnxStatus } from "./onnx";
import { createTensorFlowEngine, tensorFlowStatus } from "./tensorflow";
import { createWebgpuEngine, webgpuStatus } from "./webgpu";

/** What one engine says of itself; loads it. */
export function engineStatus(id: EngineId): Promise<EngineStatus> {
  switch (id) {
    case "onnx":
      return onnxStatus();
    case "webgpu":
      return webgpuStatus();
    case "tfjs":
      return tensorFlowStatus();
    default:
      return id satisfies never;
  }
}

/**
 * Rejects with one sentence where the engine is not available here. `auto` is the processor, which needs no trial;
 * `device` is the name of a GPU that a self-test found.
 */
export async function createEngine(
  id: EngineSettings["id"],
  device = "GPU",
): Promise<Engine> {
  switch (id) {
    case "auto":
    case "onnx":
      return createOnnxEngine();
    case "webgpu":
      return createWebgpuEngine(device);
    case "tfjs":
      return createTensorFlowEngine();
    default:
      return id satisfies never;
  }
}
