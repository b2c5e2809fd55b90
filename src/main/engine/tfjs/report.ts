/** What a lone update did to each parameter, for the step microscope. */
import { parametersOf } from "../../../shared/settings/network";
import type { NetworkRole } from "../../../shared/settings/settings";
import type { ModelSettings, ModelState, ParameterChange } from "../engine";
import { networkRoles, parameterKey } from "../../graph/parameters";

/** Arrays by parameter name, in PyTorch's layout; null where no gradient reached the network. */
export type Gradients = Record<NetworkRole, Map<string, Float32Array> | null>;

export function describeChanges(
  model: ModelSettings,
  updated: NetworkRole,
  gradients: Gradients,
  before: ModelState,
  after: ModelState,
): ParameterChange[] {
  return networkRoles.flatMap((network) =>
    parametersOf(model[network])
      .filter(({ trainable }) => trainable)
      .map(({ name }) => {
        const gradient = gradients[network]?.get(name) ?? null;
        const key = parameterKey(network, name);
        return {
          network,
          name,
          gradient,
          gradientNorm: gradient && distance(gradient),
          updateNorm:
            network === updated
              ? distance(after.get(key)?.data, before.get(key)?.data)
              : null,
        };
      }),
  );
}

/** The L2 norm of `to - from`, or of `to` itself. */
function distance(
  to: Float32Array = new Float32Array(),
  from?: Float32Array,
): number {
  let sum = 0;
  for (let i = 0; i < to.length; i++) sum += (to[i] - (from?.[i] ?? 0)) ** 2;
  return Math.sqrt(sum);
}
