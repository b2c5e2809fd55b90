/**
 * Everything that a session runs, each as one graph: training steps, lone updates, forward passes and activations. Noise,
 * images, masks and the optimisers' scalars are inputs, by the names of `stepInputs` and `scalarName`.
 */
import type { Shape } from "../../shared/layers";
import { classesRead } from "../../shared/settings/labels";
import type { DataSettings, NetworkRole } from "../../shared/settings/settings";
import type {
  ForwardMode,
  ModelSettings,
  WeightChoice,
} from "../engine/engine";
import type { Rewrite } from "./graph";
import { Graph } from "./graph";
import type { FitLoss } from "./fit";
import { fitStep } from "./fit";
import { logitNetworks } from "./losses";
import type { ForwardPass } from "./network";
import type { Node } from "./node";
import { forward } from "./network";
import { networkRoles } from "./parameters";
import type { Program } from "./program";
import { inputNames, outputNames } from "./program";
import { scalarName } from "./scalars";
import type { StateLayout } from "./state";
import { layOutState } from "./state";
import { StateNodes } from "./state-nodes";
import type { StepFeeds } from "./passes";
import { Step } from "./step";
import type { Updates } from "./steps";
import { isUpdated } from "./steps";

/** A forward pass of so many samples. */
export interface ForwardProgram {
  role: NetworkRole;
  count: number;
  mode: ForwardMode;
  /** Of G; D has no average. */
  weights: WeightChoice;
}

export class Programs {
  readonly layout: StateLayout;
  private readonly logitNetworks: Pick<ModelSettings, NetworkRole>;

  /** `rewrite` is what the runtime would rather compute. */
  constructor(
    private readonly model: ModelSettings,
    private readonly rewrite?: Rewrite,
  ) {
    this.layout = layOutState(model);
    this.logitNetworks = logitNetworks(model);
  }

  /**
   * Consecutive steps by a batch of this size, each of which updates what `pattern` says. In one graph a runtime may write
   * what a step makes of the state over what no later one reads. With a range the real images are bytes.
   */
  steps(
    batch: number,
    pattern: readonly Updates[],
    range?: DataSettings["range"],
  ): Program {
    const { model, layout } = this;
    const { graph, state } = this.begin(this.logitNetworks);
    const generatorFirst = model.objective.order === "generator-first";
    const order = generatorFirst ? networkRoles : [...networkRoles].reverse();
    const metrics = pattern.map((updates, index) => {
      const stacked = stackedFeeds(graph, pattern, index);
      const feeds = range
        ? withImageBytes(graph, stacked, range, [index, pattern.length])
        : stacked;
      const step = new Step({ model, layout, graph, state, feeds, batch });
      for (const role of order) if (isUpdated(updates, role)) step.update(role);
      return step.metrics();
    });
    return {
      state: state.variables,
      outputs: new Map([[outputNames.metrics, graph.concat(metrics)]]),
    };
  }

  /** The update of one network alone, with the gradients of its loss. */
  update(batch: number, network: NetworkRole): Program {
    const { model, layout } = this;
    const { graph, state } = this.begin(this.logitNetworks);
    const feeds = stackedFeeds(graph, [network], 0);
    const step = new Step({ model, layout, graph, state, feeds, batch });
    const loss = step.update(network);
    const outputs = new Map([[outputNames.metrics, step.metrics()]]);
    for (const [key, gradient] of step.allGradients(network, loss))
      if (gradient) outputs.set(outputNames.gradient(key), gradient);
    return { state: state.variables, outputs };
  }

  /** Steps that fit D's network and then G's to targets; see `fit.ts`. */
  fit(batch: number, loss: FitLoss): Program {
    const { model, layout } = this;
    const { graph, state } = this.begin(model);
    const metrics = fitStep({ model, layout, graph, state }, batch, loss);
    return {
      state: state.variables,
      outputs: new Map([[outputNames.metrics, metrics]]),
    };
  }

  /** Pictures, or logits, of so many samples. Changes no state. */
  forward(program: ForwardProgram): Program {
    const { pass, state } = this.pass(this.logitNetworks, program);
    return { state, outputs: new Map([[outputNames.output, pass.output]]) };
  }

  /** What each layer gives, as the settings have the network. */
  activations(role: NetworkRole, count: number, mode: ForwardMode): Program {
    const weights = "last";
    const program = { role, count, mode, weights } as const;
    const { pass, state } = this.pass(this.model, program);
    const outputs = new Map(
      pass.activations.map((it, i) => [outputNames.activation(i), it]),
    );
    return { state, outputs };
  }

  private pass(
    networks: Pick<ModelSettings, NetworkRole>,
    { role, count, mode, weights }: ForwardProgram,
  ): { pass: ForwardPass; state: Program["state"] } {
    const { graph, state } = this.begin(networks);
    const network = networks[role];
    const input = graph.input(inputNames.forward, [count, ...network.input]);
    const classes = classesRead(network);
    const pass = forward(network, input, {
      graph,
      batch: count,
      labels:
        classes === null
          ? null
          : graph.input(inputNames.labels, [count, classes]),
      statistics: mode === "batch" ? "batch" : "running",
      parameter: (layer, kind) =>
        state.layerParameter(role, layer, kind, weights),
      running: (layer) => state.running(role, layer),
      mask: () => null,
    });
    return { pass, state: state.variables };
  }

  private begin(networks: Pick<ModelSettings, NetworkRole>) {
    const graph = new Graph(this.rewrite);
    return { graph, state: new StateNodes(graph, this.layout, networks) };
  }
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
  ) => rowsAt(graph, graph.input(name, [of * rows, ...shape]), at, of);
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

/** The same with real images that come as bytes, to the bit what `data/batches.ts` makes of them. */
function withImageBytes(
  graph: Graph,
  feeds: StepFeeds,
  range: DataSettings["range"],
  [index, steps]: [number, number],
): StepFeeds {
  const images = ([batch, ...shape]: Shape) => {
    const bytes = graph.bytes("real", [steps * batch, ...shape]);
    const levels = graph.floats(rowsAt(graph, bytes, index, steps));
    const unit = graph.divide(levels, graph.constant(255));
    if (range === "unit") return unit;
    return graph.scale(graph.subtract(unit, graph.constant(0.5)), 2);
  };
  return {
    ...feeds,
    array: (name, shape) =>
      name === "real" ? images(shape) : feeds.array(name, shape),
  };
}

/** The `at`-th of so many equal parts, one below the other. */
function rowsAt(graph: Graph, whole: Node, at: number, of: number): Node {
  const rows = whole.shape[0] / of;
  return graph.slice(whole, 0, at * rows, (at + 1) * rows);
}
