/** The engines of this application, and the only switch between them. */
import type { EngineId, EngineSettings } from "../../shared/settings/settings";
import { engineIds } from "../../shared/settings/settings";
import type { Engine, EngineStatus } from "./engine";
import { createOnnxEngine, onnxStatus } from "./onnx";
import {
  createGpuEngine,
  createTensorFlowEngine,
  tensorFlowStatus,
} from "./tensorflow";

/** What one engine says of itself; loads it. */
export function engineStatus(id: EngineId): Promise<EngineStatus> {
  switch (id) {
    case "onnx":
      return onnxStatus();
    case "tfjs":
      return tensorFlowStatus();
    default:
      return id satisfies never;
  }
}

/** What each engine says of itself; loads them all. */
export function engineStatuses(): Promise<EngineStatus[]> {
  return Promise.all(engineIds.map(engineStatus));
}

/** Rejects with one sentence where the engine is not available here. */
export async function createEngine(id: EngineSettings["id"]): Promise<Engine> {
  switch (id) {
    case "auto":
      return createBestEngine();
    case "onnx":
      return createOnnxEngine();
    case "tfjs":
      return createTensorFlowEngine();
    default:
      return id satisfies never;
  }
}

/** TensorFlow only where a CUDA device really does the work. */
async function createBestEngine(): Promise<Engine> {
  return (await createGpuEngine()) ?? createOnnxEngine();
}
