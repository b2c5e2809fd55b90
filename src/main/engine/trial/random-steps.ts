/** Steps on noise instead of images, for trials: their arithmetic is that of real ones. */
import { volume } from "../../../shared/layers";
import { Random } from "../../../shared/random";
import { stepInputs } from "../../../shared/step";
import type { ModelSettings, StepBatch } from "../engine";

/** `count` steps of `batch` samples, the same each time; G is updated as often as the objective says. */
export function randomSteps(
  model: ModelSettings,
  batch: number,
  count: number,
): StepBatch {
  const random = Random.fromSeed(2, "trial inputs");
  const inputs = stepInputs(model).map((input) => {
    const values = new Float32Array(count * batch * volume(input.shape));
    if (input.kind === "mask") random.fillMask(values, input.rate);
    else random.fillNormal(values);
    return [input.name, values] as const;
  });
  const { generatorEvery } = model.objective;
  return {
    steps: count,
    batch,
    inputs: new Map(inputs),
    generatorUpdates: Array.from(
      { length: count },
      (_, step) => step % generatorEvery === 0,
    ),
    learningRates: { generator: 1e-3, discriminator: 1e-3 },
  };
}
