/** What a session runs, as expressions; a runtime lowers it and keeps the state's variables. */
import type { Node } from "./node";
import { isKind } from "./node";

export interface Program {
  /** What each state variable becomes; one that stays is its own input. */
  state: ReadonlyMap<string, Node>;
  /** What comes out, by name. */
  outputs: ReadonlyMap<string, Node>;
}

/** The variables that do not stay as they are. */
export function changedState({ state }: Program): [string, Node][] {
  return [...state].filter(
    ([name, node]) => !isKind(node, "input") || node.attributes.name !== name,
  );
}

/** The inputs that some nodes need, each once. */
export function inputsOf(nodes: Iterable<Node>): Node<"input">[] {
  const seen = new Set<Node>();
  const inputs: Node<"input">[] = [];
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (isKind(node, "input")) inputs.push(node);
    node.inputs.forEach(visit);
  };
  for (const node of nodes) visit(node);
  return inputs;
}

/** The outputs' names. */
export const outputNames = {
  /** `stepMetrics.length` figures a step, end to end; NaN where a step has no such figure. */
  metrics: "metrics",
  /** `[count, features]` of a forward pass, in PyTorch's order. */
  output: "output",
  /** The same after one layer. */
  activation: (layer: number) => `activation.${layer}`,
  /** Of a lone update's loss, by `parameterKey`; absent where none arrives. */
  gradient: (key: string) => `gradient.${key}`,
};

/** The inputs' names, besides those of `stepInputs` and `scalarName`. */
export const inputNames = {
  /** `[count, ...network.input]` of a forward pass. */
  forward: "input",
  /** `[count, classes]` of a forward pass, where the network reads labels. */
  labels: "labels",
};
