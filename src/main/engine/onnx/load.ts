/** The one place that loads ONNX Runtime, which has no binary for some machines. */
import "../../no-telemetry";
import type * as OnnxRuntime from "onnxruntime-node";

export type Runtime = typeof OnnxRuntime;
export type { InferenceSession, Tensor } from "onnxruntime-node";

/** Rejects where the package or its binary is missing. */
export async function loadRuntime(): Promise<{
  runtime: Runtime;
  version: string;
}> {
  const runtime = await import("onnxruntime-node");
  // Warnings about unused initializers and the like are of no use to anybody who trains.
  runtime.env.logLevel = "error";
  return { runtime, version: runtime.env.versions.node ?? "" };
}
