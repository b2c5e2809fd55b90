/**
 * Every metric of a training step once: its id, which files and TensorBoard have, and what people read. Losses are
 * those of the settings, each part with `reduction` included, so that real + fake is D's loss; scores are mean
 * probabilities (without cross-entropy the mean output of D); gradients are L2 norms over all parameters, before
 * clipping.
 */
import { measureOf } from "./quality";
import { lossOf } from "./losses";
import type { NetworkRole, TrainingSettings } from "./settings/settings";

/** The parts of the settings that decide which metrics a run has. */
export type MetricSettings = Pick<
  TrainingSettings,
  "objective" | "improvements"
>;

export interface Metric {
  /** In legends, tables, menus and logs. */
  title: string;
  /** The chart of a run that shows it; null where it only stands in tables and comparisons. */
  chart:
    | "losses"
    | "scores"
    | "gradients"
    | "penalties"
    | "augmentation"
    | "rates"
    | null;
  /** Whose it is, and so its color. */
  network: NetworkRole;
  /** Of D's outputs for these images; absent for the others. */
  images?: "real" | "fake";
  /** Whether it exists only where G was updated. */
  ofGeneratorUpdate: boolean;
  /** The end of its range that is the better one; the smallest where this is absent. */
  best?: "min" | "max";
  /** Whether `reduction` scales it, so that a common scale must undo that. */
  isReduced: boolean;
  /** Which runs have it; all where it is left out. */
  of?: (settings: MetricSettings) => boolean;
}

const discriminatorLoss = {
  network: "discriminator",
  ofGeneratorUpdate: false,
  isReduced: true,
} as const;

const adaptive = {
  chart: "augmentation",
  network: "discriminator",
  ofGeneratorUpdate: false,
  isReduced: false,
  of: ({ improvements: { augmentation } }: MetricSettings) =>
    Boolean(augmentation?.adaptive),
} as const;

const learningRate = {
  chart: "rates",
  ofGeneratorUpdate: false,
  isReduced: false,
  of: ({ improvements: { rateSchedule } }: MetricSettings) =>
    rateSchedule.shape !== "constant" || rateSchedule.warmUp > 0,
} as const;

/** In the order of the columns. */
export const metrics = {
  "loss/discriminator": {
    ...discriminatorLoss,
    title: "D loss",
    chart: "losses",
  },
  "loss/discriminator_real": {
    ...discriminatorLoss,
    of: hasParts,
    title: "D loss on real images",
    chart: null,
  },
  "loss/discriminator_fake": {
    ...discriminatorLoss,
    of: hasParts,
    title: "D loss on fake images",
    chart: null,
  },
  "loss/generator": {
    title: "G loss",
    chart: "losses",
    network: "generator",
    ofGeneratorUpdate: true,
    isReduced: false,
  },
  "score/real": {
    title: "D(x)",
    chart: "scores",
    network: "discriminator",
    images: "real",
    ofGeneratorUpdate: false,
    isReduced: false,
  },
  /** In D's update. */
  "score/fake": {
    title: "D(G(z))",
    chart: "scores",
    network: "generator",
    images: "fake",
    ofGeneratorUpdate: false,
    isReduced: false,
  },
  "score/fake_after": {
    title: "D(G(z)) in G's update",
    chart: null,
    network: "generator",
    images: "fake",
    ofGeneratorUpdate: true,
    isReduced: false,
  },
  "gradient/discriminator": {
    title: "D gradient norm",
    chart: "gradients",
    network: "discriminator",
    ofGeneratorUpdate: false,
    isReduced: false,
  },
  "gradient/generator": {
    title: "G gradient norm",
    chart: "gradients",
    network: "generator",
    ofGeneratorUpdate: true,
    isReduced: false,
  },
  /** What D's update adds to its loss. */
  "loss/penalty": {
    title: "Gradient penalty",
    chart: "penalties",
    network: "discriminator",
    ofGeneratorUpdate: false,
    isReduced: false,
    of: ({ improvements: { penalties } }) =>
      Object.values(penalties).some((weight) => weight !== null),
  },
  /** Mean sign of D's outputs for real images, less those for fake ones where it judges pairs: ADA's r_t. */
  "augmentation/sign": {
    ...adaptive,
    title: "Sign of D(x)",
  },
  "augmentation/probability": {
    ...adaptive,
    title: "Augmentation probability",
  },
  /** As the schedule has it at that step. */
  "rate/discriminator": {
    ...learningRate,
    title: "D learning rate",
    network: "discriminator",
  },
  "rate/generator": {
    ...learningRate,
    title: "G learning rate",
    network: "generator",
  },
} satisfies Record<string, Metric>;

export type StepMetric = keyof typeof metrics;
export const stepMetrics = Object.keys(metrics) as StepMetric[];

/** Those of a run with such settings, in order. */
export function metricsWith(settings: MetricSettings): StepMetric[] {
  return stepMetrics.filter((tag) => {
    const { of }: Metric = metrics[tag];
    return of === undefined || of(settings);
  });
}

/** A loss of pairs has no parts. */
function hasParts({ objective }: MetricSettings): boolean {
  return !lossOf(objective).isPaired;
}

/** Those that exist only where G was updated. */
export const generatorMetrics: readonly StepMetric[] = stepMetrics.filter(
  (tag) => metrics[tag].ofGeneratorUpdate,
);

/** What a run is judged by until somebody asks for other metrics. */
export const mainMetrics: StepMetric[] = [
  "loss/discriminator",
  "loss/generator",
];

/** What is known of a metric; null for one of another program's log. */
export function metricOf(tag: string): Metric | null {
  return Object.hasOwn(metrics, tag) ? metrics[tag as StepMetric] : null;
}

/** What people call it; another program's own word stands as it is. */
export function metricTitle(tag: string): string {
  return metricOf(tag)?.title ?? measureOf(tag)?.title ?? tag;
}

/** Which end of its range is a metric's best: the smallest, as of losses and distances, unless it says otherwise. */
export function betterOf(tag: string): "min" | "max" {
  if (measureOf(tag)?.better === "higher") return "max";
  return metricOf(tag)?.best ?? "min";
}
