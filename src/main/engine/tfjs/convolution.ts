/**
 * Convolutions with PyTorch's stride and padding, in terms that TensorFlow can differentiate: its gradients take no
 * numeric padding, only `same` and `valid`, so other paddings become a pad before or a cut after.
 */
import type { Shape } from "../../../shared/settings/network";
import type { Tensor, Tensor4D, TensorFlow } from "./load";

export interface Geometry {
  kernel: number;
  stride: number;
  padding: number;
}

/** `x` is `[batch, h, w, in]`, `filter` `[k, k, in, out]`; the shapes are those of one sample, channels first. */
export function convolve(
  tf: TensorFlow,
  x: Tensor,
  filter: Tensor,
  geometry: Geometry,
  input: Shape,
  output: Shape,
): Tensor {
  const mode = paddingMode(geometry, input, output);
  const { padding, stride } = geometry;
  const sides: [number, number] = [padding, padding];
  const padded =
    mode === "explicit" ? tf.pad(x, [[0, 0], sides, sides, [0, 0]]) : x;
  return tf.conv2d(
    padded as Tensor4D,
    filter as Tensor4D,
    stride,
    mode === "explicit" ? "valid" : mode,
  );
}

/** The transpose of `convolve`: `x` is `[batch, h, w, in]`, `filter` `[k, k, out, in]`. */
export function convolveTransposed(
  tf: TensorFlow,
  x: Tensor,
  filter: Tensor,
  geometry: Geometry,
  input: Shape,
  output: Shape,
): Tensor {
  const { kernel, stride, padding } = geometry;
  const [channels, height, width] = output;
  const batch = x.shape[0];
  const mode = paddingMode(geometry, output, input);
  const spread = (extent: number): number => (extent - 1) * stride + kernel;
  const extents =
    mode === "explicit" ? input.slice(1).map(spread) : [height, width];
  const whole = tf.conv2dTranspose(
    x as Tensor4D,
    filter as Tensor4D,
    [batch, extents[0], extents[1], channels],
    stride,
    mode === "explicit" ? "valid" : mode,
  );
  if (mode !== "explicit") return whole;
  return tf.slice(
    whole,
    [0, padding, padding, 0],
    [batch, height, width, channels],
  );
}

type PaddingMode = "same" | "valid" | "explicit";

function paddingMode(
  geometry: Geometry,
  large: Shape,
  small: Shape,
): PaddingMode {
  if (geometry.padding === 0) return "valid";
  const same = [1, 2].every((axis) =>
    isSame(geometry, large[axis], small[axis]),
  );
  return same ? "same" : "explicit";
}

/** Whether TensorFlow's `same`, which pads the far side more, pads as much on either side as PyTorch uses. */
function isSame(geometry: Geometry, large: number, small: number): boolean {
  const { kernel, stride, padding } = geometry;
  if (Math.ceil(large / stride) !== small) return false;
  const total = Math.max((small - 1) * stride + kernel - large, 0);
  const before = Math.floor(total / 2);
  const usedAfter = Math.max(
    (small - 1) * stride + kernel - large - padding,
    0,
  );
  return before === padding && total - before === usedAfter;
}
