/**
 * The optimisers, with PyTorch's semantics and the slots of `parameters.ts`.
 * What depends on the step or the learning rate comes in as scalars, computed here in float64.
 */
import type { OptimizerSettings } from "../../shared/settings/settings";
import type { OptimizerSlot } from "./parameters";
import { optimizerSlots } from "./parameters";
import type { Graph } from "./graph";
import type { Node } from "./node";

/** What `update` reads besides arrays; the rate is negative, because weights go down. */
export type OptimizerScalar = "rate" | "eps";

export interface Optimizer {
  slots: readonly OptimizerSlot[];
  scalars: readonly OptimizerScalar[];
  /** Their values at the `step`-th update, counted from 1, in that order. */
  scalarsAt(step: number, learningRate: number): number[];
  /** New weights and slots, all rows `[1, 1, n]`. `scalars`, `[1, 1, 1]` each, and `slots` in the orders above. */
  update(
    graph: Graph,
    weight: Node,
    gradient: Node,
    slots: readonly Node[],
    scalars: readonly Node[],
  ): { weight: Node; slots: Node[] };
}

export function optimizerOf(settings: OptimizerSettings): Optimizer {
  const slots = optimizerSlots(settings);
  switch (settings.type) {
    case "adam":
      return { slots, ...adam(settings) };
    case "rmsprop":
      return { slots, ...rmsprop(settings) };
    case "sgd":
      return { slots, ...sgd(settings) };
    default:
      return settings satisfies never;
  }
}

/**
 * Kingma and Ba 2015. With sums M = m / (1 - beta1) and V = v / (1 - beta2), and b = sqrt((1 - beta2^t) / (1 - beta2)):
 * m' / (sqrt(v') + eps) = (1 - beta1) / (1 - beta1^t) * b * M / (sqrt(V) + b * eps).
 */
function adam({
  beta1,
  beta2,
  eps,
}: Extract<OptimizerSettings, { type: "adam" }>): Omit<Optimizer, "slots"> {
  return {
    scalars: ["rate", "eps"],
    scalarsAt(step, learningRate) {
      const scale = Math.sqrt((1 - beta2 ** step) / (1 - beta2));
      const rate = (learningRate * (1 - beta1)) / (1 - beta1 ** step);
      return [-rate * scale, eps * scale];
    },
    update(g, weight, gradient, [first, second], [rate, epsilon]) {
      const squares = decay(g, second, beta2, g.square(gradient));
      const sum = decay(g, first, beta1, gradient);
      const direction = g.divide(sum, g.add(g.sqrt(squares), epsilon));
      return {
        weight: g.addScaled(weight, rate, direction),
        slots: [sum, squares],
      };
    },
  };
}

/** As in PyTorch, without centring; V = v / (1 - alpha). */
function rmsprop({
  alpha,
  eps,
}: Extract<OptimizerSettings, { type: "rmsprop" }>): Omit<Optimizer, "slots"> {
  const scale = 1 / Math.sqrt(1 - alpha);
  return {
    scalars: ["rate"],
    scalarsAt: (_, learningRate) => [-learningRate * scale],
    update(g, weight, gradient, [square], [rate]) {
      const squares = decay(g, square, alpha, g.square(gradient));
      const epsilon = g.constant(eps * scale);
      const direction = g.divide(gradient, g.add(g.sqrt(squares), epsilon));
      return {
        weight: g.addScaled(weight, rate, direction),
        slots: [squares],
      };
    },
  };
}

function sgd({
  momentum,
}: Extract<OptimizerSettings, { type: "sgd" }>): Omit<Optimizer, "slots"> {
  return {
    scalars: ["rate"],
    scalarsAt: (_, learningRate) => [-learningRate],
    update(g, weight, gradient, slots, [rate]) {
      const buffers = slots.map((slot) => decay(g, slot, momentum, gradient));
      const [direction = gradient] = buffers;
      return {
        weight: g.addScaled(weight, rate, direction),
        slots: buffers,
      };
    },
  };
}

/** A slot's sum: `factor * slot + value`. */
function decay(graph: Graph, slot: Node, factor: number, value: Node): Node {
  return graph.addScaled(value, graph.constant(factor, [1, 1, 1]), slot);
}
