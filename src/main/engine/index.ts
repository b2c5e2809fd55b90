/** The engines of this application, and the only switch between them. */
import type { EngineId, EngineSettings } from "../../shared/settings/settings";
import { engineIds } from "../../shared/settings/settings";
import type { Engine, EngineCheck, EngineStatus } from "./engine";
import { createOnnxEngine, onnxStatus } from "./onnx";
import {
  createGpuEngine,
  createTensorFlowEngine,
  tensorFlowStatus,
} from "./tensorflow";
import { createWebgpuEngine, webgpuStatus } from "./webgpu";

/** What was found by trying engines in processes of their own; null where one was not tried. */
export interface EngineChecks {
  webgpu: EngineCheck | null;
}

const untried: EngineChecks = { webgpu: null };

/** What one engine says of itself; loads it. */
export function engineStatus(
  id: EngineId,
  checks = untried,
): Promise<EngineStatus> {
  switch (id) {
    case "onnx":
      return onnxStatus();
    case "webgpu":
      return Promise.resolve(webgpuStatus(checks.webgpu));
    case "tfjs":
      return tensorFlowStatus();
    default:
      return id satisfies never;
  }
}

/** What each engine says of itself; loads them all. */
export function engineStatuses(checks = untried): Promise<EngineStatus[]> {
  return Promise.all(engineIds.map((id) => engineStatus(id, checks)));
}

/** Rejects with one sentence where the engine is not available here. */
export async function createEngine(
  id: EngineSettings["id"],
  checks = untried,
): Promise<Engine> {
  switch (id) {
    case "auto":
      return createBestEngine(checks);
    case "onnx":
      return createOnnxEngine();
    case "webgpu":
      return createWebgpuEngine(checks.webgpu);
    case "tfjs":
      return createTensorFlowEngine();
    default:
      return id satisfies never;
  }
}

/** A GPU where one does the work: CUDA, or WebGPU where it was faster than the processor in its self-test. */
async function createBestEngine({ webgpu }: EngineChecks): Promise<Engine> {
  const cuda = await createGpuEngine();
  if (cuda) return cuda;
  return isFaster(webgpu) ? createWebgpuEngine(webgpu) : createOnnxEngine();
}

/** Whether an engine passed, and took less time for a step than the processor. */
export function isFaster(check: EngineCheck | null): boolean {
  return check?.passed === true && check.msPerStep < check.processorMsPerStep;
}
