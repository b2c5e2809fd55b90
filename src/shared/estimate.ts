/** What a run will take before it begins: steps, time and memory. Rough, and said to be. */
import { volume } from "./layers";
import { inferShapes, NetworkError, parametersOf } from "./settings/network";
import type { Network } from "./settings/network";
import type { Schedule, TrainingSettings } from "./settings/settings";

/** Null where the number of images is not known yet, or a number is missing. */
export function totalSteps(
  { batchSize, lastBatch, length }: Schedule,
  images: number | null,
): number | null {
  if (!(length.count > 0)) return null;
  if (length.unit === "steps") return length.count;
  if (!(batchSize > 0)) return null;
  if (images === null) return null;
  const batches =
    lastBatch === "drop"
      ? Math.floor(images / batchSize)
      : Math.ceil(images / batchSize);
  return length.count * Math.max(1, batches);
}

/** Multiplications of one training step: forward once and backward twice through every pass. */
export function operationsAStep(settings: TrainingSettings): number | null {
  const generator = operations(settings.generator);
  const discriminator = operations(settings.discriminator);
  if (generator === null || discriminator === null) return null;
  if (!(settings.schedule.batchSize > 0)) return null;
  const forOne = 4 * generator + 9 * discriminator;
  return forOne * settings.schedule.batchSize;
}

/** Bytes: images, weights with gradients and optimiser state, and the activations of a batch. */
export function memoryOf(
  settings: TrainingSettings,
  images: number | null,
): number | null {
  const { channels, size } = settings.data;
  if (!(settings.schedule.batchSize > 0)) return null;
  try {
    const networks = [settings.generator, settings.discriminator];
    const weights = networks
      .flatMap(parametersOf)
      .reduce((sum, { shape }) => sum + volume(shape), 0);
    const activations = networks
      .flatMap(inferShapes)
      .reduce((sum, shape) => sum + volume(shape), 0);
    return (
      (images ?? 0) * channels * size * size +
      weights * 4 * 4 +
      activations * settings.schedule.batchSize * 4 * 3
    );
  } catch (error) {
    if (error instanceof NetworkError) return null;
    throw error;
  }
}

/** Of one step in the event file: its metrics under their tags. */
const bytesAStep = 700;
/** What PNG makes of the pixels of a grid. */
const shareOfPixels = 0.5;
/** The weights, and what the optimiser keeps beside each. */
const copiesOf = { adam: 3, rmsprop: 2, sgd: 2 } as const;

/** Bytes that a run's folder will have at its end, roughly: checkpoints, grids and metrics. Null where it makes no sense. */
export function bytesOfRun(
  { checkpoints, data, improvements, sampling, ...settings }: TrainingSettings,
  steps: number,
): number | null {
  try {
    const weightsOf = (network: Network) =>
      4 *
      parametersOf(network).reduce((sum, { shape }) => sum + volume(shape), 0);
    const average = improvements.average ? 1 : 0;
    const { generator, discriminator, optimizers } = settings;
    const checkpoint =
      weightsOf(generator) * (copiesOf[optimizers.generator.type] + average) +
      weightsOf(discriminator) * copiesOf[optimizers.discriminator.type];
    const { everySteps, keepBest, keepLast } = checkpoints;
    const made = everySteps === null ? Infinity : Math.ceil(steps / everySteps);
    const kept = Math.min(made, keepLast) + (keepBest ? 1 : 0);
    const epoch = stepsOfEpoch(settings.schedule, steps);
    const grids = sampling.cadences
      .map(
        ({ every, unit }) => steps / (unit === "step" ? every : every * epoch),
      )
      .reduce((sum, many) => sum + many, 2);
    const grid =
      sampling.count * data.channels * data.size ** 2 * shareOfPixels;
    return (
      kept * checkpoint + grids * (1 + average) * grid + steps * bytesAStep
    );
  } catch (error) {
    if (error instanceof NetworkError) return null;
    throw error;
  }
}

/** Of a data set of the usual size, where the length does not tell. */
function stepsOfEpoch({ batchSize, length }: Schedule, steps: number): number {
  return length.unit === "epochs"
    ? steps / length.count
    : Math.ceil(60_000 / batchSize);
}

/** Multiplications of one sample going forward. */
function operations(network: Network): number | null {
  try {
    const shapes = inferShapes(network);
    return parametersOf(network)
      .filter(({ role }) => role === "weight")
      .reduce((sum, { layer, shape }) => {
        const { type } = network.layers[layer];
        const places =
          type === "conv"
            ? volume(shapes[layer + 1].slice(1))
            : type === "convTranspose"
              ? volume(shapes[layer].slice(1))
              : 1;
        return sum + volume(shape) * places;
      }, 0);
  } catch (error) {
    if (error instanceof NetworkError) return null;
    throw error;
  }
}
