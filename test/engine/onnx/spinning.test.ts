/** How waiting threads come to spin or sleep, on machines made of two numbers, and that it changes no bit. */
import { describe, expect, it } from "vitest";
import { Executor } from "../../../src/main/engine/onnx/executor";
import { Graph } from "../../../src/main/graph/graph";
import { loadRuntime } from "../../../src/main/engine/onnx/load";
import { scanModel } from "../../../src/main/engine/onnx/models";
import { SpinningChoice } from "../../../src/main/engine/onnx/tuning/spinning";
import { expectSameBits } from "../sessions";

/** Milliseconds a step. */
interface Machine {
  spinning: number;
  sleeping: number;
}
const free: Machine = { spinning: 4, sleeping: 5 };
const crowded: Machine = { spinning: 40, sleeping: 10 };

/** Takes steps, 32 a call, for some seconds; gives the share of them that spun, and the time over the better way's. */
function train(choice: SpinningChoice, machine: Machine, seconds: number) {
  const best = Math.min(machine.spinning, machine.sleeping);
  let ms = 0;
  let steps = 0;
  let spun = 0;
  while (ms < seconds * 1000) {
    const { spinning } = choice;
    const call = 32 * (spinning ? machine.spinning : machine.sleeping);
    choice.record(call, 32);
    ms += call;
    steps += 32;
    if (spinning) spun += 32;
  }
  return { spun: spun / steps, overhead: ms / (steps * best) - 1 };
}

describe("waiting threads", () => {
  it("spin on a free machine", () => {
    const { spun, overhead } = train(new SpinningChoice(), free, 300);
    expect(spun).toBeGreaterThan(0.95);
    expect(overhead).toBeLessThan(0.01);
  });

  it("sleep on a crowded one", () => {
    const { spun, overhead } = train(new SpinningChoice(), crowded, 300);
    expect(spun).toBeLessThan(0.03);
    expect(overhead).toBeLessThan(0.06);
  });

  it("go to sleep at once when the machine becomes crowded, and spin again afterwards", () => {
    const choice = new SpinningChoice();
    train(choice, free, 60);
    expect(choice.spinning).toBe(true);
    train(choice, crowded, 5);
    expect(choice.spinning).toBe(false);
    expect(train(choice, crowded, 60).overhead).toBeLessThan(0.2);
    train(choice, free, 60);
    expect(choice.spinning).toBe(true);
  });

  it("stay as they are for one slow call", () => {
    const choice = new SpinningChoice();
    train(choice, free, 15);
    choice.record(2000, 32);
    expect(train(choice, free, 2).spun).toBe(1);
  });

  it("give the same bits whichever way they wait", async () => {
    const { runtime } = await loadRuntime();
    const choice = new SpinningChoice(0);
    const options = { id: "onnx", threads: 2 } as const;
    const auto = new Executor(
      runtime,
      { ...options, spinning: "auto" },
      () => choice,
    );
    const sleeping = new Executor(runtime, { ...options, spinning: false });
    const ways = new Set<boolean>();
    let state = new Float32Array(side * side).map((_, i) => i % 7);
    for (let call = 0; call < 12; call++) {
      ways.add(choice.spinning);
      const expected = await take(sleeping, state);
      expectSameBits("the matrix", await take(auto, state), expected);
      state = new Float32Array(expected);
    }
    expect(ways.size).toBe(2);
    await auto.dispose();
    await sleeping.dispose();
  });
});

const side = 256;

/** Two steps that make a square matrix of another, large enough to be worked on by two threads. */
async function take(executor: Executor, state: Float32Array) {
  const build = () => {
    const graph = new Graph();
    const matrix = graph.input("matrix", [side, side]);
    const product = graph.matmul(matrix, graph.scale(matrix, 1 / side));
    return scanModel({
      state: new Map([["matrix", graph.tanh(product)]]),
      outputs: new Map([
        ["sum", graph.reshape(graph.sum(graph.input("x", [1])), [1])],
      ]),
    });
  };
  const inputs = new Map([
    ["matrix", state],
    ["x", new Float32Array(2)],
  ]);
  const results = await executor.run("steps", build, inputs, 2);
  return results.get("next.matrix") ?? new Float32Array();
}
