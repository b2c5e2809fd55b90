/**
 * Images inside and outside: TensorFlow computes on `[batch, height, width, channels]`, everybody else speaks PyTorch's
 * `[batch, channels, height, width]`. Flat values are the same in both.
 */
import type { Shape } from "../../../shared/network";
import { volume } from "../../../shared/network";
import type { Tensor, TensorFlow } from "./load";

/** A batch in PyTorch's order becomes one in TensorFlow's. `shape` is that of one sample. */
export function toInternal(tf: TensorFlow, x: Tensor, shape: Shape): Tensor {
  if (shape.length === 1) return tf.reshape(x, [-1, shape[0]]);
  const [channels, height, width] = shape;
  if (channels === 1 || height * width === 1)
    return tf.reshape(x, [-1, height, width, channels]);
  return tf.transpose(
    tf.reshape(x, [-1, channels, height, width]),
    [0, 2, 3, 1],
  );
}

/** The way back, flat: `[batch, volume]` in PyTorch's order. */
export function toFlat(tf: TensorFlow, x: Tensor, shape: Shape): Tensor {
  const ordered = isOrdered(shape) ? x : tf.transpose(x, [0, 3, 1, 2]);
  return tf.reshape(ordered, [-1, volume(shape)]);
}

/** The same values in another shape, in the order in which PyTorch's `view` would keep them. */
export function reshapeSamples(
  tf: TensorFlow,
  x: Tensor,
  from: Shape,
  to: Shape,
): Tensor {
  if (from.join() === to.join()) return x;
  return toInternal(tf, toFlat(tf, x, from), to);
}

/** Whether both orders are the same memory. */
function isOrdered(shape: Shape): boolean {
  return shape.length === 1 || shape[0] === 1 || shape[1] * shape[2] === 1;
}
