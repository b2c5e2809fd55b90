/**
 * The engine on anybody's GPU: the training graph as ONNX, on the WebGPU provider that onnxruntime-node brings for Windows,
 * macOS on Apple chips and Linux x64. What the provider may do to a process is found out in another one first; see `trial/`.
 */
import { Programs } from "../../graph/programs";
import { DeviceRunner } from "../device-error";
import type { Engine, EngineStatus } from "../engine";
import { loadRuntime } from "../onnx/load";
import { rewriteForGpu } from "../onnx/tuning/rewrite";
import { GraphSession } from "../session";
import { WebgpuRunner } from "./runner";

/** Where the package brings the provider. */
const systems = ["win32 x64", "win32 arm64", "darwin arm64", "linux x64"];

/** Whether the provider is there; which GPU it takes is known only after it has computed. */
export async function webgpuStatus(): Promise<EngineStatus> {
  const { platform, arch } = process;
  if (!systems.includes(`${platform} ${arch}`))
    return {
      id: "webgpu",
      available: false,
      reason: `ONNX Runtime has no WebGPU for ${platform} ${arch}.`,
    };
  const { version } = await loadRuntime();
  return {
    id: "webgpu",
    available: true,
    device: "GPU",
    version: `onnxruntime-node ${version}, WebGPU`,
  };
}

/** `device` is what the self-test found. */
export async function createWebgpuEngine(device: string): Promise<Engine> {
  const { runtime } = await loadRuntime();
  return {
    id: "webgpu",
    deviceFor: () => device,
    createSession: (model, state) => {
      const programs = new Programs(model, rewriteForGpu);
      const runner = new WebgpuRunner(runtime, model, programs.layout);
      return GraphSession.open(
        model,
        programs,
        new DeviceRunner(runner, device),
        state,
      );
    },
  };
}
