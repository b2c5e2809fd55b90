/**
 * What a checkpoint's D says of images it trained on, of images it never saw, and of samples: with running statistics and
 * without dropout, since batches of only real or only generated images differ by that alone.
 */
import { toScores } from "../../graph/scores";
import { noiseBank } from "../../../shared/noise-bank";
import { Random } from "../../../shared/random";
import { volume } from "../../../shared/layers";
import {
  classCount,
  classesOf,
  gridClasses,
  oneHot,
} from "../../../shared/settings/labels";
import type { WeightChoice } from "../../../shared/run";
import { weightsOf } from "../../../shared/settings/improvements";
import type { TrainingSettings } from "../../../shared/settings/settings";
import { createBatchReader } from "../../data/batches";
import type { TrainingSession } from "../../engine/engine";
import type { Pictures } from "../extractor/pictures";

/** A session with a checkpoint's weights, and what it was trained under. */
export interface Model {
  session: TrainingSession;
  settings: TrainingSettings;
}

/** Samples, in the data's range, as G gives them. */
export interface Samples {
  count: number;
  /** `[count, channels, size, size]`. */
  pixels: Float32Array;
  /** The class that each was asked for; null of networks that read none. */
  labels: Uint16Array | null;
}

/** Images that go through the networks at once: as in training, but no more than fit in little memory. */
function batchOf({ schedule }: TrainingSettings): number {
  return Math.min(256, Math.max(16, schedule.batchSize));
}

/**
 * As the run samples, with the average of G's weights where it keeps one and the last are not asked for: latents from a seed, the same for all runs and
 * steps, and of a conditional GAN one class after the other. Rejects with the signal's reason.
 */
export async function samplesOf(
  { session, settings }: Model,
  count: number,
  seed: number,
  signal: AbortSignal,
  choice: WeightChoice = "average",
): Promise<Samples> {
  const { generator, sampling, data, improvements } = settings;
  const latent = volume(generator.input);
  const size = data.channels * data.size ** 2;
  const random = Random.fromSeed(seed, "quality samples");
  const pixels = new Float32Array(count * size);
  const batch = batchOf(settings);
  const weights = weightsOf(improvements, choice);
  const latents = new Float32Array(batch * latent);
  const classes = classesOf(settings);
  const labels = Uint16Array.from(
    { length: classes.length === 0 ? 0 : count },
    (_, i) => classes[i % classes.length],
  );
  for (let from = 0; from < count; from += batch) {
    signal.throwIfAborted();
    random.fillNormal(latents);
    const asked = rowsOfLabels(labels, from, batch, settings);
    const made = await session.generate(latents, batch, sampling.mode, {
      weights,
      labels: asked,
    });
    const taken = Math.min(batch, count - from);
    pixels.set(made.subarray(0, taken * size), from * size);
  }
  return { count, pixels, labels: classes.length === 0 ? null : labels };
}

/** One-hot rows of a batch; behind the last label comes the first again. */
function rowsOfLabels(
  labels: Uint16Array | null,
  from: number,
  batch: number,
  settings: TrainingSettings,
): Float32Array | undefined {
  const classes = classCount(settings);
  if (classes === null) return undefined;
  if (!labels)
    throw new Error(
      "D reads the class of each image, and these images have none.",
    );
  const taken = Uint16Array.from(
    { length: batch },
    (_, i) => labels[(from + i) % labels.length],
  );
  return oneHot(taken, classes);
}

/** One tile of the grid that the run draws, from the shared noise bank; in the data's range. */
export async function tileOf(
  { session, settings }: Model,
  tile: number,
): Promise<Float32Array> {
  const { generator, sampling, improvements } = settings;
  const { count, mode } = sampling;
  const latents = noiseBank(count, volume(generator.input));
  const pixels = await session.generate(latents, count, mode, {
    weights: weightsOf(improvements, "average"),
    labels: oneHot(gridClasses(settings), classCount(settings)),
  });
  const size = pixels.length / count;
  return pixels.slice(tile * size, (tile + 1) * size);
}

/** D's scores of real images: probabilities, or a critic's outputs. `[pictures.count]` */
export function scoresOfReal(
  model: Model,
  pictures: Pictures,
  signal: AbortSignal,
): Promise<Float32Array> {
  const { data } = model.settings;
  const { labels = null } = pictures;
  const images = { ...pictures, identity: never, labels, skipped: [] };
  const reader = createBatchReader(images, { ...data, flip: false });
  const random = Random.fromSeed(0, "no flips");
  return scores(
    model,
    { count: pictures.count, labels },
    signal,
    (target, from, count) => {
      const indices = Uint32Array.from({ length: count }, (_, i) => from + i);
      reader.fill(target, indices, random);
    },
  );
}

/** D's scores of samples. `[samples.count]` */
export function scoresOfSamples(
  model: Model,
  { count, pixels, labels }: Samples,
  signal: AbortSignal,
): Promise<Float32Array> {
  const size = pixels.length / count;
  return scores(model, { count, labels }, signal, (target, from, taken) => {
    target.set(pixels.subarray(from * size, (from + taken) * size));
  });
}

const never = { title: "", hash: "", count: 0, classes: null };

async function scores(
  { session, settings }: Model,
  { count, labels }: { count: number; labels: Uint16Array | null },
  signal: AbortSignal,
  fill: (target: Float32Array, from: number, count: number) => void,
): Promise<Float32Array> {
  const { data, objective } = settings;
  const size = data.channels * data.size ** 2;
  const batch = Math.min(count, batchOf(settings));
  const found = new Float32Array(count);
  const images = new Float32Array(batch * size);
  for (let from = 0; from < count; from += batch) {
    signal.throwIfAborted();
    const start = Math.min(from, count - batch);
    fill(images, start, batch);
    const logits = await session.discriminate(
      images,
      batch,
      "evaluation",
      rowsOfLabels(labels, start, batch, settings),
    );
    found.set(toScores(logits, objective), start);
  }
  return found;
}
