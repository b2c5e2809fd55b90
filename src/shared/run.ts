/** What is known of one run: the record that `run.json` holds, with its schema and its states. */
import { z } from "zod";
import { findingIds } from "./doctor/finding-ids";
import { mostTried, triedSchema, trialSchema } from "./doctor/trial";
import { engineIds, mostSteps, settingsSchema } from "./settings/settings";

/** Raised whenever the meaning of a field changes; `main/runs/folder/migrate.ts` brings older records up to it. */
export const recordVersion = 1;

/**
 * `interrupted` is what a run becomes when its process is gone: found at the next start, never written by the trainer.
 */
export const runStates = [
  "preparing",
  "training",
  "paused",
  "finished",
  "stopped",
  "interrupted",
  "diverged",
  "failed",
  "imported",
] as const;
export type RunState = (typeof runStates)[number];

/** G's weights after its last update, or their average, where the run keeps one. */
export const weightChoiceSchema = z.enum(["last", "average"]);
export type WeightChoice = z.infer<typeof weightChoiceSchema>;

/** Run ids are folder names: `20261120-154210-jaketae-mlp-k3f9`. */
export const runIdSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/i);

/** Ids that callers choose: a folder can have that name on every system. */
export const chosenIdSchema = runIdSchema
  .refine((id) => !id.endsWith("."), "must not end in a full stop")
  .refine(
    (id) => !/^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i.test(id),
    "must not be a name that Windows keeps for itself",
  );

/** Steps fit into the names of files, and into a number with room to count on. */
export const stepSchema = z.int().nonnegative().max(mostSteps);
/** Logs of other programs may begin below zero. */
const signedStepSchema = z.int().min(-mostSteps).max(mostSteps);
/** Up to some thirty thousand years. */
export const trainedSecondsSchema = z.number().nonnegative().max(1e12);
/** Seconds since 1970 that a date can hold. */
const timeSchema = z.number().min(-8.64e12).max(8.64e12);
const dateSchema = z
  .string()
  .max(40)
  .refine((text) => !Number.isNaN(Date.parse(text)), "must be a date");

/** Something that happened at a step and belongs on the curve. */
const runEventSchema = z.object({
  step: stepSchema,
  /** Seconds since 1970. */
  time: timeSchema,
  type: z.enum([
    "resumed",
    "paused",
    "learning-rate",
    "checkpoint",
    "diverged",
    "disk-full",
    "warning",
  ]),
  /** One sentence for people. */
  text: z.string(),
  /** Of a `learning-rate`: the rates from this step on. */
  learningRates: z
    .object({ generator: z.number(), discriminator: z.number() })
    .optional(),
});
export type RunEvent = z.infer<typeof runEventSchema>;

const metricSummarySchema = z.object({
  last: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** The steps of the minimum and the maximum. */
  minStep: signedStepSchema.nullable(),
  maxStep: signedStepSchema.nullable(),
  /** What the last value of a measure of quality may not stand without: its interval, floor or ceiling, and stamp. */
  beside: z.string().max(500).optional(),
  /** The same of the minimum and the maximum; records of older versions lack them. */
  besideMin: z.string().max(500).optional(),
  besideMax: z.string().max(500).optional(),
});
export type MetricSummary = z.infer<typeof metricSummarySchema>;

/** Which images a run saw; two runs with the same hash saw the same. */
const dataIdentitySchema = z.object({
  title: z.string(),
  hash: z.string(),
  count: z.int(),
  classes: z.array(z.string()).nullable(),
  /** The images that are kept to judge the run on; records of older versions do not say. */
  heldOut: z
    .object({
      count: z.int(),
      /** The data set's own test part, or some of the images that would be trained on otherwise. */
      from: z.enum(["test part", "own images"]),
    })
    .nullable()
    .optional(),
  /** Whether it trained on a test part (`t10k`), so that it must not be judged on that. */
  trainedOnTestPart: z.boolean().optional(),
  /** What only these images have, so that D can tell them by that alone, in a sentence; absent where nothing was seen. */
  shortcut: z.string().max(1000).optional(),
});
export type DataIdentity = z.infer<typeof dataIdentitySchema>;

const environmentSchema = z.object({
  application: z.string(),
  engine: z.enum(engineIds),
  /** "CPU, 2 threads": the engine's own words. */
  device: z.string(),
  engineVersion: z.string(),
  /** Why this engine, in a sentence with what was measured; records of older versions do not say. */
  choice: z.string().nullable().default(null),
  platform: z.string(),
  processor: z.string(),
  memoryGiB: z.number(),
  node: z.string(),
});
export type Environment = z.infer<typeof environmentSchema>;

/**
 * What a run's times are: the time of day, seconds since the start, or nothing that can be told ("clock unknown").
 * Only logs of other programs have another than `wall`.
 */
const clocks = ["wall", "elapsed", "unknown"] as const;
export type Clock = (typeof clocks)[number];

export const runRecordSchema = z.object({
  version: z.literal(recordVersion),
  id: runIdSchema,
  name: z.string().max(200),
  /** ISO 8601. */
  createdAt: dateSchema,
  updatedAt: dateSchema,
  state: z.enum(runStates),
  /** One sentence where the state needs a reason. */
  reason: z.string().nullable(),
  /** Null for a log that another program wrote. */
  settings: settingsSchema.nullable(),
  data: dataIdentitySchema.nullable(),
  environment: environmentSchema.nullable(),
  progress: z.object({
    step: stepSchema,
    totalSteps: stepSchema,
    stepsPerEpoch: stepSchema,
    /** Time spent training, pauses left out. */
    seconds: trainedSecondsSchema,
    /** The step of the newest checkpoint; null: none yet. Records of earlier versions do not say. */
    saved: stepSchema.nullable().optional(),
  }),
  /** By TensorBoard tag. */
  summary: z.record(z.string(), metricSummarySchema),
  events: z.array(runEventSchema),
  parent: z.object({ run: runIdSchema, step: stepSchema }).nullable(),
  /** What the doctor said of it when it had ended, or when somebody last looked; null: not yet. */
  verdict: z
    .object({ id: z.enum(findingIds), line: z.string() })
    .nullable()
    .default(null),
  /** Of a fork that tries what the doctor advised of its parent; null for every other run. */
  trial: trialSchema.nullable().default(null),
  /** What forks of it that tried the doctor's advice came to. */
  tried: z.array(triedSchema).max(mostTried).default([]),
  /** Where an imported run came from. */
  importedFrom: z.string().nullable(),
  clock: z.enum(clocks).default("wall"),
  /** Of an imported log: the metrics of ours that its tags are, by its own tag. */
  metricNames: z.record(z.string(), z.string()).default({}),
  tags: z.array(z.string().max(60)).max(50),
  notes: z.string().max(100_000),
  starred: z.boolean(),
  /** `#rrggbb`; null lets the window choose. */
  color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i)
    .nullable(),
  archived: z.boolean(),
  /** Whether it came with the application. */
  example: z.boolean().default(false),
  group: z.string().max(100).nullable(),
  /** The entry of a sweep that it is; null for every other run. */
  sweep: z
    .object({
      id: runIdSchema,
      index: z.int().nonnegative(),
      /** Why the sweep stopped it before its end; null where it did not. */
      stoppedEarly: z.string().max(500).nullable().default(null),
    })
    .nullable()
    .default(null),
});
export type RunRecord = z.infer<typeof runRecordSchema>;

/** Which entry of which sweep a run is. */
export type SweepEntry = Pick<NonNullable<RunRecord["sweep"]>, "id" | "index">;

/** What a user may change of a run after the fact. */
export const runEditSchema = runRecordSchema
  .pick({
    name: true,
    tags: true,
    notes: true,
    starred: true,
    color: true,
    archived: true,
    group: true,
    metricNames: true,
  })
  .partial();
export type RunEdit = z.infer<typeof runEditSchema>;

/** A run in a list: its record, or why it cannot be read. */
export type RunListing =
  | {
      kind: "run";
      record: RunRecord;
      /** Steps with a saved grid, ascending. */
      samples: number[];
      checkpoints: number[];
    }
  | {
      kind: "damaged";
      id: string;
      reason: string;
      /** Whether its record can be made again from the other files of its folder. */
      repairable: boolean;
    };

/** Of any run, whether it can be read or not. */
export function idOf(listing: RunListing): string {
  return listing.kind === "run" ? listing.record.id : listing.id;
}

/** Whether it has a step 0 of its own: a fork begins at a step of its parent, which may be that. */
export function hasBeginning({
  parent,
}: Partial<Pick<RunRecord, "parent">>): boolean {
  return !parent || parent.step === 0;
}

/** Whether a run is under way. */
export function isActive(state: RunState): boolean {
  return state === "preparing" || state === "training" || state === "paused";
}
