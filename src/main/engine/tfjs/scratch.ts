/** Tensors that outlive the tidy they were made in, until the step that needs them is over. */
import type { Tensor, TensorFlow } from "./load";

export class Scratch {
  private readonly held: Tensor[] = [];

  constructor(private readonly tf: TensorFlow) {}

  /** The same values, safe from the tidy around a gradient's computation. */
  hold(tensor: Tensor): Tensor {
    const kept = this.tf.keep(tensor.clone());
    this.held.push(kept);
    return kept;
  }

  holdAll<Name extends string>(
    tensors: Record<Name, Tensor>,
  ): Record<Name, Tensor> {
    const held = { ...tensors };
    for (const name in held) held[name] = this.hold(held[name]);
    return held;
  }

  dispose(): void {
    this.tf.dispose(this.held);
    this.held.length = 0;
  }
}
