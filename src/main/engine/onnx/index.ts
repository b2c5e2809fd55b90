/** The engine that runs everywhere: train steps compiled to ONNX graphs, on the CPU. */
import { errorMessage } from "../../../shared/errors";
import type { Engine, EngineStatus } from "../engine";
import { Programs } from "../../graph/programs";
import { GraphSession } from "../session";
import { Executor, threadsOf } from "./executor";
import { loadRuntime } from "./load";
import { OnnxRunner } from "./runner";
import { rewriteForOnnx } from "./tuning/rewrite";

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
    createSession: (model, state, options) =>
      GraphSession.open(
        model,
        new Programs(model, rewriteForOnnx),
        new OnnxRunner(new Executor(runtime, options)),
        state,
      ),
  };
}

function device(): string {
  const threads = threadsOf({ threads: null });
  return `CPU, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}

function firstLine(text: string): string {
  return text.split("\n")[0];
}
