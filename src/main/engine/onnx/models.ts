/** Programs as ONNX models: one that runs once, and one that takes many steps by an ONNX `Scan`. */
import type { Shape } from "../../../shared/layers";
import type { Node } from "../../graph/node";
import type { Target } from "./emitter";
import { lower } from "./lower";
import type { OnnxGraph, OnnxValue } from "./model";
import { encodeModel } from "./protobuf";
import type { Program } from "../../graph/program";
import { changedState, inputsOf } from "../../graph/program";

export interface Model {
  bytes: Uint8Array;
  /** What must be fed; `perStep` values gain a leading axis of steps. */
  inputs: readonly ModelInput[];
  outputs: readonly string[];
}

export interface ModelInput {
  name: string;
  shape: Shape;
  bytes: boolean;
  perStep: boolean;
}

/** The output that a state variable's new value comes out of. */
export function nextName(variable: string): string {
  return `next.${variable}`;
}

/** Runs a program once. */
export function plainModel(program: Program, target?: Target): Model {
  const outputs = namedOutputs(program);
  const inputs = modelInputs(outputs.values());
  const graph: OnnxGraph = {
    name: "once",
    ...lower(outputs, (name) => name, target),
    inputs,
    outputs: [...outputs].map(([name, { shape }]) => ({ name, shape })),
  };
  return { bytes: encodeModel(graph), inputs, outputs: [...outputs.keys()] };
}

/**
 * Takes as many steps as its inputs have rows: the state that changes is carried from step to step, everything else
 * that a step consumes gains a leading axis, and so do the outputs. State that stays is read from outside the loop.
 */
export function scanModel(program: Program): Model {
  const changed = changedState(program);
  const carried = changed.map(([name, { shape }]) => ({
    name,
    shape,
    bytes: false,
  }));
  const outputs = namedOutputs(program);
  const needed = modelInputs(outputs.values());
  const others = needed.filter(({ name }) =>
    carried.every((variable) => variable.name !== name),
  );
  const constant = others.filter(({ name }) => program.state.has(name));
  const scanned = others.filter(({ name }) => !program.state.has(name));
  const inputs = [
    ...[...carried, ...constant].map((it) => ({ ...it, perStep: false })),
    ...scanned.map((it) => ({ ...it, perStep: true })),
  ];
  const body = scanBody(outputs, [...carried, ...scanned], constant);
  const bytes = encodeModel({
    name: "steps",
    nodes: [
      {
        type: "Scan",
        inputs: [...carried, ...scanned].map(({ name }) => name),
        outputs: [...outputs.keys()],
        attributes: {
          body: { type: "graph", value: body },
          num_scan_inputs: { type: "int", value: scanned.length },
        },
      },
    ],
    initializers: [],
    inputs: inputs.map(({ name, shape, bytes, perStep }) => ({
      name,
      bytes,
      shape: perStep ? ["steps", ...shape] : shape,
    })),
    outputs: [...outputs].map(([name, { shape }]) => ({
      name,
      shape: program.outputs.has(name) ? ["steps", ...shape] : shape,
    })),
  });
  return { bytes, inputs, outputs: [...outputs.keys()] };
}

/** One step. Names inside differ from those outside, except where the outside is meant. */
function scanBody(
  outputs: ReadonlyMap<string, Node>,
  inputs: readonly OnnxValue[],
  constant: readonly { name: string }[],
): OnnxGraph {
  const outside = new Set(constant.map(({ name }) => name));
  const inside = (name: string): string =>
    outside.has(name) ? name : `step.${name}`;
  const named = new Map(
    [...outputs].map(([name, node]) => [`step.${name}`, node]),
  );
  // ONNX Runtime begins with what was written last: so each update follows its gradient while that is in the cache.
  const [metrics, ...state] = [...named].reverse();
  const metricsFirst = new Map([metrics, ...state.reverse()]);
  return {
    name: "step",
    ...lower(metricsFirst, inside),
    inputs: inputs.map((input) => ({ ...input, name: inside(input.name) })),
    outputs: [...named].map(([name, { shape }]) => ({ name, shape })),
  };
}

/** What comes out of a model, the new state first. */
function namedOutputs(program: Program): Map<string, Node> {
  const state = changedState(program).map(
    ([name, node]) => [nextName(name), node] as const,
  );
  return new Map([...state, ...program.outputs]);
}

function modelInputs(nodes: Iterable<Node>): ModelInput[] {
  return inputsOf(nodes).map(
    ({ attributes: { name, bytes = false }, shape }) => ({
      name,
      shape,
      bytes,
      perStep: false,
    }),
  );
}
