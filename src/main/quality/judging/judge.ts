/** Judges checkpoints on one run's real images: opened once, asked for any step and any number of samples. */
import { measureKinds, measureNames } from "../../../shared/quality";
import type {
  Measure,
  MeasureName,
  Measures,
  Quality,
} from "../../../shared/quality";
import type { WeightChoice } from "../../../shared/run";
import { Random } from "../../../shared/random";
import { levelTable } from "../../data/batches";
import type { Engine } from "../../engine/engine";
import { RowProducts } from "../../engine/onnx/products";
import { Extractor } from "../extractor/extractor";
import type { SavedExtractor } from "../extractor/extractor";
import { featureCount } from "../extractor/networks";
import { comparedRows, pickPictures, toBytes } from "../extractor/pictures";
import type { Pictures } from "../extractor/pictures";
import { asShare, atLeast, intervals } from "../measures/interval";
import type { Estimate, Interval } from "../measures/interval";
import { fewestTraining } from "../measures/memorisation";
import { nearestIn } from "../measures/neighbours";
import { allOf } from "../measures/rows";
import type { Rows } from "../measures/rows";
import { areaUnderCurve, meanScore, pickScores } from "../measures/scores";
import type { NearestImages } from "../messages";
import { compare, fewestForFrechet } from "./comparison";
import type { Comparison, ComparedName } from "./comparison";
import type { RealImages } from "./real-images";
import { samplesOf, scoresOfReal, scoresOfSamples, tileOf } from "./scores";
import type { Model } from "./scores";
import { sideOf } from "./side";
import type { Instruments, Side } from "./side";

export interface JudgeOptions {
  /** Samples wanted; half of the held-out images bound them, since the other half gives the floors. */
  samples: number;
  /** Draws the latents, and the subsamples of the intervals. */
  seed: number;
  /** Of G, where the run keeps an average: which is taken unless the last are asked for. */
  weights?: WeightChoice;
  signal: AbortSignal;
}

/** More real images are not loaded into memory as features. */
const mostSamples = 5000;

/** Two disjoint sets of real images of one size, and what each measure says of the two. */
interface Reference {
  count: number;
  real: Side;
  heldOut: Pictures;
  training: Pictures;
  bounds: Record<ComparedName, number>;
}

export class Judge {
  /** By the number of images. */
  private readonly references = new Map<number, Promise<Reference>>();

  private constructor(
    private readonly real: RealImages,
    private readonly instruments: Instruments,
    private readonly products: RowProducts,
    /** The training images made small, mirrored ones behind them. */
    private readonly rows: Rows,
  ) {}

  /** `threads`: of the extractor and of the measures' own products; null is all cores. */
  static async open(
    real: RealImages,
    engine: Engine,
    threads: number | null,
  ): Promise<Judge> {
    const products = await RowProducts.open(threads);
    const { training, flip } = real;
    const rows = comparedRows(training, flip);
    const instruments: Instruments = {
      extractor: await Extractor.open(engine, real.extractor, threads),
      products: products.multiply,
      training:
        training.count > fewestTraining
          ? { rows, images: training.count }
          : null,
    };
    return new Judge(real, instruments, products, rows);
  }

  get extractor(): SavedExtractor {
    return this.real.extractor;
  }

  /** Rejects with the signal's reason. */
  async judge(
    model: Model,
    { samples, seed, weights = "average", signal }: JudgeOptions,
  ): Promise<Omit<Quality, "runId" | "step">> {
    const { extractor, heldOut, part } = this.real;
    const count = Math.min(samples, mostSamples, Math.floor(heldOut.count / 2));
    const reference = await this.reference(count, signal);
    const made = await samplesOf(model, count, seed, signal, weights);
    const { channels, size } = heldOut;
    const pixels = toBytes(made.pixels, model.settings.data.range);
    const instruments = this.instrumentsUntil(signal);
    const { products } = instruments;
    const pictures = { count, channels, size, pixels };
    const fake = await sideOf(pictures, instruments, signal);
    const comparison = await compare(
      reference.real,
      fake,
      products,
      made.labels,
    );
    const scores = {
      train: await scoresOfReal(model, reference.training, signal),
      heldOut: await scoresOfReal(model, reference.heldOut, signal),
      fake: await scoresOfSamples(model, made, signal),
    };
    const random = Random.fromSeed(seed, "quality intervals");
    return {
      extractor: {
        hash: extractor.hash,
        kind: extractor.kind,
        features: featureCount,
        accuracy: extractor.accuracy,
      },
      realSet: {
        title: heldOut.identity.title,
        hash: heldOut.identity.hash,
        count,
        part,
      },
      samples: count,
      weights: model.settings.improvements.average ? weights : undefined,
      measures: inOrder({
        ...this.compared(comparison, reference, random),
        ...scoreMeasures(scores, random),
      }),
    };
  }

  /** The real images that lie nearest to a tile of the step's grid. */
  async nearest(model: Model, tile: number): Promise<NearestImages> {
    const { training, heldOut } = this.real;
    const { channels, size } = heldOut;
    const { range } = model.settings.data;
    const pixels = toBytes(await tileOf(model, tile), range);
    const sample = { count: 1, channels, size, pixels };
    const row = comparedRows(sample);
    const among = async (images: Pictures, rows: Rows) => {
      const found = await nearestIn(row, rows, this.products.multiply, 1);
      const distance = Math.sqrt(found.distances[0] / row.width);
      return {
        picture: pickPictures(images, [found.indices[0] % images.count]),
        distance,
      };
    };
    const trained = await among(training, this.rows);
    const held = await among(heldOut, comparedRows(heldOut));
    const levels = levelTable(range);
    const pictures = [sample, trained.picture, held.picture];
    return {
      kind: "images",
      count: 3,
      channels,
      size,
      pixels: Float32Array.from(
        pictures.flatMap((one) => [...one.pixels]),
        (level) => levels[level],
      ),
      training: trained.distance,
      heldOut: held.distance,
    };
  }

  async dispose(): Promise<void> {
    await this.instruments.extractor.dispose();
    await this.products.dispose();
  }

  private compared(
    comparison: Comparison,
    { bounds, count }: Reference,
    random: Random,
  ): Record<ComparedName, Measure> {
    const found = intervals(comparison, [count, count], random);
    const names = Object.keys(found) as ComparedName[];
    return Object.fromEntries(
      names.map((name) => [
        name,
        this.whyNot(name, found[name], count) ??
          bounded(name, within(name, found[name], count), bounds[name]),
      ]),
    ) as Record<ComparedName, Measure>;
  }

  /** Why a measure cannot be had here. */
  private whyNot(
    name: ComparedName,
    { value, low }: Interval,
    count: number,
  ): { reason: string } | null {
    const images = `${count} images a side`;
    if (name === "fd" && count < fewestForFrechet)
      return {
        reason: `${images} are too few for a covariance of ${featureCount} features, which needs ${fewestForFrechet}; read KID instead.`,
      };
    if (name === "fdInfinity" && count < 4 * fewestForFrechet)
      return {
        reason: `${images} are too few to go through a quarter of them, which needs ${4 * fewestForFrechet}; read KID instead.`,
      };
    if (name === "classCoverage" && this.real.extractor.kind !== "classifier")
      return {
        reason: `${this.real.heldOut.identity.title} has no labels to tell classes by.`,
      };
    if (
      !this.instruments.training &&
      (name === "memorisation" || name === "authPct")
    )
      return {
        reason: `It trained on ${this.real.training.count} images, and ${fewestTraining + 1} are needed to tell a copy.`,
      };
    if (!Number.isFinite(value) || !Number.isFinite(low))
      return {
        reason: "All real images look the same to the feature extractor.",
      };
    return null;
  }

  private reference(count: number, signal: AbortSignal): Promise<Reference> {
    const known = this.references.get(count);
    if (known) return known;
    const made = this.makeReference(count, signal);
    this.references.set(count, made);
    made.catch(() => this.references.delete(count));
    return made;
  }

  /** Whose every product looks at the signal first: most of the work is products, and one is short. */
  private instrumentsUntil(signal: AbortSignal): Instruments {
    const { multiply } = this.products;
    const products: Instruments["products"] = (...pair) => {
      signal.throwIfAborted();
      return multiply(...pair);
    };
    return { ...this.instruments, products };
  }

  /** Always the same halves, in an order of their own. */
  private async makeReference(
    count: number,
    signal: AbortSignal,
  ): Promise<Reference> {
    const { heldOut, training } = this.real;
    const order = Random.fromSeed(0, "quality halves").permutation(
      heldOut.count,
    );
    const first = pickPictures(heldOut, order.subarray(0, count));
    const second = pickPictures(heldOut, order.subarray(count, 2 * count));
    const instruments = this.instrumentsUntil(signal);
    const real = await sideOf(first, instruments, signal);
    const standIn = await sideOf(second, instruments, signal);
    const comparison = await compare(real, standIn, instruments.products);
    const seen = Random.fromSeed(0, "quality training images")
      .permutation(training.count)
      .subarray(0, count);
    return {
      count,
      real,
      heldOut: first,
      training: pickPictures(training, seen),
      bounds: comparison(allOf(count), allOf(count)),
    };
  }
}

interface Scores {
  train: Float32Array;
  heldOut: Float32Array;
  fake: Float32Array;
}

function scoreMeasures(
  { train, heldOut, fake }: Scores,
  random: Random,
): Pick<Measures, "dTrain" | "dHeldOut" | "dFake" | "dAuc"> {
  const found = intervals(
    (trainChosen, heldOutChosen, fakeChosen) => ({
      dTrain: meanScore(train, trainChosen),
      dHeldOut: meanScore(heldOut, heldOutChosen),
      dFake: meanScore(fake, fakeChosen),
      dAuc: areaUnderCurve(
        pickScores(heldOut, heldOutChosen),
        pickScores(fake, fakeChosen),
      ),
    }),
    [train.length, heldOut.length, fake.length],
    random,
  );
  const auc = asShare(found.dAuc, fake.length);
  return {
    dTrain: bounded("dTrain", found.dTrain, found.dHeldOut.value),
    dHeldOut: bounded("dHeldOut", found.dHeldOut, found.dTrain.value),
    dFake: bounded("dFake", found.dFake, found.dHeldOut.value),
    dAuc: bounded("dAuc", auc, 0.5),
  };
}

function bounded(
  name: MeasureName,
  interval: Interval,
  bound: number,
): Measure {
  const { value, low, high } = interval;
  return measureKinds[name].bound === "floor"
    ? { value, low, high, floor: bound }
    : { value, low, high, ceiling: bound };
}

function within(
  name: ComparedName,
  interval: Estimate,
  count: number,
): Interval {
  switch (name) {
    case "precision":
    case "recall":
    case "coverage":
    case "classCoverage":
    case "memorisation":
    case "duplicates":
      return asShare(interval, count);
    case "authPct":
      return percent(
        asShare(
          {
            ...percent(interval, 1 / 100),
            halves: interval.halves.map((one) => one / 100),
          },
          count,
        ),
        100,
      );
    case "density":
      // No sample in any ball of so many: the deviation is 0, but the density need not be.
      return interval.value === 0
        ? asShare(interval, count)
        : atLeast(0, interval);
    case "fd":
    case "diversity":
      return atLeast(0, interval);
    case "fdInfinity":
    case "kid":
      return interval;
    default:
      return name satisfies never;
  }
}

function percent({ value, low, high }: Interval, factor: number): Interval {
  return { value: factor * value, low: factor * low, high: factor * high };
}

function inOrder(measures: Measures): Measures {
  return Object.fromEntries(
    measureNames.map((name) => [name, measures[name]]),
  ) as Measures;
}
