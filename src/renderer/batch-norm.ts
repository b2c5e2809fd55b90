/** Whether it matters in which mode batch normalisation runs. */
import { isAcrossBatch } from "../shared/layers";
import type { TrainingSettings } from "../shared/settings/settings";

export const notNormalised =
  "These networks have no batch normalisation: both modes draw the same.";

export function hasBatchNorm(settings: TrainingSettings | null): boolean {
  return (
    settings !== null &&
    [settings.generator, settings.discriminator].some(({ layers }) =>
      isAcrossBatch(layers),
    )
  );
}
