/** A program that runs once on values that are all fed, the state too: pictures, scores, activations, a lone update. */
import type { Program } from "../../graph/program";
import { changedState, inputsOf } from "../../graph/program";
import type { FunctionDef, SavedModel } from "./graph-def";
import { createEmitter } from "./lower";
import type { Port } from "./nodes";
import { call, endpoint, outputOf, placeholder, portsOf } from "./nodes";

export interface OnceModel {
  model: SavedModel;
  inputs: readonly Port[];
  /** What the state becomes, by the variables' names, and the program's outputs. */
  outputs: readonly Port[];
}

/** Its one signature. */
export const runSignature = "run";

export function onceModel(program: Program): OnceModel {
  const results = new Map([...changedState(program), ...program.outputs]);
  const needed = inputsOf(results.values()).map(({ attributes, shape }) => ({
    name: attributes.name,
    shape,
  }));
  const inputs = portsOf("in", needed);
  const outputs = portsOf(
    "out",
    [...results].map(([name, { shape }]) => ({ name, shape })),
  );
  const keys = new Map(inputs.map(({ name, key }) => [name, key]));
  const emit = createEmitter((name) => keys.get(name) ?? name);
  const values = [...results.values()].map((node) => emit.value(node));
  const once: FunctionDef = {
    name: "once",
    inputs: inputs.map(({ key }) => ({ name: key, type: "float" })),
    outputs: outputs.map(({ key }, i) => ({
      name: key,
      type: "float",
      value: values[i],
    })),
    nodes: emit.nodes,
  };
  // Uncompiled: compiling takes longer than most of these take in their life.
  const run = call(
    "once_call",
    once,
    inputs.map(({ key }) => key),
    false,
  );
  const signature = {
    inputs: inputs.map(({ key }) => endpoint(key, key)),
    outputs: outputs.map(({ key }, i) => endpoint(key, outputOf(run.name, i))),
  };
  return {
    model: {
      nodes: [...inputs.map(({ key, shape }) => placeholder(key, shape)), run],
      functions: [once],
      signatures: new Map([[runSignature, signature]]),
    },
    inputs,
    outputs,
  };
}
