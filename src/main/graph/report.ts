/** What a lone update of one network did to each parameter of both. */
import { parametersOf } from "../../shared/settings/network";
import type { NetworkRole } from "../../shared/settings/settings";
import type { StepMetric } from "../../shared/metrics";
import { stepMetrics } from "../../shared/metrics";
import type {
  ModelSettings,
  ModelState,
  ParameterChange,
} from "../engine/engine";
import { networkRoles, parameterKey } from "./parameters";
import { outputNames } from "./program";
import { fromEngine } from "./state";

/** The figures that are there. */
export function presentMetrics(
  values: Float32Array,
): Partial<Record<StepMetric, number>> {
  const present = stepMetrics.flatMap((metric, i) =>
    Number.isNaN(values[i]) ? [] : [[metric, values[i]] as const],
  );
  return Object.fromEntries(present);
}

/** What happened to each trainable parameter, from the model's results and the states around it. */
export function parameterChanges(
  model: ModelSettings,
  updated: NetworkRole,
  results: ReadonlyMap<string, Float32Array>,
  before: ModelState,
  after: ModelState,
): ParameterChange[] {
  return networkRoles.flatMap((network) =>
    parametersOf(model[network])
      .filter(({ trainable }) => trainable)
      .map((parameter) => {
        const key = parameterKey(network, parameter.name);
        const values = results.get(outputNames.gradient(key));
        const gradient = values ? fromEngine(values, parameter) : null;
        return {
          network,
          name: parameter.name,
          gradient,
          gradientNorm: gradient && norm(gradient),
          updateNorm:
            network === updated
              ? distance(before.get(key)?.data, after.get(key)?.data)
              : null,
        };
      }),
  );
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

function distance(
  a: Float32Array | undefined,
  b: Float32Array | undefined,
): number | null {
  return a && b ? norm(a.map((value, i) => value - b[i])) : null;
}
