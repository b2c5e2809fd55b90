/**
 * Nearest-neighbour up-sampling by a whole factor: each pixel becomes a block, and a block's gradients add up.
 * TensorFlow's general resizing is no substitute: in plain JavaScript its gradient is wrong for a factor of three.
 */
import type { Tensor, TensorFlow } from "./load";

/** `x` is `[batch, height, width, channels]`. */
export function upsample(tf: TensorFlow, x: Tensor, factor: number): Tensor {
  const [batch, height, width, channels] = x.shape;
  const blocks = [batch, height, factor, width, factor, channels];
  const operation = tf.customGrad((input) => ({
    value: tf.reshape(
      tf.tile(
        tf.reshape(input as Tensor, [batch, height, 1, width, 1, channels]),
        [1, 1, factor, 1, factor, 1],
      ),
      [batch, height * factor, width * factor, channels],
    ),
    gradFunc: (dy: Tensor) => tf.sum(tf.reshape(dy, blocks), [2, 4]),
  }));
  return operation(x);
}
