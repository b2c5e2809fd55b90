/** The engine that runs everywhere: train steps compiled to ONNX graphs, on the CPU. */
import { errorMessage } from "../../../shared/errors";
import type { EngineSettings } from "../../../shared/settings/settings";
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
      device: deviceFor({ threads: null }),
      version: `onnxruntime-node ${version}`,
    };
  } catch (error) {
    return { id: "onnx", available: false, reason: reasonOf(error) };
  }
}

/** Rejects with the sentence of `onnxStatus` where ONNX Runtime does not load. */
export async function createOnnxEngine(): Promise<Engine> {
  const { runtime } = await loadRuntime().catch((error: unknown) => {
    throw new Error(reasonOf(error), { cause: error });
  });
  return {
    id: "onnx",
    deviceFor,
    createSession: (model, state, options) =>
      GraphSession.open(
        model,
        new Programs(model, rewriteForOnnx),
        new OnnxRunner(new Executor(runtime, options), model),
        state,
      ),
  };
}

function deviceFor(options: Pick<EngineSettings, "threads">): string {
  const threads = threadsOf(options);
  return `CPU, ${threads} ${threads === 1 ? "thread" : "threads"}`;
}

function reasonOf(error: unknown): string {
  const { platform, arch } = process;
  if (platform === "darwin" && arch === "x64")
    return "Macs with an Intel processor are not supported: ONNX Runtime has no binary for them.";
  const [firstLine] = errorMessage(error).split("\n");
  return `ONNX Runtime has no usable binary for ${platform} ${arch}: ${firstLine}`;
}
