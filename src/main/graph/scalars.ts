/** The numbers that an update reads besides arrays: its optimiser's, and what the average of G's weights keeps of itself. */
import type { NetworkRole } from "../../shared/settings/settings";
import type { ModelSettings } from "../engine/engine";
import type { OptimizerScalar } from "./optimizer";
import { optimizerOf } from "./optimizer";

export type UpdateScalar = OptimizerScalar | "beta";

/** `rate.generator`: the name of a scalar among a program's inputs. */
export function scalarName(role: NetworkRole, scalar: UpdateScalar): string {
  return `${scalar}.${role}`;
}

/** Which a network's update reads, in order. */
export function scalarsOf(
  model: ModelSettings,
  role: NetworkRole,
): readonly UpdateScalar[] {
  const { scalars } = optimizerOf(model.optimizers[role]);
  return hasAverage(model, role) ? [...scalars, "beta"] : scalars;
}

/** Their values at the `update`-th update, counted from 1, of so many samples. */
export function scalarsAt(
  model: ModelSettings,
  role: NetworkRole,
  at: { update: number; batch: number; learningRate: number },
): number[] {
  const optimizer = optimizerOf(model.optimizers[role]);
  const own = optimizer.scalarsAt(at.update, at.learningRate);
  if (!hasAverage(model, role)) return own;
  return [...own, averageBeta(model, at.update, at.batch)];
}

function hasAverage(model: ModelSettings, role: NetworkRole): boolean {
  return role === "generator" && model.improvements.average !== null;
}

/** StyleGAN2's training loop: the images so far are those of the updates before this one, so the first gives G itself. */
function averageBeta(
  { improvements: { average } }: ModelSettings,
  update: number,
  batch: number,
): number {
  if (!average) return 0;
  const { halfLife, rampUp } = average;
  const sofar = (update - 1) * batch;
  const most = rampUp === null ? halfLife : Math.min(halfLife, rampUp * sofar);
  return 0.5 ** (batch / Math.max(most, 1e-8));
}
