/**
 * What no tutorial has and its readers ask for next: averages, augmentation, penalties and schedules. Everything is off
 * unless it is set, and a run with all of it off trains as it did before there was any of it.
 */
import { z } from "zod";
import type { WeightChoice } from "../run";

const images = z.int().positive().max(1_000_000_000);
const steps = z.int().positive().max(999_999_999_999);

/**
 * Karras et al. 2018 (ProGAN, section 4.1), in the form of StyleGAN2's code: after each update of G the average is
 * `beta * average + (1 - beta) * G`, with `beta = 0.5 ^ (batch / half-life)`. Running statistics are G's own.
 */
const averageSchema = z.object({
  /** In images that G's updates have seen. */
  halfLife: images,
  /** The half-life is at most this part of the images so far; null leaves it. */
  rampUp: z.number().positive().max(10).nullable(),
});

/** N(0, deviation) on all that D sees, falling in a line to nothing at `steps`. Sonderby et al. 2017, section 3.2. */
const instanceNoiseSchema = z.object({
  deviation: z.number().positive().max(10),
  steps,
});

/** What both learning rates are multiplied with. */
const rateScheduleSchema = z.object({
  /** `linear` and `cosine` fall to nothing at the last step of the run. */
  shape: z.enum(["constant", "linear", "cosine"]),
  /** The part of the run after which they begin to fall. */
  from: z.number().min(0).lt(1),
  /** Steps in which they rise in a line from nothing. */
  warmUp: z.int().nonnegative().max(999_999_999_999),
});

const gamma = z.number().positive().max(1e6).nullable();

/** Of the gradient of D's outputs (logits, where the loss is a cross-entropy) by the images; null leaves one out. */
const penaltiesSchema = z.object({
  /** WGAN-GP: lambda times the mean of (norm - 1)^2, between real and fake images. Gulrajani et al. 2017. */
  interpolated: gamma,
  /** R1 and R2: gamma / 2 times the mean squared norm at real and at fake images. Mescheder et al. 2018. */
  real: gamma,
  fake: gamma,
});

/** On real and fake images, in both updates. Zhao et al. 2020 (DiffAugment). */
export const augmentationSchema = z.object({
  /** Brightness, contrast and, of colour images, saturation. */
  color: z.boolean(),
  /** By up to an eighth of the image; what is uncovered is 0. */
  translation: z.boolean(),
  /** A hole of half a side is 0. */
  cutout: z.boolean(),
  /** The chance of each at an image; steered where `adaptive` is set. */
  probability: z.number().min(0).max(1),
  /** Karras et al. 2020 (ADA): steers the chance so that r_t = E[sign D(x)] comes to `target`. */
  adaptive: z
    .object({
      target: z.number().gt(-1).lt(1),
      /** In so many images the chance can go from 0 to 1. */
      swing: images,
    })
    .nullable(),
});

export const improvementsSchema = z.object({
  average: averageSchema.nullable().default(null),
  /** How far below 1 the target of real images is; fakes keep 0. Salimans et al. 2016, section 3.4. */
  smoothing: z.number().min(0).max(0.5).default(0),
  instanceNoise: instanceNoiseSchema.nullable().default(null),
  rateSchedule: rateScheduleSchema.default({
    shape: "constant",
    from: 0,
    warmUp: 0,
  }),
  /** A network's whole gradient is scaled down to this L2 norm; null leaves it. Pascanu et al. 2013. */
  gradientLimit: z.number().positive().max(1e6).nullable().default(null),
  penalties: penaltiesSchema.default({
    interpolated: null,
    real: null,
    fake: null,
  }),
  /** Each weight of D is divided by its largest singular value. Miyato et al. 2018. */
  spectralNorm: z.boolean().default(false),
  augmentation: augmentationSchema.nullable().default(null),
});

export type Improvements = z.infer<typeof improvementsSchema>;
export type Augmentation = NonNullable<Improvements["augmentation"]>;

/** All of DiffAugment on every image, as its authors use it on small sets (Zhao et al. 2020). */
export const wholeAugmentation: Augmentation = {
  color: true,
  translation: true,
  cutout: true,
  probability: 1,
  adaptive: null,
};
export type Penalties = Improvements["penalties"];
export type RateSchedule = Improvements["rateSchedule"];

/** Everything off, as in the tutorials. */
export const noImprovements: Improvements = improvementsSchema.parse({});

/** Those of G that make a run's pictures: the last, where it keeps no average to choose. */
export function weightsOf(
  { average }: Pick<Improvements, "average">,
  choice: WeightChoice,
): WeightChoice {
  return average ? choice : "last";
}
