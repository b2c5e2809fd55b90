/**
 * Spectral normalisation of D (Miyato et al. 2018, algorithm 1): each weight is divided by an estimate of its largest
 * singular value, `u W v`, whose vectors are state. One power iteration at each update of D; the passes of a step and
 * whatever looks at the networks afterwards use the vectors as they are.
 */
import type { Shape } from "../../shared/layers";
import type { Parameter } from "../../shared/settings/network";
import { parametersOf } from "../../shared/settings/network";
import type { ModelSettings } from "../engine/engine";
import type { Graph } from "./graph";
import type { Node } from "./node";
import type { StateLayout } from "./state";
import type { StateNodes } from "./state-nodes";

export type SpectralSide = "u" | "v";

/** One of the two vectors of a weight. */
export interface SpectralVector {
  /** `spectral.main.0.u`: its name in the model's state. */
  key: string;
  side: SpectralSide;
  /** What it belongs to. */
  weight: Parameter;
  /** `u` is `[filters]`; `v` has the shape of one filter, behind an axis of one. */
  shape: Shape;
}

const divided = ["dense", "conv", "projection"];

/** Which weights of D are divided: those of linear layers, convolutions and projections, whose embedding is one. */
export function spectralVectors(model: ModelSettings): SpectralVector[] {
  if (!model.improvements.spectralNorm) return [];
  const { layers } = model.discriminator;
  return parametersOf(model.discriminator)
    .filter(
      ({ role, layer }) =>
        role !== "bias" && divided.includes(layers[layer].type),
    )
    .flatMap((weight) => {
      const name = weight.name.replace(/\.weight$/, "");
      const { shape } = weight;
      const part = (side: SpectralSide, own: Shape): SpectralVector => ({
        key: `spectral.${name}.${side}`,
        side,
        weight,
        shape: own,
      });
      return [part("u", [shape[0]]), part("v", [1, ...shape.slice(1)])];
    });
}

/** `discriminator.u.3`: the name of a vector among the engine's variables. */
export function spectralName(
  side: SpectralSide,
  { layer, role }: Pick<Parameter, "layer" | "role">,
): string {
  const owner = role === "weight" ? layer : `${layer}.${role}`;
  return `discriminator.${side}.${owner}`;
}

/** One power iteration of every weight of D that has vectors, in the state. */
export function iterateSpectral(
  graph: Graph,
  layout: StateLayout,
  state: StateNodes,
): void {
  for (const weight of layout.spectral) {
    const matrix = state.rawWeight("discriminator", weight);
    const { u, v } = powerIteration(
      graph,
      matrix,
      state.get(spectralName("u", weight)),
    );
    state.variables.set(spectralName("u", weight), u);
    state.variables.set(spectralName("v", weight), v);
  }
}

/** Both vectors, `[n, 1]` each, after one power iteration of a matrix. Reshaped they would not be what a gradient stops at. */
function powerIteration(
  graph: Graph,
  matrix: Node,
  u: Node,
): { u: Node; v: Node } {
  const v = unit(graph, graph.matmul(matrix, u, { transposeA: true }));
  return { u: unit(graph, graph.matmul(matrix, v)), v };
}

/** A matrix over the singular value that the vectors say it has. */
export function normalized(
  graph: Graph,
  matrix: Node,
  { u, v }: { u: Node; v: Node },
): Node {
  const value = graph.sum(graph.multiply(u, graph.matmul(matrix, v)));
  return graph.divide(matrix, value);
}

/** How many iterations a run begins with, as PyTorch's `spectral_norm`. */
const firstIterations = 15;

/** The vectors of a weight `[filters, ...]` from a first `u`, in place. */
export function settleVectors(
  weight: Float32Array,
  u: Float32Array,
  v: Float32Array,
): void {
  for (let i = 0; i < firstIterations; i++) {
    v.fill(0);
    for (let row = 0, at = 0; row < u.length; row++)
      for (let column = 0; column < v.length; column++, at++)
        v[column] += weight[at] * u[row];
    toUnit(v);
    for (let row = 0, at = 0; row < u.length; row++) {
      let sum = 0;
      for (let column = 0; column < v.length; column++, at++)
        sum += weight[at] * v[column];
      u[row] = sum;
    }
    toUnit(u);
  }
}

function toUnit(vector: Float32Array): void {
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  for (let i = 0; i < vector.length; i++) vector[i] /= length + 1e-12;
}

function unit(graph: Graph, x: Node): Node {
  const length = graph.sqrt(graph.sum(graph.square(x)));
  return graph.divide(x, graph.add(length, graph.constant(1e-12)));
}
