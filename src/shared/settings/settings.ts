/**
 * Everything that decides how a run trains, as plain data. A preset is a name for one of these; a run record
 * keeps it whole, so a saved run never depends on a preset that changes later.
 */
import { z } from "zod";
import { lossNames } from "../losses";
import { improvementsSchema } from "./improvements";
import { networkSchema } from "./network";

/** Of any run: twelve digits fit into the names of files, and into a number with room to count on. */
export const mostSteps = 999_999_999_999;

const count = z.int().positive().max(mostSteps);
const rate = z.number().positive().max(10);
const seed = z.int().min(0).max(0xffffffff);

export const dataSettingsSchema = z.object({
  /** `strokes`, `mnist`, `fashion-mnist`, or the absolute path of a folder, ZIP, .npy or .npz. */
  source: z.string().min(1),
  /** Pixels a side after resizing. */
  size: z.int().min(4).max(256),
  channels: z.union([z.literal(1), z.literal(3)]),
  /** What black and white become: `unit` is [0, 1], `symmetric` [-1, 1]. */
  range: z.enum(["unit", "symmetric"]),
  /** How an image that is not square becomes one. */
  fit: z.enum(["crop", "pad"]),
  /** Class indices to keep; null keeps all. */
  classes: z.array(z.int().nonnegative()).min(1).nullable(),
  /** How many images to keep; null keeps all. `random` draws them with the run's seed. */
  limit: z.object({ count, pick: z.enum(["first", "random"]) }).nullable(),
  /** Mirror each drawn image left to right half of the time. */
  flip: z.boolean(),
  /**
   * What part of a folder, ZIP or array is never trained on, so that a run can be judged on it. Data sets with a test
   * part of their own keep that instead. Runs of before there was such a setting held nothing out.
   */
  heldOut: z.number().min(0).max(0.5).default(0),
  /** Draws the strokes; null draws them with the run's seed, as runs of before there was such a setting did. */
  strokesSeed: seed.nullable().default(null),
});

/** PyTorch's semantics throughout: epsilon is added outside the root. */
const optimizerSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("adam"),
    learningRate: rate,
    beta1: z.number().min(0).lt(1),
    beta2: z.number().min(0).lt(1),
    eps: z.number().positive(),
  }),
  z.object({
    type: z.literal("sgd"),
    learningRate: rate,
    momentum: z.number().min(0).lt(1),
  }),
  z.object({
    type: z.literal("rmsprop"),
    learningRate: rate,
    alpha: z.number().min(0).lt(1),
    eps: z.number().positive(),
  }),
]);

const objectiveSchema = z.object({
  loss: z.enum(lossNames),
  /** Whether D's loss is real + fake or half of it. */
  reduction: z.enum(["sum", "mean"]),
  order: z.enum(["discriminator-first", "generator-first"]),
  /**
   * What the second update of a step sees: newly drawn noise, the same noise through the generator as it
   * is by then, or the very images of the first update (detached).
   */
  secondUpdate: z.enum(["fresh-noise", "same-noise", "same-images"]),
  /** G is updated at the first of every so many steps of an epoch (WGAN's n_critic); D at each. */
  generatorEvery: count,
  /** D's weights are clamped to plus or minus this after its update; null leaves them. */
  clip: z.number().positive().nullable(),
});

/**
 * When something happens. With `at: "end"` it happens after every n-th step or epoch; with `at: "start"` after
 * the first, the n+1-st and so on (a tutorial's `i % n == 0`). `within` says where counting begins.
 */
const cadenceSchema = z.discriminatedUnion("unit", [
  z.object({
    unit: z.literal("step"),
    every: count,
    within: z.enum(["run", "epoch"]),
    at: z.enum(["start", "end"]),
  }),
  z.object({ unit: z.literal("epoch"), every: count }),
]);

const scheduleSchema = z.object({
  batchSize: z.int().min(1).max(4096),
  /** `shuffle` visits each image once an epoch; `random` draws a fresh batch each step. */
  order: z.enum(["shuffle", "random"]),
  lastBatch: z.enum(["drop", "keep"]),
  length: z.discriminatedUnion("unit", [
    z.object({ unit: z.literal("epochs"), count }),
    z.object({ unit: z.literal("steps"), count }),
  ]),
});

const samplingSchema = z.object({
  /** Images a grid. */
  count: z.int().min(1).max(1024),
  cadences: z.array(cadenceSchema),
  /** `batch`: batch normalisation uses the statistics of the sampled batch, as a network left in training mode does. */
  mode: z.enum(["batch", "evaluation"]),
  /** torchvision's make_grid: images a row, pixels between them, and their grey level in [0, 1]. */
  grid: z.object({
    perRow: count,
    padding: z.int().min(0).max(64),
    padValue: z.number().min(0).max(1),
    /** Stretch the whole grid from its minimum to its maximum; otherwise the data's range is mapped to [0, 1]. */
    normalize: z.boolean(),
  }),
});

const logSettingsSchema = z.object({
  cadence: cadenceSchema,
  /** The tutorial's own words, with Python's format: `d_loss: {dLoss:.4f}`. The names are in `log-line.ts`. */
  template: z.string().max(500),
  /** Whether the run folder gets a second log as the tutorial with TensorBoard writes it. Older runs had none. */
  tensorboard: z.boolean().default(false),
});

const checkpointSettingsSchema = z.object({
  everySteps: count.nullable(),
  everyMinutes: z.number().positive().nullable(),
  keepLast: z.int().min(1).max(1000),
  keepBest: z.boolean(),
});

const engineSettingsSchema = z.object({
  id: z.enum(["auto", "onnx", "webgpu", "tfjs"]),
  /** Null leaves the choice to the engine. */
  threads: z.int().min(1).max(256).nullable(),
  /**
   * Whether waiting threads spin: up to a third faster on an idle machine, many times slower on a busy one. `auto`
   * measures and chooses while it trains.
   */
  spinning: z.union([z.literal("auto"), z.boolean()]),
});

export const settingsSchema = z.object({
  /** The preset that these settings started from. */
  preset: z.string().min(1),
  data: dataSettingsSchema,
  generator: networkSchema,
  discriminator: networkSchema,
  objective: objectiveSchema,
  optimizers: z.object({
    generator: optimizerSchema,
    discriminator: optimizerSchema,
  }),
  improvements: improvementsSchema.prefault({}),
  schedule: scheduleSchema,
  sampling: samplingSchema,
  log: logSettingsSchema,
  checkpoints: checkpointSettingsSchema,
  engine: engineSettingsSchema,
  seed,
});

export type DataSettings = z.infer<typeof dataSettingsSchema>;
export type OptimizerSettings = z.infer<typeof optimizerSchema>;
export type Objective = z.infer<typeof objectiveSchema>;
export type Cadence = z.infer<typeof cadenceSchema>;
export type Schedule = z.infer<typeof scheduleSchema>;
export type SamplingSettings = z.infer<typeof samplingSchema>;
export type EngineSettings = z.infer<typeof engineSettingsSchema>;
export type TrainingSettings = z.infer<typeof settingsSchema>;
export type NetworkRole = "generator" | "discriminator";

export const engineIds = ["onnx", "webgpu", "tfjs"] as const;
export type EngineId = (typeof engineIds)[number];

/** The whole settings of a preset, with the sentence and the source that a learner reads. */
export interface Preset {
  id: string;
  title: string;
  /** One sentence: what it is and what to expect. */
  summary: string;
  source: { title: string; author: string; url: string };
  settings: TrainingSettings;
}
