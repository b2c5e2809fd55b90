/** The state of a model inside a graph: what a step has made of it so far, and the parameters as layers read them. */
import type { Parameter } from "../../shared/settings/network";
import type { TrainedRole } from "../../shared/layers";
import { volume } from "../../shared/layers";
import { parametersOf } from "../../shared/settings/network";
import type { NetworkRole } from "../../shared/settings/settings";
import type { ModelSettings, WeightChoice } from "../engine/engine";
import { parameterKey } from "./parameters";
import type { Graph } from "./graph";
import type { Node } from "./node";
import type { ForwardPass } from "./network";
import { normalized, spectralName } from "./spectral";
import type { Group, StateLayout } from "./state";
import { engineShape, runningName } from "./state";

export class StateNodes {
  /** By the names of the layout's variables. */
  readonly variables = new Map<string, Node>();

  constructor(
    private readonly graph: Graph,
    private readonly layout: StateLayout,
    private readonly model: Pick<ModelSettings, NetworkRole>,
  ) {
    for (const { name, shape } of layout.variables)
      this.variables.set(name, graph.input(name, shape));
  }

  get(name: string): Node {
    const node = this.variables.get(name);
    if (!node) throw new Error(`The engine's state has no variable ${name}.`);
    return node;
  }

  trainable(role: NetworkRole): Parameter[] {
    return parametersOf(this.model[role]).filter((it) => it.trainable);
  }

  /**
   * A parameter as it is by now, as a row: the node to differentiate by. Its reshaped forms are not, because layers may
   * read it in other shapes.
   */
  row(
    role: NetworkRole,
    { name, shape }: Parameter,
    choice: WeightChoice = "last",
  ): Node {
    const key = parameterKey(role, name);
    for (const { weights, average } of this.layout.groups)
      for (const { key: found, offset } of weights.pieces)
        if (found === key)
          return this.graph.slice(
            this.get(
              (choice === "average" && average ? average : weights).name,
            ),
            2,
            offset,
            offset + volume(shape),
          );
    throw new Error(`The engine's state has no parameter ${key}.`);
  }

  /** A weight itself, `[filters, ...]` as a matrix. */
  rawWeight(role: NetworkRole, weight: Parameter): Node {
    return this.graph.reshape(this.row(role, weight), engineShape(weight));
  }

  /** What a layer trains as it is by now, as the layer reads it; null where the layer has none. */
  layerParameter(
    role: NetworkRole,
    layer: number,
    kind: TrainedRole,
    choice: WeightChoice = "last",
  ): Node | null {
    const found = this.trainable(role).find(
      (parameter) => parameter.layer === layer && parameter.role === kind,
    );
    if (!found) return null;
    if (
      role === "discriminator" &&
      this.layout.spectral.some(({ name }) => name === found.name)
    )
      return normalized(this.graph, this.rawWeight(role, found), {
        u: this.get(spectralName("u", found)),
        v: this.get(spectralName("v", found)),
      });
    return this.graph.reshape(
      this.row(role, found, choice),
      engineShape(found),
    );
  }

  running(role: NetworkRole, layer: number): { mean: Node; variance: Node } {
    const both = this.get(runningName(role, layer));
    const channels = both.shape[0] / 2;
    return {
      mean: this.graph.slice(both, 0, 0, channels),
      variance: this.graph.slice(both, 0, channels, 2 * channels),
    };
  }

  keepRunning(role: NetworkRole, { running }: ForwardPass): void {
    for (const [layer, { mean, variance }] of running)
      this.variables.set(
        runningName(role, layer),
        this.graph.concat([mean, variance]),
      );
  }

  /** The gradient of a group's variable from those of its parameters, by their keys; zero where none arrived. */
  groupGradient(
    { weights }: Group,
    gradients: ReadonlyMap<string, Node | null>,
  ): Node {
    const parts = weights.pieces.map(
      ({ key, parameter }) =>
        gradients.get(key) ??
        this.graph.constant(0, [1, 1, volume(parameter.shape)]),
    );
    return this.graph.concat(parts, 2);
  }
}
