/**
 * How good a run's samples are, as measured: every measure once, with what it is held against. No value stands without
 * its floor or ceiling, its interval, and the stamp that says with what, on how many images and against which it was taken.
 */
import { formatValue } from "./format-value";
import type { WeightChoice } from "./run";

export interface MeasureKind {
  /** In tables, charts, menus and reports. */
  title: string;
  /** Which way is better; `bound` where the value should be neither below nor above it. */
  better: "lower" | "higher" | "bound";
  /** What real images give in the place of samples: the least, or the most, that can be hoped for. */
  bound: "floor" | "ceiling";
  /** One sentence each. */
  means: string;
  doesNotMean: string;
}

/** In the order of tables. */
export const measureKinds = {
  fd: {
    title: "FD",
    better: "lower",
    bound: "floor",
    means:
      "How far the features of samples lie from those of held-out images, as two Gaussians. It falls with the number of images.",
    doesNotMean:
      "It sees only what the extractor knows, and only mean and covariance: samples of one class can have a fair FD. Never compare values of other extractors or numbers of images.",
  },
  fdInfinity: {
    title: "FD-infinity",
    better: "lower",
    bound: "floor",
    means: "FD for endlessly many images, by a line through n, n/2 and n/4.",
    doesNotMean:
      "It is an extrapolation: where the three points do not lie on a line, trust FD and KID.",
  },
  kid: {
    title: "KID",
    better: "lower",
    bound: "floor",
    means:
      "The same question without the bias of few images; real images give about 0. The one to read below 1,000 images.",
    doesNotMean: "Its scale means nothing by itself; below 0 is as good as 0.",
  },
  precision: {
    title: "Precision",
    better: "higher",
    bound: "ceiling",
    means: "Share of samples that look like some real image.",
    doesNotMean:
      "It does not fall when classes are missing: one good image drawn again and again has it all.",
  },
  recall: {
    title: "Recall",
    better: "higher",
    bound: "ceiling",
    means: "Share of real images that look like some sample.",
    doesNotMean:
      "One sample far off widens a ball and raises it, so look at the pictures too.",
  },
  density: {
    title: "Density",
    better: "bound",
    bound: "ceiling",
    means:
      "How densely samples lie where real images do. Above the ceiling they crowd at the most usual images; it is not a percentage.",
    doesNotMean:
      "1.5 is not 150 % of anything, and more than real images have is not better.",
  },
  coverage: {
    title: "Coverage",
    better: "higher",
    bound: "ceiling",
    means: "Share of real images that have a sample nearby.",
    doesNotMean: "Rare kinds of image are a small share of it.",
  },
  classCoverage: {
    title: "Class coverage",
    better: "higher",
    bound: "ceiling",
    means:
      "What the shares of the classes have in common with those of real images; a sample that no class claims counts for none, and one of a GAN with labels only for the class it was asked for.",
    doesNotMean: "It does not say how good the images of a class are.",
  },
  memorisation: {
    title: "Memorisation",
    better: "lower",
    bound: "floor",
    means:
      "Share of samples nearer to a training image than 99 of 100 held-out images are.",
    doesNotMean:
      "No single number detects copying: look at the pictures beside their nearest training images.",
  },
  authPct: {
    title: "AuthPct",
    better: "higher",
    bound: "ceiling",
    means:
      "Percentage of samples whose nearest training image has a nearer neighbor among the training images.",
    doesNotMean:
      "Blurred samples lie far from everything and are all authentic.",
  },
  diversity: {
    title: "Diversity",
    better: "bound",
    bound: "ceiling",
    means: "Median distance of two samples over that of two real images.",
    doesNotMean: "Noise is diverse, too.",
  },
  duplicates: {
    title: "Duplicates",
    better: "lower",
    bound: "floor",
    means:
      "Share of samples with another sample as near as 1 of 100 real images has another real image.",
    doesNotMean:
      "It depends on the number of samples: s samples show duplicates of about s^2 different images.",
  },
  dTrain: {
    title: "D on training images",
    better: "bound",
    bound: "floor",
    means:
      "Mean D(x) of images that D trained on, against held-out ones: a gap is what D has memorized.",
    doesNotMean: "A low score alone is not overfitting; the gap is.",
  },
  dHeldOut: {
    title: "D on held-out images",
    better: "bound",
    bound: "ceiling",
    means: "Mean D(x) of images that D never saw, against those it trained on.",
    doesNotMean: "Equal scores on both sides do not mean that D is good.",
  },
  dFake: {
    title: "D on samples",
    better: "bound",
    bound: "ceiling",
    means: "Mean D(G(z)), against D of held-out images.",
    doesNotMean: "A critic's scores have no scale of their own.",
  },
  dAuc: {
    title: "AUC of D",
    better: "bound",
    bound: "floor",
    means:
      "Share of pairs in which D gives a held-out image more than a sample; 0.5 is no better than chance.",
    doesNotMean:
      "Near 1 is usual while D wins, and says nothing about the samples.",
  },
} as const satisfies Record<string, MeasureKind>;

export type MeasureName = keyof typeof measureKinds;
export const measureNames = Object.keys(measureKinds) as MeasureName[];

/** A value with its 95 % interval and what it is held against, or why there is none, in one sentence. */
export type Measure =
  | { value: number; low: number; high: number; floor: number }
  | { value: number; low: number; high: number; ceiling: number }
  | { reason: string };

export type Measures = Record<MeasureName, Measure>;

/** With what, and against what, measures were taken. Values with other stamps cannot be compared. */
interface QualityStamp {
  extractor: {
    hash: string;
    kind: "classifier" | "autoencoder";
    features: number;
    /** On held-out images: a classifier's share named rightly, an autoencoder's share of variance; null: not known. */
    accuracy: number | null;
  };
  realSet: {
    title: string;
    hash: string;
    /** Images that samples are held against; as many more give the floors. */
    count: number;
    part: "test part" | "own images";
  };
  /** Images compared: so many samples against so many real ones. */
  samples: number;
  /** Which weights of G drew them, where the run keeps an average of them. */
  weights?: WeightChoice;
}

/** What one saved step of a run is worth. */
export interface Quality extends QualityStamp {
  runId: string;
  step: number;
  measures: Measures;
}

/** The metric in files, charts and tables: `quality/fd`. */
export function qualityMetric(name: MeasureName): `quality/${MeasureName}` {
  return `quality/${name}`;
}

/** The measure that a metric `quality/fd` is; null for any other. */
export function measureOf(metric: string): MeasureKind | null {
  const name = metric.startsWith("quality/") ? metric.slice(8) : "";
  return Object.hasOwn(measureKinds, name)
    ? measureKinds[name as MeasureName]
    : null;
}

/** What the value is held against; null where there is no value. */
export function boundOf(measure: Measure): number | null {
  if ("floor" in measure) return measure.floor;
  return "ceiling" in measure ? measure.ceiling : null;
}

/** What stands beside a value where there is little room: `63.51 to 65.00, floor 0.1199 (5,000 held-out images, 3fa2c1)`. */
export function besideOf(
  measure: Measure,
  { realSet, extractor }: QualityStamp,
): string {
  if ("reason" in measure) return measure.reason;
  const { low, high } = measure;
  const bound = "floor" in measure ? "floor" : "ceiling";
  return `${formatValue(low)} to ${formatValue(high)}, ${bound} ${formatValue(boundOf(measure))} (${realSet.count.toLocaleString("en")} held-out images, ${extractor.hash.slice(0, 8)})`;
}

/** Stands beside a value in the place of that where it was measured before intervals were kept. */
export const noInterval =
  "its interval was not kept; measure the step again to have it";

/** Of what stands beside a value all but its interval: `floor 0.1199 (5,000 held-out images, 3fa2c1)`. */
export function againstOf(beside: string): string {
  return beside.slice(beside.indexOf(", ") + 2);
}

/** Whether two values can be told apart: both are there, and their intervals do not overlap. */
export function areApart(a: Measure, b: Measure): boolean {
  if ("reason" in a || "reason" in b) return false;
  return a.high < b.low || b.high < a.low;
}

/** With what, and against what, a measurement was made: the sentence that stands beside its numbers. */
export function stampOf({
  extractor,
  realSet,
  samples,
  weights,
}: QualityStamp): string {
  const { kind, features, hash, accuracy } = extractor;
  const count = (value: number) => value.toLocaleString("en");
  const percent = accuracy === null ? null : (100 * accuracy).toFixed(1);
  const trust =
    percent === null
      ? ""
      : kind === "classifier"
        ? ` that names ${percent} % of held-out images rightly`
        : ` that draws ${percent} % of the variance of held-out images again`;
  const part =
    realSet.part === "test part" ? "the test part of" : "held-out images of";
  const by =
    weights === "last"
      ? " of G's last weights"
      : weights
        ? " of G's average"
        : "";
  return `${count(samples)} samples${by} against ${count(realSet.count)} from ${part} ${realSet.title}, by ${features} features of a ${kind}${trust} (${hash}).`;
}

/** Whether two measurements can stand in one column: by the same extractor, on as many images of the same set. */
export function isAlike(a: QualityStamp, b: QualityStamp): boolean {
  return (
    a.extractor.hash === b.extractor.hash &&
    a.samples === b.samples &&
    a.realSet.hash === b.realSet.hash
  );
}
