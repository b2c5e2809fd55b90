/** Which improvements do not go together, or not with the networks and the loss, a sentence each. */
import { isAcrossBatch } from "../layers";
import { lossOf } from "../losses";
import type { SettingsProblem } from "./check";
import type { TrainingSettings } from "./settings";

export function checkImprovements(
  settings: TrainingSettings,
): SettingsProblem[] {
  return [
    ...checkPenalties(settings),
    ...checkSmoothing(settings),
    ...checkSpectralNorm(settings),
    ...checkAugmentation(settings),
  ];
}

function checkPenalties({
  improvements: { penalties },
  discriminator,
  objective,
}: TrainingSettings): SettingsProblem[] {
  const path = "improvements.penalties";
  const isSet = Object.values(penalties).some((weight) => weight !== null);
  if (!isSet) return [];
  if (isAcrossBatch(discriminator.layers))
    return [
      {
        path,
        message:
          "A gradient penalty is of each image alone, but batch normalization in the discriminator mixes the images of a batch; remove those layers or the penalty.",
      },
    ];
  if (penalties.interpolated !== null && objective.clip !== null)
    return [
      {
        path: `${path}.interpolated`,
        message:
          "WGAN-GP takes the place of clipped weights; set the clipping of D's weights to 0 or remove the penalty.",
      },
    ];
  return [];
}

function checkSmoothing({
  improvements: { smoothing },
  objective,
}: TrainingSettings): SettingsProblem[] {
  const { isCrossEntropy, title } = lossOf(objective);
  const hasTarget = isCrossEntropy || objective.loss === "least-squares";
  if (smoothing === 0 || hasTarget) return [];
  return [
    {
      path: "improvements.smoothing",
      message: `The ${title} loss has no target that label smoothing could lower; set it to 0 or choose another loss.`,
    },
  ];
}

function checkSpectralNorm({
  improvements: { spectralNorm },
  discriminator: { layers },
  objective,
}: TrainingSettings): SettingsProblem[] {
  if (!spectralNorm) return [];
  const path = "improvements.spectralNorm";
  if (layers.some(({ type }) => type === "convTranspose"))
    return [
      {
        path,
        message:
          "Spectral normalization covers linear layers and convolutions, but the discriminator has a transposed convolution; replace that layer or turn it off.",
      },
    ];
  if (objective.clip === null) return [];
  return [
    {
      path,
      message:
        "Spectral normalization already bounds D; set the clipping of D's weights to 0 or turn it off.",
    },
  ];
}

function checkAugmentation({
  improvements: { augmentation },
  objective,
}: TrainingSettings): SettingsProblem[] {
  if (!augmentation) return [];
  const path = "improvements.augmentation";
  const { color, translation, cutout, adaptive } = augmentation;
  if (!color && !translation && !cutout)
    return [
      {
        path,
        message:
          "Augmentation changes nothing yet; choose colour, translation or cutout, or turn it off.",
      },
    ];
  if (!adaptive || objective.loss !== "wasserstein") return [];
  return [
    {
      path: `${path}.adaptive`,
      message:
        "Adaptive augmentation follows the sign of D's output for real images, which means nothing for the Wasserstein loss; set a fixed probability or choose another loss.",
    },
  ];
}
