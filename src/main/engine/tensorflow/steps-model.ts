/**
 * A training program with its state: variables that stay on the device, and signatures that set them, move them on by many
 * steps in one call, and give them.
 */
import type { Program } from "../../graph/program";
import { changedState, inputsOf } from "../../graph/program";
import type { StateLayout } from "../../graph/state";
import type { Endpoint, NodeDef, SavedModel, Signature } from "./graph-def";
import type { Port } from "./nodes";
import * as nodes from "./nodes";
import { loopFunctions, repeats } from "./steps-loop";

export interface StepsModel {
  model: SavedModel;
  /** How many repeats a call can take. */
  most: number;
  /** What `train` is fed with besides `repeats`; shapes are those of one repeat, and what is fed is `most` times as long. */
  inputs: readonly Port[];
  /** Of one repeat; what comes out are `most` of them, of which as many count as there were repeats. */
  outputs: readonly Port[];
  /** What `init` is fed with, and what `weights` and `slots` give. */
  variables: Record<"all" | "weights" | "slots", readonly Port[]>;
}

/** With `compile` XLA makes one piece of code of all steps. */
export function stepsModel(
  program: Program,
  layout: StateLayout,
  most: number,
  compile: boolean,
): StepsModel {
  const next = new Map(changedState(program));
  const needed = inputsOf([...next.values(), ...program.outputs.values()])
    .map(({ attributes: { name }, shape }) => ({ name, shape }))
    .filter(({ name }) => !program.state.has(name));
  const inputs = nodes.portsOf("in", needed);
  const outputs = nodes.portsOf(
    "out",
    [...program.outputs].map(([name, { shape }]) => ({ name, shape })),
  );
  const variables = nodes.portsOf("variable", layout.variables);
  const results = program.outputs;
  const functions = loopFunctions({
    inputs,
    variables,
    next,
    outputs,
    results,
    most,
  });
  const changed = variables.filter(({ name }) => next.has(name));
  const [steps] = functions;
  const reads = variables.map((port) =>
    nodes.readVariable(`before_${port.key}`, port),
  );
  const call = nodes.call(
    "steps_call",
    steps,
    [
      repeats.name,
      ...inputs.map(({ key }) => key),
      ...reads.map(({ name }) => name),
    ],
    compile,
  );
  const assigned = changed.map((port, i) =>
    nodes.assignVariable(
      `after_${port.key}`,
      port,
      nodes.outputOf(call.name, i),
    ),
  );
  const slotNames = new Set(
    layout.groups.flatMap(({ slots }) => slots.map(({ name }) => name)),
  );
  const kinds = {
    all: variables,
    weights: variables.filter(({ name }) => !slotNames.has(name)),
    slots: variables.filter(({ name }) => slotNames.has(name)),
  };
  const initialization = initialize(variables);
  const model: SavedModel = {
    functions,
    nodes: [
      nodes.placeholder(repeats.name, [], repeats.type),
      ...inputs.map(({ key, shape: [rows, ...rest] }) =>
        nodes.placeholder(key, [most * rows, ...rest]),
      ),
      ...variables.map(nodes.variable),
      ...reads,
      call,
      ...assigned,
      ...outputs.map(({ key }, i) =>
        nodes.identity(
          key,
          nodes.outputOf(call.name, changed.length + i),
          assigned,
        ),
      ),
      ...variables.map((port) => nodes.readVariable(readOf(port), port)),
      ...initialization.nodes,
    ],
    signatures: new Map([
      ["init", initialization.signature],
      [
        "train",
        {
          inputs: [
            nodes.endpoint(repeats.name, repeats.name, repeats.type),
            ...inputs.map(({ key }) => nodes.endpoint(key, key)),
          ],
          outputs: outputs.map(({ key }) => nodes.endpoint(key, key)),
        },
      ],
      ["weights", { inputs: [], outputs: kinds.weights.map(readEndpoint) }],
      ["slots", { inputs: [], outputs: kinds.slots.map(readEndpoint) }],
    ]),
  };
  return { model, most, inputs, outputs, variables: kinds };
}

/** Sets all variables; what comes out says only that it is done. */
function initialize(variables: readonly Port[]): {
  nodes: NodeDef[];
  signature: Signature;
} {
  const given = ({ key }: Port) => `given_${key}`;
  // A variable would go on in the memory that is fed, whose end TensorFlow.js must learn on its own thread.
  const copies = variables.map((port) =>
    nodes.copy(`copy_${port.key}`, given(port)),
  );
  const assigned = variables.map((port, i) =>
    nodes.assignVariable(`set_${port.key}`, port, copies[i].name),
  );
  const one: NodeDef = {
    name: "one",
    operation: "Const",
    inputs: [],
    attributes: {
      dtype: nodes.typeOf("float"),
      value: { kind: "fill", value: 1, shape: [] },
    },
  };
  return {
    nodes: [
      ...variables.map((port) => nodes.placeholder(given(port), port.shape)),
      ...copies,
      ...assigned,
      one,
      nodes.identity("initialized", one.name, assigned),
    ],
    signature: {
      inputs: variables.map((port) => nodes.endpoint(port.key, given(port))),
      outputs: [nodes.endpoint("initialized", "initialized")],
    },
  };
}

function readOf({ key }: Port): string {
  return `read_${key}`;
}

function readEndpoint(port: Port): Endpoint {
  return nodes.endpoint(port.key, readOf(port));
}
