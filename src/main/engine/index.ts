/** The engines of this application, and the only switch between them. */
import type { EngineSettings } from "../../shared/settings";
import type { Engine, EngineStatus } from "./engine";
import { createOnnxEngine, onnxStatus } from "./onnx";

/** What each engine says of itself; loads them all. */
export async function engineStatuses(): Promise<EngineStatus[]> {
  return [await onnxStatus()];
}

/** Rejects with one sentence where the engine is not available here. */
export async function createEngine(id: EngineSettings["id"]): Promise<Engine> {
  switch (id) {
    case "auto":
    case "onnx":
      return createOnnxEngine();
    case "tfjs":
      throw new Error(
        "The tfjs engine is not part of this build; choose onnx or auto.",
      );
    default:
      return id satisfies never;
  }
}
