/**
 * Images inside and outside: TensorFlow computes on `[batch, height, width, channels]`, everybody else speaks PyTorch's
 * `[batch, channels, height, width]`. Flat values are the same in both.
 */
import type { Shape } from "../../../shared/settings/network";
import { volume } from "../../../shared/settings/network";
import type { Tensor, TensorFlow } from "./load";

/** Samples in PyTorch's order as a tensor in TensorFlow's, which may keep the memory. `shape` is that of one sample. */
export function tensorOfSamples(
  tf: TensorFlow,
  data: Float32Array,
  count: number,
  shape: Shape,
): Tensor {
  if (isOrdered(shape)) return tf.tensor(data, internalShape(count, shape));
  return toInternal(tf, tf.tensor(data, [count, ...shape]), shape);
}

/** A batch in PyTorch's order becomes one in TensorFlow's. */
function toInternal(tf: TensorFlow, x: Tensor, shape: Shape): Tensor {
  const batch = x.size / volume(shape);
  if (isOrdered(shape)) return reshape(tf, x, internalShape(batch, shape));
  const images = reshape(tf, x, [batch, ...shape]);
  return tf.transpose(images, [0, 2, 3, 1]);
}

/** The way back, flat: `[batch, volume]` in PyTorch's order. */
export function toFlat(tf: TensorFlow, x: Tensor, shape: Shape): Tensor {
  const size = volume(shape);
  const ordered = isOrdered(shape) ? x : tf.transpose(x, [0, 3, 1, 2]);
  return reshape(tf, ordered, [x.size / size, size]);
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

function internalShape(batch: number, shape: Shape): number[] {
  if (shape.length === 1) return [batch, shape[0]];
  const [channels, height, width] = shape;
  return [batch, height, width, channels];
}

/** A reshape is an operation of its own to the native library, so one that changes nothing is left out. */
export function reshape(
  tf: TensorFlow,
  x: Tensor,
  shape: readonly number[],
): Tensor {
  return x.shape.join() === shape.join() ? x : tf.reshape(x, [...shape]);
}
