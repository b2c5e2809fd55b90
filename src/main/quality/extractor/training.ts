/** Trains a feature extractor on a data set's own images. All chance comes from one seed. */
import { Random } from "../../../shared/random";
import type { ImageSet } from "../../data/image-set";
import type { Engine, ModelState, TrainingSession } from "../../engine/engine";
import { initialState } from "../../graph/parameters";
import { extractorModel } from "./networks";
import { extractorSide, shrink, sideWithin } from "./pictures";

export interface ExtractorWork {
  /** `done` of `total` steps. */
  onProgress(done: number, total: number): void;
  signal: AbortSignal;
  /** Cores to use; all of them where it is not said. */
  threads?: number | null;
}

const batch = 128;
/** Steps of one call; between calls it can be cancelled. */
const together = 8;
/** Images seen in all: enough for MNIST's 60,000, and forty times each of 5,000. */
const mostSeen = 220_000;
const fewestSeen = 60_000;
const timesSeen = 40;
const peakRate = 2e-3;

/** The classes that a classifier can be trained on; null where an autoencoder must do. */
export function learnableClasses({
  identity: { classes },
  labels,
  count,
}: Pick<ImageSet, "identity" | "labels" | "count">): number | null {
  if (!labels || !classes) return null;
  const used = new Set(labels).size;
  const fewestImages = 10;
  return used < 2 || classes.length > 200 || count < used * fewestImages
    ? null
    : classes.length;
}

/** Gives the trained state. Rejects with the signal's reason. */
export async function trainExtractor(
  images: ImageSet,
  engine: Engine,
  seed: number,
  { onProgress, signal, threads = null }: ExtractorWork,
): Promise<ModelState> {
  const classes = learnableClasses(images);
  const model = extractorModel(images, classes);
  const random = Random.fromSeed(seed, "extractor");
  const session = await engine.createSession(
    model,
    initialState(model, random),
    { id: "onnx", threads, spinning: false },
  );
  try {
    const seen = Math.min(
      mostSeen,
      Math.max(fewestSeen, timesSeen * images.count),
    );
    const calls = Math.ceil(seen / (batch * together));
    const feed = new ExtractorFeed(images, classes, random);
    for (let call = 0; call < calls; call++) {
      signal.throwIfAborted();
      onProgress(call * together, calls * together);
      await fit(session, feed, classes, rateAt(call / calls));
    }
    onProgress(calls * together, calls * together);
    return await session.readState();
  } finally {
    await session.dispose();
  }
}

function fit(
  session: TrainingSession,
  feed: ExtractorFeed,
  classes: number | null,
  learningRate: number,
): Promise<Float32Array> {
  feed.fill();
  return session.fit({
    steps: together,
    batch,
    loss: classes === null ? "squared-error" : "cross-entropy",
    images: feed.images,
    targets: classes === null ? feed.images : feed.targets,
    learningRate,
  });
}

/** Down along half a cosine (Loshchilov and Hutter 2017), after a short way up. */
function rateAt(progress: number): number {
  const warmUp = Math.min(1, progress / 0.05 + 0.1);
  return warmUp * peakRate * (0.5 + 0.5 * Math.cos(Math.PI * progress));
}

/** Batches: every image once before any comes again, each moved by a pixel or two for a classifier. */
class ExtractorFeed {
  readonly images: Float32Array;
  readonly targets: Float32Array;
  private readonly side: number;
  private readonly picture: Float32Array;
  private order: Uint32Array = new Uint32Array(0);
  private at = 0;

  constructor(
    private readonly set: ImageSet,
    private readonly classes: number | null,
    private readonly random: Random,
  ) {
    this.side = sideWithin(set.size, extractorSide);
    this.picture = new Float32Array(set.channels * this.side ** 2);
    this.images = new Float32Array(together * batch * this.picture.length);
    this.targets = new Float32Array(together * batch * (classes ?? 0));
  }

  fill(): void {
    const { set, random, side, picture, classes } = this;
    const most = classes === null ? 0 : Math.floor(side / 14);
    this.targets.fill(0);
    for (let i = 0; i < together * batch; i++) {
      const index = this.next();
      shrink(set, index, side, picture, 0);
      const right = random.below(2 * most + 1) - most;
      const down = random.below(2 * most + 1) - most;
      this.place(i * picture.length, right, down);
      if (classes !== null && set.labels)
        this.targets[i * classes + set.labels[index]] = 1;
    }
  }

  private next(): number {
    if (this.at === this.order.length) {
      this.order = this.random.permutation(this.set.count);
      this.at = 0;
    }
    return this.order[this.at++];
  }

  /** The picture, moved; its edges go on where nothing is left. */
  private place(at: number, right: number, down: number): void {
    const { side, picture, images } = this;
    const last = side - 1;
    const inside = (x: number) => Math.min(last, Math.max(0, x));
    for (let from = 0; from < picture.length; from += side * side)
      for (let y = 0; y < side; y++) {
        const line = from + inside(y - down) * side;
        for (let x = 0; x < side; x++)
          images[at++] = picture[line + inside(x - right)];
      }
  }
}
