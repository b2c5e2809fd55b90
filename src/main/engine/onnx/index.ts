/** The engine that runs everywhere: train steps compiled to ONNX graphs, on the CPU. */
import { errorMessage } from "../../../shared/errors";
import type { Engine, EngineStatus } from "../engine";
import { threadsOf } from "./executor";
import { loadRuntime } from "./load";
import { OnnxSession } from "./session";

/** Whether ONNX Runtime loads here. */
export async function onnxStatus(): Promise<EngineStatus> {
  try {
    const { version } = await loadRuntime();
    return {
      id: "onnx",
      available: true,
      device: device(),
      version: `onnxruntime-node ${version}`,
    };
  } catch (error) {
    const reason = errorMessage(error);
    return {
      id: "onnx",
      available: false,
      reason: `ONNX Runtime has no usable binary for ${process.platform} ${process.arch}: ${firstLine(reason)}`,
    };
  }
}

/** Rejects where ONNX Runtime does not load; `onnxStatus` says why. */
export async function createOnnxEngine(): Promise<Engine> {
  const { runtime } = await loadRuntime();
  return {
    id: "onnx",
    device: device(),
    createSession: async (model, state, options) =>
      new OnnxSession(runtime, model, state, options),
  };
}

function device(): string {
  const threads = threadsOf({ threads: null });
  return `CPU, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}

function firstLine(text: string): string {
  return text.split("\n")[0];
}
