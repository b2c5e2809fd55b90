/** Programs as ONNX models: one that runs once, and one that takes many steps by an ONNX `Scan`. */
import type { Shape } from "../../../shared/settings/network";
import type { Node } from "../../graph/node";
import { isKind } from "../../graph/node";
import { lower } from "./lower";
import type { OnnxGraph } from "./model";
import { encodeModel } from "./protobuf";
import type { StepProgram } from "../../graph/train-step";

export interface Model {
  bytes: Uint8Array;
  /** What must be fed; `perStep` values gain a leading axis of steps. */
  inputs: readonly ModelInput[];
  outputs: readonly string[];
}

export interface ModelInput {
  name: string;
  shape: Shape;
  perStep: boolean;
}

/** The output that a state variable's new value comes out of. */
export function nextName(variable: string): string {
  return `next.${variable}`;
}

/** Evaluates the outputs once. */
export function plainModel(outputs: ReadonlyMap<string, Node>): Model {
  const inputs = inputsOf(outputs.values());
  const graph: OnnxGraph = {
    name: "once",
    ...lower(outputs, (name) => name),
    inputs,
    outputs: [...outputs].map(([name, { shape }]) => ({ name, shape })),
  };
  return { bytes: encodeModel(graph), inputs, outputs: [...outputs.keys()] };
}

/**
 * Takes as many steps as its inputs have rows: the state that changes is carried from step to step, everything else
 * that a step consumes gains a leading axis, and so do the metrics. State that stays is read from outside the loop.
 */
export function scanModel(program: StepProgram): Model {
  const changed = changedState(program);
  const carried = changed.map(([name, { shape }]) => ({ name, shape }));
  const needed = inputsOf([
    ...changed.map(([, node]) => node),
    program.metrics,
  ]);
  const others = needed.filter(({ name }) =>
    carried.every((variable) => variable.name !== name),
  );
  const constant = others.filter(({ name }) => program.state.has(name));
  const scanned = others.filter(({ name }) => !program.state.has(name));
  const inputs = [
    ...[...carried, ...constant].map((it) => ({ ...it, perStep: false })),
    ...scanned.map((it) => ({ ...it, perStep: true })),
  ];
  const outputs = new Map(
    changed.map(([name, node]) => [nextName(name), node]),
  );
  outputs.set("metrics", program.metrics);
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
    inputs: inputs.map(({ name, shape, perStep }) => ({
      name,
      shape: perStep ? ["steps", ...shape] : shape,
    })),
    outputs: [...outputs].map(([name, { shape }]) => ({
      name,
      shape: name === "metrics" ? ["steps", ...shape] : shape,
    })),
  });
  return { bytes, inputs, outputs: [...outputs.keys()] };
}

/** One step. Names inside differ from those outside, except where the outside is meant. */
function scanBody(
  outputs: ReadonlyMap<string, Node>,
  inputs: readonly { name: string; shape: Shape }[],
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
    inputs: inputs.map(({ name, shape }) => ({ name: inside(name), shape })),
    outputs: [...named].map(([name, { shape }]) => ({ name, shape })),
  };
}

/** The variables that a step does not leave as they are. */
export function changedState({ state }: StepProgram): [string, Node][] {
  return [...state].filter(
    ([name, node]) => !isKind(node, "input") || node.attributes.name !== name,
  );
}

/** The inputs that some nodes need, each once. */
function inputsOf(nodes: Iterable<Node>): ModelInput[] {
  const seen = new Set<Node>();
  const inputs: ModelInput[] = [];
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (isKind(node, "input"))
      inputs.push({
        name: node.attributes.name,
        shape: node.shape,
        perStep: false,
      });
    node.inputs.forEach(visit);
  };
  for (const node of nodes) visit(node);
  return inputs;
}
