/**
 * How good a run's samples are, as measured: every measure once, with what it is held against. No value stands without
 * its floor or ceiling, its interval, and the stamp that says with what, on how many images and against which it was taken.
 */
export interface MeasureKind {
  /** In tables, charts, menus and reports. */
  title: string;
  /** Which way is better; `bound` where the value should be neither below nor above it. */
  better: "lower" | "higher" | "bound";
  /** What real images give in the place of samples: the least, or the most, that can be hoped for. */
  bound: "floor" | "ceiling";
  /** One sentence. */
  means: string;
}

/** In the order of tables. */
export const measureKinds = {
  fd: {
    title: "FD",
    better: "lower",
    bound: "floor",
    means:
      "How far the features of samples lie from those of held-out images, as two Gaussians. It falls with the number of images.",
  },
  fdInfinity: {
    title: "FD-infinity",
    better: "lower",
    bound: "floor",
    means: "FD for endlessly many images, by a line through n, n/2 and n/4.",
  },
  kid: {
    title: "KID",
    better: "lower",
    bound: "floor",
    means:
      "The same question without the bias of few images; real images give about 0. The one to read below 1,000 images.",
  },
  precision: {
    title: "Precision",
    better: "higher",
    bound: "ceiling",
    means: "Share of samples that look like some real image.",
  },
  recall: {
    title: "Recall",
    better: "higher",
    bound: "ceiling",
    means: "Share of real images that look like some sample.",
  },
  density: {
    title: "Density",
    better: "bound",
    bound: "ceiling",
    means:
      "How densely samples lie where real images do. Above the ceiling they crowd at the most usual images; it is not a percentage.",
  },
  coverage: {
    title: "Coverage",
    better: "higher",
    bound: "ceiling",
    means: "Share of real images that have a sample nearby.",
  },
  classCoverage: {
    title: "Class coverage",
    better: "higher",
    bound: "ceiling",
    means:
      "What the shares of the classes have in common with those of real images; a sample that no class claims counts for none.",
  },
  memorisation: {
    title: "Memorisation",
    better: "lower",
    bound: "floor",
    means:
      "Share of samples nearer to a training image than 99 of 100 held-out images are.",
  },
  authPct: {
    title: "AuthPct",
    better: "higher",
    bound: "ceiling",
    means:
      "Percentage of samples whose nearest training image has a nearer neighbor among the training images.",
  },
  diversity: {
    title: "Diversity",
    better: "bound",
    bound: "ceiling",
    means: "Median distance of two samples over that of two real images.",
  },
  duplicates: {
    title: "Duplicates",
    better: "lower",
    bound: "floor",
    means:
      "Share of samples with another sample as near as 1 of 100 real images has another real image.",
  },
  dTrain: {
    title: "D on training images",
    better: "bound",
    bound: "floor",
    means:
      "Mean D(x) of images that D trained on, against held-out ones: a gap is what D knows by heart.",
  },
  dHeldOut: {
    title: "D on held-out images",
    better: "bound",
    bound: "ceiling",
    means: "Mean D(x) of images that D never saw, against those it trained on.",
  },
  dFake: {
    title: "D on samples",
    better: "bound",
    bound: "ceiling",
    means: "Mean D(G(z)), against D of held-out images.",
  },
  dAuc: {
    title: "AUC of D",
    better: "bound",
    bound: "floor",
    means:
      "Share of pairs in which D gives a held-out image more than a sample; 0.5 is no better than chance.",
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
export interface QualityStamp {
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

/** What the value is held against; null where there is no value. */
export function boundOf(measure: Measure): number | null {
  if ("floor" in measure) return measure.floor;
  return "ceiling" in measure ? measure.ceiling : null;
}

/** Whether two values can be told apart: both are there, and their intervals do not overlap. */
export function areApart(a: Measure, b: Measure): boolean {
  if ("reason" in a || "reason" in b) return false;
  return a.high < b.low || b.high < a.low;
}
