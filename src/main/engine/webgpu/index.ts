/**
 * The engine on anybody's GPU: the training graph as ONNX, on the WebGPU provider that onnxruntime-node brings for Windows,
 * macOS on Apple chips and Linux x64. What the provider may do to a process is found out in another one first; see
 * `self-test.ts` and `trainer/engine-check.ts`.
 */
import { Programs } from "../../graph/programs";
import type { Engine, EngineCheck, EngineStatus } from "../engine";
import { loadRuntime } from "../onnx/load";
import { rewriteForGpu } from "../onnx/tuning/rewrite";
import { GraphSession } from "../session";
import { WebgpuRunner } from "./runner";

/** What was found when the engine was tried in a process of its own; loads nothing. */
export function webgpuStatus(check: EngineCheck | null): EngineStatus {
  if (!check)
    return {
      id: "webgpu",
      available: false,
      reason: "It has not been tried on this machine yet.",
    };
  if (!check.passed)
    return { id: "webgpu", available: false, reason: check.reason };
  return {
    id: "webgpu",
    available: true,
    device: check.device,
    version: check.version,
  };
}

/** Rejects with one sentence where the engine has not passed its self-test here. */
export async function createWebgpuEngine(
  check: EngineCheck | null,
): Promise<Engine> {
  const status = webgpuStatus(check);
  if (!status.available) throw new Error(status.reason);
  return openWebgpu(status.device);
}

/** Without asking for a self-test: for the self-test. */
export async function openWebgpu(device: string): Promise<Engine> {
  const { runtime } = await loadRuntime();
  return {
    id: "webgpu",
    device,
    createSession: (model, state) => {
      const programs = new Programs(model, rewriteForGpu);
      const runner = new WebgpuRunner(runtime, model, programs.layout);
      return GraphSession.open(model, programs, runner, state);
    },
  };
}
