/**
 * The floor of plain products: a step's arithmetic at the rate of one large matrix product, and one pass of the optimiser
 * over its state at the memory's speed, both measured here, by the runtime that trains. No step of dense layers can be
 * faster; one of convolutions can, because Winograd's filtering multiplies less.
 */
import { Executor } from "../src/main/engine/onnx/executor";
import { Graph } from "../src/main/graph/graph";
import type { Node } from "../src/main/graph/node";
import { loadRuntime } from "../src/main/engine/onnx/load";
import { plainModel } from "../src/main/engine/onnx/models";
import { volume } from "../src/shared/layers";
import { countParameters, inferShapes } from "../src/shared/settings/network";
import type { Layer, Shape } from "../src/shared/layers";
import type { Network } from "../src/shared/settings/network";
import type {
  OptimizerSettings,
  TrainingSettings,
} from "../src/shared/settings/settings";

export interface Machine {
  /** 1e9 floating point operations a second, a multiplication and an addition counting two. */
  gflops: number;
  /** 1e9 bytes a second. */
  gigabytes: number;
}

export async function measureMachine(): Promise<Machine> {
  const { runtime } = await loadRuntime();
  const executor = new Executor(runtime, {
    id: "onnx",
    threads: null,
    spinning: true,
  });
  const size = 1024;
  const product = await bestSeconds(executor, [size, size], (graph, a, b) =>
    graph.sum(graph.matmul(a, b)),
  );
  const rows = 2 ** 18;
  const columns = 64;
  const pass = await bestSeconds(executor, [rows, columns], (graph, a, b) =>
    graph.sum(graph.add(a, b), [0]),
  );
  await executor.dispose();
  return {
    gflops: (2 * size ** 3) / product / 1e9,
    // Two arrays read, their sum written and read again.
    gigabytes: (4 * 4 * rows * columns) / pass / 1e9,
  };
}

async function bestSeconds(
  executor: Executor,
  shape: Shape,
  expression: (graph: Graph, a: Node, b: Node) => Node,
): Promise<number> {
  const build = () => {
    const graph = new Graph();
    const result = expression(
      graph,
      graph.input("a", shape),
      graph.input("b", shape),
    );
    return plainModel({
      state: new Map(),
      outputs: new Map([["result", result]]),
    });
  };
  const inputs = new Map([
    ["a", new Float32Array(volume(shape)).fill(0.5)],
    ["b", new Float32Array(volume(shape)).fill(0.25)],
  ]);
  let best = Infinity;
  for (let run = 0; run < 12; run++) {
    const start = performance.now();
    await executor.run(shape.join(), build, inputs);
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

/** Milliseconds a step. */
export function floorOf(settings: TrainingSettings, machine: Machine): number {
  const { gflops, gigabytes } = machine;
  return (operations(settings) / gflops + traffic(settings) / gigabytes) / 1e6;
}

/** Floating point operations of one step's convolutions and dense layers. */
function operations(settings: TrainingSettings): number {
  const { objective, schedule } = settings;
  const g = layerProducts(settings.generator);
  const d = layerProducts(settings.discriminator);
  const all = (costs: number[]) => costs.reduce((sum, cost) => sum + cost, 0);
  // Backward, every layer needs its weights' gradient, and all but the first their input's.
  const backward = (costs: number[]) => 2 * all(costs) - (costs[0] ?? 0);
  const discriminatorUpdate = all(g) + 2 * (all(d) + backward(d));
  const secondPass = objective.secondUpdate === "same-images" ? 0 : all(g);
  const generatorUpdate = secondPass + 2 * all(d) + backward(g);
  return (
    2 *
    schedule.batchSize *
    (discriminatorUpdate + generatorUpdate / objective.generatorEvery)
  );
}

/** Multiplications of each layer that has weights, for one sample. */
function layerProducts(network: Network): number[] {
  const shapes = inferShapes(network);
  return network.layers
    .map((layer, index) => products(layer, shapes[index], shapes[index + 1]))
    .filter((count) => count > 0);
}

function products(layer: Layer, input: Shape, output: Shape): number {
  switch (layer.type) {
    case "dense":
      return volume(input) * volume(output);
    case "conv":
      return volume(output) * input[0] * layer.kernel ** 2;
    case "convTranspose":
      return volume(input) * output[0] * layer.kernel ** 2;
    default:
      return 0;
  }
}

/** Bytes that the optimisers read and write in one step. */
function traffic({
  generator,
  discriminator,
  optimizers,
  objective,
}: TrainingSettings): number {
  return (
    4 *
    (countParameters(discriminator) * passes(optimizers.discriminator) +
      (countParameters(generator) * passes(optimizers.generator)) /
        objective.generatorEvery)
  );
}

/** Gradient written and read, weight read and written, and each slot read and written. */
function passes(optimizer: OptimizerSettings): number {
  switch (optimizer.type) {
    case "adam":
      return 8;
    case "rmsprop":
      return 6;
    case "sgd":
      return optimizer.momentum > 0 ? 6 : 4;
    default:
      return optimizer satisfies never;
  }
}
