/** PyTorch's optimisers on one flat vector of all of a network's weights: ten kernels a step however many layers. */
import type { OptimizerSettings } from "../../../shared/settings/settings";
import type { OptimizerSlot } from "../../graph/parameters";
import type { Tensor, TensorFlow } from "./load";

export type Slots = ReadonlyMap<OptimizerSlot, Tensor>;

export interface Updated {
  weights: Tensor;
  slots: Map<OptimizerSlot, Tensor>;
}

/** `step` counts from 1. The slots are sums (see parameters.ts). */
export function applyOptimizer(
  tf: TensorFlow,
  settings: OptimizerSettings,
  learningRate: number,
  step: number,
  weights: Tensor,
  gradient: Tensor,
  slots: Slots,
): Updated {
  switch (settings.type) {
    case "adam": {
      const { beta1, beta2, eps } = settings;
      const gradients = decayed("gradient_sum", beta1, gradient);
      const squares = decayed("square_sum", beta2, tf.square(gradient));
      // Kingma and Ba 2015, algorithm 1, with both bias corrections moved into two numbers.
      const first = (1 - beta1) / (1 - beta1 ** step);
      const second = Math.sqrt((1 - beta2) / (1 - beta2 ** step));
      const root = tf.add(tf.sqrt(squares), eps / second);
      const rate = (learningRate * first) / second;
      return updated(tf.mul(tf.div(gradients, root), rate), {
        gradient_sum: gradients,
        square_sum: squares,
      });
    }
    case "rmsprop": {
      const { alpha, eps } = settings;
      const squares = decayed("square_sum", alpha, tf.square(gradient));
      const scale = Math.sqrt(1 - alpha);
      const root = tf.add(tf.sqrt(squares), eps / scale);
      return updated(tf.mul(tf.div(gradient, root), learningRate / scale), {
        square_sum: squares,
      });
    }
    case "sgd": {
      if (settings.momentum === 0)
        return updated(tf.mul(gradient, learningRate), {});
      const buffer = decayed("momentum_buffer", settings.momentum, gradient);
      return updated(tf.mul(buffer, learningRate), { momentum_buffer: buffer });
    }
    default:
      return settings satisfies never;
  }

  function decayed(slot: OptimizerSlot, decay: number, addend: Tensor): Tensor {
    const before = slots.get(slot);
    if (!before) throw new Error(`The optimiser has no ${slot}.`);
    return tf.add(tf.mul(before, decay), addend);
  }

  function updated(
    change: Tensor,
    remembered: Partial<Record<OptimizerSlot, Tensor>>,
  ): Updated {
    const kept = new Map<OptimizerSlot, Tensor>();
    for (const slot of slots.keys()) {
      const tensor = remembered[slot];
      if (tensor) kept.set(slot, tensor);
    }
    return { weights: tf.sub(weights, change), slots: kept };
  }
}
