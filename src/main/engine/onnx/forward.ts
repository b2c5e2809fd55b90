/** Both networks without training: pictures, scores, and every layer's output. */
import type { Network } from "../../../shared/settings/network";
import type { NetworkRole } from "../../../shared/settings/settings";
import type { ForwardMode, ModelSettings } from "../engine";
import { Graph } from "../../graph/graph";
import type { Model } from "./models";
import { plainModel } from "./models";
import { forward } from "../../graph/network";
import type { StateLayout } from "../../graph/state";
import { StateNodes } from "../../graph/state-nodes";

/** The input of every forward model: `[count, ...network.input]`. */
export const forwardInput = "input";

/** `output`, and where asked for `activation.0`, `activation.1`, ... of one network. */
export function forwardModel(
  role: NetworkRole,
  networks: Pick<ModelSettings, NetworkRole>,
  layout: StateLayout,
  count: number,
  mode: ForwardMode,
  every: "output" | "activations",
): Model {
  const graph = new Graph();
  const network: Network = networks[role];
  const state = new StateNodes(graph, layout, networks);
  const input = graph.input(forwardInput, [count, ...network.input]);
  const { output, activations } = forward(network, input, {
    graph,
    batch: count,
    statistics: mode === "batch" ? "batch" : "running",
    parameter: (layer, kind) => state.layerParameter(role, layer, kind),
    running: (layer) => state.running(role, layer),
    mask: () => null,
  });
  if (every === "output") return plainModel(new Map([["output", output]]));
  return plainModel(
    new Map(activations.map((it, i) => [activationName(i), it])),
  );
}

export function activationName(layer: number): string {
  return `activation.${layer}`;
}
