/**
 * The extractors of a library, one for each data set: trained when first needed, by whoever comes first, under a lock.
 * Whoever comes later, on any machine that shares the library, uses that one, so that their values can be compared.
 */
import { existsSync } from "node:fs";
import { basename, dirname } from "node:path";
import { writeAtomically } from "../../disk/atomic";
import { disk } from "../../disk/file-layer";
import { withLock } from "../../disk/lock";
import type { ImageSet } from "../../data/image-set";
import type { Engine, ModelSettings, ModelState } from "../../engine/engine";
import { stateLayout } from "../../graph/parameters";
import { volume } from "../../../shared/layers";
import { extractorFile, extractorsFolder } from "../../runs/folder/layout";
import { extractorInput, readRaw } from "./extractor";
import type { SavedExtractor } from "./extractor";
import { decodeExtractor, encodeExtractor } from "./file";
import { featureCount, readingModel } from "./networks";
import { pickPictures } from "./pictures";
import { learnableClasses, trainExtractor } from "./training";
import type { ExtractorWork } from "./training";
import { readPlain } from "../../disk/plain-file";

/** Draws the initial weights and the order; the same for all, so that an extractor can be made again. */
const seed = 0;
/** Of which mean and deviation of the features are taken, and the accuracy is measured. */
const mostRead = 10_000;

export interface ExtractorImages {
  /** The whole data set's, whatever a run takes of it. */
  training: ImageSet;
  heldOut: ImageSet | null;
}

/**
 * Reads it; where the library has none, takes the one that a run brought along (`carried`), or trains it. Rejects with one
 * sentence, or with the signal's reason.
 */
export async function extractorFor(
  { library, carried }: { library: string; carried: string | null },
  images: ExtractorImages,
  engine: Engine,
  work: ExtractorWork,
): Promise<SavedExtractor> {
  const path = extractorFile(library, images.training.identity.hash);
  if (existsSync(path)) return readExtractor(path);
  await disk.makeFolder(extractorsFolder(library));
  return withLock(disk, `${path}.lock`, work.signal, async () => {
    if (!existsSync(path)) {
      const brought = carried && (await readCarried(carried, images));
      const bytes =
        brought ?? encodeExtractor(await makeExtractor(images, engine, work));
      await writeAtomically(disk, path, bytes);
    }
    return readExtractor(path);
  });
}

/** Puts a copy beside a run's measurements, where it has none or another. */
export async function carryExtractor(
  library: string,
  { dataHash, hash }: SavedExtractor,
  carried: string,
): Promise<void> {
  const known = await readExtractor(carried).catch(() => null);
  if (known?.hash === hash) return;
  await disk.makeFolder(dirname(carried));
  const bytes = await readPlain(extractorFile(library, dataHash));
  await writeAtomically(disk, carried, bytes);
}

/** What a run brought from another library, where it is of the same images; null where it is not, or cannot be read. */
async function readCarried(
  path: string,
  { training }: ExtractorImages,
): Promise<Buffer | null> {
  try {
    const bytes = await readPlain(path);
    const { dataHash } = decodeExtractor(bytes, basename(path));
    return dataHash === training.identity.hash ? bytes : null;
  } catch {
    return null;
  }
}

async function readExtractor(path: string): Promise<SavedExtractor> {
  return decodeExtractor(await readPlain(path), basename(path));
}

/** Trains one and measures it. */
export async function makeExtractor(
  { training, heldOut }: ExtractorImages,
  engine: Engine,
  work: ExtractorWork,
): Promise<Omit<SavedExtractor, "hash">> {
  const { identity, size, channels } = training;
  const isClassifier = learnableClasses(training) !== null;
  const classes = isClassifier ? identity.classes : null;
  const model = readingModel(training, classes?.length ?? null);
  const trained = await trainExtractor(training, engine, seed, work);
  const state = forReading(trained, model);
  const { threads = null } = work;
  const options = { id: "onnx", threads, spinning: false } as const;
  const session = await engine.createSession(model, state, options);
  try {
    const { features } = await readRaw(session, first(training), false);
    const read = heldOut && {
      images: heldOut,
      ...(await readRaw(session, first(heldOut), true)),
    };
    return {
      kind: isClassifier ? "classifier" : "autoencoder",
      dataHash: identity.hash,
      data: identity.title,
      size,
      channels,
      classes,
      seed,
      accuracy:
        read?.outputs == null
          ? null
          : isClassifier
            ? shareNamed(read.images, read.outputs)
            : shareDrawn(read.images, read.outputs),
      state,
      ...scaleOf(features),
    };
  } finally {
    await session.dispose();
  }
}

function first(images: ImageSet) {
  const count = Math.min(mostRead, images.count);
  return pickPictures(
    images,
    Array.from({ length: count }, (_, i) => i),
  );
}

/** What `readingModel` has of a trained state. */
function forReading(trained: ModelState, model: ModelSettings): ModelState {
  return new Map(
    stateLayout(model).map(({ name, shape }) => [
      name,
      trained.get(name) ?? { shape, data: new Float32Array(volume(shape)) },
    ]),
  );
}

function shareNamed({ labels }: ImageSet, logits: Float32Array): number | null {
  if (!labels) return null;
  const count = Math.min(mostRead, labels.length);
  const classes = logits.length / count;
  let right = 0;
  for (let i = 0; i < count; i++) {
    const own = logits.subarray(i * classes, (i + 1) * classes);
    if (own.indexOf(Math.max(...own)) === labels[i]) right++;
  }
  return right / count;
}

function shareDrawn(images: ImageSet, drawn: Float32Array): number {
  const real = extractorInput(images, 0, Math.min(mostRead, images.count));
  const mean = real.reduce((sum, value) => sum + value, 0) / real.length;
  let error = 0;
  let variance = 0;
  for (let i = 0; i < real.length; i++) {
    error += (real[i] - drawn[i]) ** 2;
    variance += (real[i] - mean) ** 2;
  }
  return variance > 0 ? 1 - error / variance : 1;
}

function scaleOf(
  features: Float32Array,
): Pick<SavedExtractor, "mean" | "deviation"> {
  const count = features.length / featureCount;
  const mean = new Float64Array(featureCount);
  const square = new Float64Array(featureCount);
  features.forEach((value, i) => (mean[i % featureCount] += value / count));
  features.forEach(
    (value, i) =>
      (square[i % featureCount] +=
        (value - mean[i % featureCount]) ** 2 / count),
  );
  return {
    mean: Float32Array.from(mean),
    deviation: Float32Array.from(square, Math.sqrt),
  };
}
