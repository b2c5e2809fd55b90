/** Batch normalisation in PyTorch's sense, with its gradient written out: a third of the kernels of the composed one. */
import type { Tensor, TensorFlow } from "./load";

/** What one pass in training mode saw of each channel. */
export interface BatchStatistics {
  mean: Tensor;
  /** Unbiased, as PyTorch keeps it; the batch itself is normalised by the biased one. */
  variance: Tensor;
}

/**
 * Normalises by the batch's own statistics; channels are the last axis, `scale` and `shift` `[channels]`.
 * Ioffe and Szegedy 2015, section 3, for the gradient.
 */
export function normalizeByBatch(
  tf: TensorFlow,
  x: Tensor,
  scale: Tensor,
  shift: Tensor,
  eps: number,
  onStatistics: (statistics: BatchStatistics) => void,
): Tensor {
  const axes = x.shape.map((_, axis) => axis).slice(0, -1);
  const count = x.size / x.shape[x.rank - 1];
  const operation = tf.customGrad((...args) => {
    // The last argument of a custom gradient's function is `save`; TensorFlow.js types it as one of the tensors.
    const [input, gamma, beta] = args as Tensor[];
    const save = args[3] as unknown as (tensors: Tensor[]) => void;
    const mean = tf.mean(input, axes);
    const centered = tf.sub(input, mean);
    const variance = tf.mean(tf.square(centered), axes);
    const inverse = tf.rsqrt(tf.add(variance, eps));
    const normalized = tf.mul(centered, inverse);
    onStatistics({
      mean,
      variance: tf.mul(variance, count / Math.max(count - 1, 1)),
    });
    save([normalized, tf.mul(gamma, inverse)]);
    return {
      value: tf.add(tf.mul(normalized, gamma), beta),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [unit, slope] = saved;
        const dShift = tf.sum(dy, axes);
        const dScale = tf.sum(tf.mul(dy, unit), axes);
        const common = tf.add(dShift, tf.mul(unit, dScale));
        const dInput = tf.mul(slope, tf.sub(dy, tf.div(common, count)));
        return [dInput, dScale, dShift];
      },
    };
  });
  return operation(x, scale, shift);
}

/** Normalises by the running statistics. */
export function normalizeByRunning(
  tf: TensorFlow,
  x: Tensor,
  scale: Tensor,
  shift: Tensor,
  eps: number,
  running: BatchStatistics,
): Tensor {
  const slope = tf.mul(scale, tf.rsqrt(tf.add(running.variance, eps)));
  return tf.add(tf.mul(tf.sub(x, running.mean), slope), shift);
}
