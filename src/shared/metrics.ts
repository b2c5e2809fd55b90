/**
 * How curves are drawn: smoothing as TensorBoard does it, x axes on which runs can be laid side by side, and the common
 * loss scale on which the losses of different tutorials mean the same. Pure functions of numbers.
 */
import type { MetricGroup } from "./contract/files";
import type { Objective } from "./settings/settings";

/**
 * An exponential moving average that is right from its first value on (debiased). A weight of 0 changes nothing.
 * Values that are no finite number stay as they are and are left out of the average.
 * Source: Kingma and Ba 2015, section 3, as TensorBoard applies it to its curves.
 */
export function smooth(
  values: Float32Array | readonly number[],
  weight: number,
): Float32Array {
  const smoothed = Float32Array.from(values);
  if (weight <= 0 || isConstant(values)) return smoothed;
  let average = 0;
  let counted = 0;
  /** Of the average's first value, 0; too little to be seen after a while. */
  let left = 1;
  smoothed.forEach((value, index) => {
    if (!Number.isFinite(value)) return;
    counted++;
    average = weight * average + (1 - weight) * value;
    if (left > 1e-17) left = weight ** counted;
    smoothed[index] = average / (1 - left);
  });
  return smoothed;
}

/** What lies along x: steps, epochs, the hour of the day, or the time since the run's first step. */
export type Axis = "step" | "epoch" | "wall" | "relative";

/** The x of each row: a step, an epoch as a fraction, seconds since 1970, or seconds since the first row. */
export function axisValues(
  group: Pick<MetricGroup, "steps" | "times">,
  axis: Axis,
  stepsPerEpoch: number,
): Float64Array {
  switch (axis) {
    case "step":
      return group.steps;
    case "epoch":
      return group.steps.map((step) => step / Math.max(1, stepsPerEpoch));
    case "wall":
      return group.times;
    case "relative": {
      const [first] = group.times;
      return group.times.map((time) => time - first);
    }
    default:
      return axis satisfies never;
  }
}

/** The last row whose x is at or before `x`; -1 where there is none. `xs` ascends. */
export function rowAt(xs: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (xs[middle] <= x) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Whether D's loss is drawn as the settings define it, or as the sum or the mean of its two parts for every run. */
export type LossScale = "own" | "sum" | "mean";

/** What to multiply D's loss by to bring it to a scale. G's loss has one part and needs no factor. */
export function discriminatorLossFactor(
  { reduction }: Pick<Objective, "reduction">,
  scale: LossScale,
): number {
  if (scale === "own" || scale === reduction) return 1;
  return scale === "sum" ? 2 : 1 / 2;
}

/**
 * D's loss where it cannot tell real from fake, which is where the game is in balance: 2 ln 2 for cross-entropy as a
 * sum (Goodfellow et al. 2014, theorem 1), ln 2 as a mean.
 */
export function discriminatorEquilibrium(
  objective: Pick<Objective, "loss" | "reduction">,
  scale: LossScale,
): number {
  return (
    equilibriumSum(objective.loss) *
    ((scale === "own" ? objective.reduction : scale) === "sum" ? 1 : 1 / 2)
  );
}

/** Who is ahead, from D's loss: well below balance D tells real from fake, above it D is fooled. */
export function whoLeads(
  discriminatorLoss: number,
  objective: Pick<Objective, "loss" | "reduction">,
): "discriminator" | "generator" | "balanced" | "unknown" {
  if (!Number.isFinite(discriminatorLoss)) return "unknown";
  const balance = discriminatorEquilibrium(objective, "own");
  // A critic has no scale: its loss is minus a distance, and 0 is balance.
  if (objective.loss === "wasserstein")
    return discriminatorLoss < 0 ? "discriminator" : "balanced";
  if (discriminatorLoss < 0.75 * balance) return "discriminator";
  return discriminatorLoss > 1.05 * balance ? "generator" : "balanced";
}

/** The two parts of D's loss where its outputs for real and fake images are the same, added. */
function equilibriumSum(loss: Objective["loss"]): number {
  switch (loss) {
    case "non-saturating":
    case "minimax":
      return 2 * Math.LN2;
    case "least-squares":
      return 1 / 2;
    case "hinge":
      return 2;
    case "wasserstein":
      return 0;
    default:
      return loss satisfies never;
  }
}

/** TensorBoard does not smooth a constant series, so that rounding cannot bend it. */
function isConstant(values: Float32Array | readonly number[]): boolean {
  for (const value of values) if (value !== values[0]) return false;
  return true;
}
