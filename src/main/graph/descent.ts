/** The second half of an update: the gradient of a loss, its norm and limit, the optimiser, and the average of the weights. */
import type { NetworkRole } from "../../shared/settings/settings";
import { gradients } from "./gradient";
import type { Graph } from "./graph";
import type { Node } from "./node";
import { optimizerOf } from "./optimizer";
import { parameterKey } from "./parameters";
import type { StepParts } from "./passes";
import type { Group } from "./state";

type DescentParts = Pick<
  StepParts,
  "graph" | "layout" | "model" | "state" | "feeds"
>;

/** Updates one network, in the state. Gives the L2 norm of its whole gradient, before any limit. */
export function descend(
  parts: DescentParts,
  role: NetworkRole,
  loss: Node,
): { norm: Node } {
  const { graph, layout, state, model } = parts;
  const found = parameterGradients(parts, role, loss);
  const whole = layout.groups
    .filter((group) => group.role === role)
    .map((group) => ({ group, gradient: state.groupGradient(group, found) }));
  const squares = whole.map(({ gradient }) =>
    graph.sum(graph.square(gradient)),
  );
  const norm = graph.sqrt(squares.reduce((a, b) => graph.add(a, b)));
  const { gradientLimit } = model.improvements;
  const factor =
    gradientLimit === null ? null : limitFactor(graph, norm, gradientLimit);
  for (const { group, gradient } of whole)
    updateGroup(
      parts,
      group,
      factor ? graph.multiply(gradient, factor) : gradient,
    );
  return { norm };
}

/**
 * By `parameterKey`, of the parameters as they are in `at`; what the state has become counts as constant but for those
 * themselves.
 */
export function parameterGradients(
  { graph, state }: Pick<StepParts, "graph" | "state">,
  role: NetworkRole,
  loss: Node,
  at = state,
): Map<string, Node | null> {
  const parameters = at.trainable(role);
  const weights = parameters.map((it) => at.row(role, it));
  const detached = new Set(state.variables.values());
  const found = gradients(graph, loss, weights, detached);
  return new Map(
    parameters.map(({ name }, i) => [parameterKey(role, name), found[i]]),
  );
}

/** `limit / max(limit, norm)` as a row, with the small number that PyTorch's `clip_grad_norm_` adds to the norm. */
function limitFactor(graph: Graph, norm: Node, limit: number): Node {
  const most = graph.constant(limit);
  const beyond = graph.subtract(graph.add(norm, graph.constant(1e-6)), most);
  const divisor = graph.add(graph.leakyRelu(beyond, 0), most);
  return graph.reshape(graph.divide(most, divisor), [1, 1, 1]);
}

function updateGroup(
  { graph, state, model, feeds }: DescentParts,
  { role, weights, slots, average }: Group,
  gradient: Node,
): void {
  const optimizer = optimizerOf(model.optimizers[role]);
  const updated = optimizer.update(
    graph,
    state.get(weights.name),
    gradient,
    slots.map(({ name }) => state.get(name)),
    optimizer.scalars.map((it) => feeds.scalar(role, it)),
  );
  const { clip } = model.objective;
  const clipped = role === "discriminator" && clip !== null;
  const weight = clipped ? graph.clip(updated.weight, clip) : updated.weight;
  state.variables.set(weights.name, weight);
  slots.forEach(({ name }, i) => {
    state.variables.set(name, updated.slots[i]);
  });
  if (!average) return;
  const apart = graph.subtract(state.get(average.name), weight);
  const beta = feeds.scalar(role, "beta");
  state.variables.set(average.name, graph.addScaled(weight, beta, apart));
}
