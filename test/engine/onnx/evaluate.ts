/** Runs small graphs on ONNX Runtime, with the engine's own executor. */
import { Executor } from "../../../src/main/engine/onnx/executor";
import type { Node } from "../../../src/main/graph/node";
import { loadRuntime } from "../../../src/main/engine/onnx/load";
import { plainModel } from "../../../src/main/engine/onnx/models";

export type Values = ReadonlyMap<string, Float32Array>;

/** A function of the graph's inputs that gives the outputs by name. */
export async function compile(
  outputs: ReadonlyMap<string, Node>,
): Promise<(inputs: Values) => Promise<Map<string, Float32Array>>> {
  const { runtime } = await loadRuntime();
  const executor = new Executor(runtime, {
    id: "onnx",
    threads: 1,
    spinning: false,
  });
  const model = plainModel({ state: new Map(), outputs });
  return (inputs) => executor.run("test", () => model, inputs);
}
