/**
 * Training steps as one graph. Noise, images, masks and the optimisers' scalars are inputs, by the names of `stepInputs`
 * and `scalarName`.
 */
import type { Shape } from "../../shared/settings/network";
import type { NetworkRole } from "../../shared/settings/settings";
import type { ModelSettings } from "../engine/engine";
import { networkRoles } from "./parameters";
import { Graph } from "./graph";
import { logitNetworks } from "./losses";
import type { Node } from "./node";
import type { OptimizerScalar } from "./optimizer";
import type { StateLayout } from "./state";
import { StateNodes } from "./state-nodes";
import type { StepFeeds } from "./step";
import { Step } from "./step";
import type { Updates } from "./steps";
import { isUpdated } from "./steps";

export interface StepProgram {
  /** What each state variable becomes; one that stays is its own input. */
  state: ReadonlyMap<string, Node>;
  /** `stepMetrics.length` figures a step, end to end; NaN where a step has no such figure. */
  metrics: Node;
  /** Of a lone update's loss, by `parameterKey`; absent or null where none arrives. Empty for whole steps. */
  gradients: ReadonlyMap<string, Node | null>;
}

/** `rate.generator`: the name of an optimiser's scalar among the inputs. */
export function scalarName(role: NetworkRole, scalar: OptimizerScalar): string {
  return `${scalar}.${role}`;
}

/** The update of one network alone, by a batch of this size. */
export function buildUpdate(
  model: ModelSettings,
  layout: StateLayout,
  batch: number,
  network: NetworkRole,
): StepProgram {
  const graph = new Graph();
  const state = new StateNodes(graph, layout, logitNetworks(model));
  const feeds = stackedFeeds(graph, [network], 0);
  const step = new Step(model, layout, graph, state, feeds, batch);
  const loss = step.update(network);
  return {
    state: state.variables,
    metrics: step.metrics(),
    gradients: step.allGradients(network, loss),
  };
}

/**
 * Consecutive steps, each of which updates what `pattern` says. In one graph ONNX Runtime writes what a step makes of the
 * state over what no later one reads; from one round of a loop to the next it copies.
 */
export function buildSteps(
  model: ModelSettings,
  layout: StateLayout,
  batch: number,
  pattern: readonly Updates[],
): StepProgram {
  const graph = new Graph();
  const state = new StateNodes(graph, layout, logitNetworks(model));
  const generatorFirst = model.objective.order === "generator-first";
  const order = generatorFirst ? networkRoles : [...networkRoles].reverse();
  const metrics = pattern.map((updates, index) => {
    const feeds = stackedFeeds(graph, pattern, index);
    const step = new Step(model, layout, graph, state, feeds, batch);
    for (const role of order) if (isUpdated(updates, role)) step.update(role);
    return step.metrics();
  });
  return {
    state: state.variables,
    metrics: graph.concat(metrics),
    gradients: new Map(),
  };
}

/** Inputs hold what all steps of a pattern consume, one below the other; these are those of one step. */
function stackedFeeds(
  graph: Graph,
  pattern: readonly Updates[],
  index: number,
): StepFeeds {
  const part = (
    name: string,
    [rows, ...shape]: Shape,
    at: number,
    of: number,
  ) =>
    graph.slice(
      graph.input(name, [of * rows, ...shape]),
      0,
      at * rows,
      (at + 1) * rows,
    );
  const updatesOf = (role: NetworkRole, steps: readonly Updates[]) =>
    steps.filter((updates) => isUpdated(updates, role)).length;
  return {
    array: (name, shape) => part(name, shape, index, pattern.length),
    scalar: (role, scalar) =>
      part(
        scalarName(role, scalar),
        [1, 1, 1],
        updatesOf(role, pattern.slice(0, index)),
        updatesOf(role, pattern),
      ),
  };
}
