/** A trained feature extractor: what it makes of pictures, and how far it can be trusted. */
import type { Engine, ModelState, TrainingSession } from "../../engine/engine";
import type { Rows } from "../measures/rows";
import { readingModel, featureCount } from "./networks";
import type { ExtractorKind } from "./networks";
import { extractorSide, shrink, sideWithin } from "./pictures";
import type { Pictures } from "./pictures";

/** What lies in the library. */
export interface SavedExtractor {
  /** Of its weights: values of extractors with different hashes cannot be compared. */
  hash: string;
  kind: ExtractorKind;
  /** Of the images it was trained on. */
  dataHash: string;
  data: string;
  size: number;
  channels: 1 | 3;
  classes: readonly string[] | null;
  seed: number;
  /**
   * On held-out images: the share that a classifier names rightly, or the share of their variance that an autoencoder
   * draws again. Null where none are held out.
   */
  accuracy: number | null;
  state: ModelState;
  /** Of each feature over its training images. */
  mean: Float32Array;
  deviation: Float32Array;
}

/** What it says of some pictures. */
export interface Reading {
  /** Each feature in deviations from its mean over training images. */
  features: Rows & { values: Float32Array };
  /** `[count, classes]`; null of an autoencoder. */
  logits: Float32Array | null;
}

/** Pictures that go through at once. */
const batch = 256;

export class Extractor {
  private constructor(
    readonly saved: SavedExtractor,
    private readonly session: TrainingSession,
  ) {}

  /** `threads`: cores to use; null is all of them. */
  static async open(
    engine: Engine,
    saved: SavedExtractor,
    threads: number | null = null,
  ): Promise<Extractor> {
    const model = readingModel(saved, saved.classes?.length ?? null);
    const options = { id: "onnx", threads, spinning: false } as const;
    const session = await engine.createSession(model, saved.state, options);
    return new Extractor(saved, session);
  }

  /** Rejects with the signal's reason. */
  async read(pictures: Pictures, signal?: AbortSignal): Promise<Reading> {
    const { mean, deviation, classes } = this.saved;
    const read = await readRaw(
      this.session,
      pictures,
      classes !== null,
      signal,
    );
    const values = read.features;
    for (let i = 0; i < values.length; i++) {
      const feature = i % featureCount;
      const spread = deviation[feature];
      values[i] = spread > 0 ? (values[i] - mean[feature]) / spread : 0;
    }
    return {
      features: { count: pictures.count, width: featureCount, values },
      logits: read.outputs,
    };
  }

  dispose(): Promise<void> {
    return this.session.dispose();
  }
}

/** The features as they are, and what the head makes of them where that is asked for. */
export async function readRaw(
  session: TrainingSession,
  pictures: Pictures,
  withOutputs: boolean,
  signal?: AbortSignal,
): Promise<{ features: Float32Array; outputs: Float32Array | null }> {
  const features = new Float32Array(pictures.count * featureCount);
  const outputs: Float32Array[] = [];
  for (let from = 0; from < pictures.count; from += batch) {
    signal?.throwIfAborted();
    // The last batch overlaps the one before it rather than being of a size of its own, which would be compiled.
    const count = Math.min(batch, pictures.count);
    const start = Math.min(from, pictures.count - count);
    const input = extractorInput(pictures, start, count);
    const found = await session.discriminate(input, count, "evaluation");
    features.set(found, start * featureCount);
    if (!withOutputs) continue;
    const made = await session.generate(found, count, "evaluation");
    outputs.push(made.slice(((from - start) * made.length) / count));
  }
  return { features, outputs: withOutputs ? joined(outputs) : null };
}

/** `[count, channels, side, side]`. */
export function extractorInput(
  pictures: Pictures,
  from: number,
  count: number,
): Float32Array {
  const side = sideWithin(pictures.size, extractorSide);
  const width = pictures.channels * side * side;
  const input = new Float32Array(count * width);
  for (let i = 0; i < count; i++)
    shrink(pictures, from + i, side, input, i * width);
  return input;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, it) => sum + it.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
