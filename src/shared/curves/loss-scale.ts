/** The common scale on which the losses of different tutorials mean the same, and where the game is in balance there. */
import { lossOf } from "../losses";
import type { Objective } from "../settings/settings";

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
    lossOf(objective).equilibrium *
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
  if (!lossOf(objective).hasScale)
    return discriminatorLoss < 0 ? "discriminator" : "balanced";
  if (discriminatorLoss < 0.75 * balance) return "discriminator";
  return discriminatorLoss > 1.05 * balance ? "generator" : "balanced";
}

/** Where D cannot tell real from fake on the common scale, once for each objective; a critic has no such place. */
export function balanceLevels(
  objectives: readonly (Objective | null)[],
): { y: number; label: string }[] {
  const levels = objectives.flatMap((objective) =>
    objective && lossOf(objective).hasScale
      ? [discriminatorEquilibrium(objective, "sum")]
      : [],
  );
  return [...new Set(levels)].map((y) => ({ y, label: "D in balance" }));
}
