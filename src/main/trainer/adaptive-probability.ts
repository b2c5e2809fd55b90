/**
 * Adaptive augmentation (Karras et al. 2020, section 3.1, with the numbers of StyleGAN2-ADA's code): the probability goes up
 * while D is sure of its real images, r_t = E[sign D(x)] above the target, and down below it.
 */
import type { Augmentation } from "../../shared/settings/improvements";

/** What a checkpoint keeps of it. */
export interface AdaptiveState {
  probability: number;
  /** Since the last change. */
  signs: number;
  steps: number;
}

/** Steps between two changes, and so the longest call while it is on. */
export const adaptiveInterval = 4;

export class AdaptiveProbability {
  constructor(
    private readonly settings: NonNullable<Augmentation["adaptive"]>,
    private current: AdaptiveState = { probability: 0, signs: 0, steps: 0 },
  ) {}

  get probability(): number {
    return this.current.probability;
  }

  get state(): AdaptiveState {
    return { ...this.current };
  }

  /** After the step of this number, which saw so many real images. */
  take(step: number, sign: number, batch: number): void {
    const { probability } = this.current;
    const signs = this.current.signs + sign;
    const steps = this.current.steps + 1;
    if (step % adaptiveInterval !== 0) {
      this.current = { probability, signs, steps };
      return;
    }
    const { target, swing } = this.settings;
    const move = Math.sign(signs / steps - target) * ((batch * steps) / swing);
    const next = Math.min(1, Math.max(0, probability + move));
    this.current = { probability: next, signs: 0, steps: 0 };
  }
}
