/** What changes with the step count alone: the learning rates' factor and the instance noise. */
import type { Improvements } from "../../shared/settings/improvements";

export class Ramps {
  constructor(
    private readonly improvements: Improvements,
    private readonly totalSteps: number,
  ) {}

  /**
   * What both learning rates are multiplied with at a step, counted from 1. The falling part reaches 0 one step after
   * the last, as PyTorch's `CosineAnnealingLR` and `LinearLR` over that many steps do.
   */
  rateFactor(step: number): number {
    const { shape, from, warmUp } = this.improvements.rateSchedule;
    const rise = warmUp > 0 ? Math.min(1, step / warmUp) : 1;
    if (shape === "constant") return rise;
    const begin = Math.floor(from * this.totalSteps);
    const gone = (step - 1 - begin) / (this.totalSteps - begin);
    const part = Math.min(1, Math.max(0, gone));
    const fall =
      shape === "linear" ? 1 - part : (1 + Math.cos(Math.PI * part)) / 2;
    return rise * fall;
  }

  /** The standard deviation of instance noise at a step, counted from 1; 0 from `steps` + 1 on. */
  noiseDeviation(step: number): number {
    const { instanceNoise } = this.improvements;
    if (!instanceNoise) return 0;
    const { deviation, steps } = instanceNoise;
    return deviation * Math.max(0, 1 - (step - 1) / steps);
  }
}
