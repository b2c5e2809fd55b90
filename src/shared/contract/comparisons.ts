/** Comparisons that are kept by name: which runs stand side by side, and how they are looked at. */
import { mainMetrics } from "../metrics";
import { z } from "zod";
import { call } from "../rpc";
import { runIdSchema } from "../run";
import { axisSchema, defaultCurves, smoothingSchema } from "./curve-choice";
import { mostComparedRuns } from "./exports";

const defaultMatrix: {
  across: string | null;
  down: string | null;
  held: Record<string, string>;
  tiles: number | null;
} = { across: null, down: null, held: {}, tiles: null };

/** Pictures that stand still beside those that move. */
export const mostPinned = 8;

/** Everything that the compare view lets one choose, so that a saved comparison reopens as it was left. */
const comparisonViewSchema = z.object({
  /** TensorBoard tags of the curves. */
  tags: z.array(z.string()).max(20),
  axis: axisSchema,
  smoothing: smoothingSchema,
  commonScale: z.boolean(),
  /** Runs that differ only in their seed as one configuration, instead of each by itself. */
  groupSeeds: z.boolean(),
  /** The seed whose samples stand for a configuration, or those of all; null is its first. */
  seed: z
    .union([z.int().nonnegative(), z.literal("all")])
    .nullable()
    .default(null),
  /** A run of the configuration that the others are held against; null is the first. */
  baseline: runIdSchema.nullable().default(null),
  /** The first configuration minus the second, each by one of its runs, instead of both; null draws them themselves. */
  difference: z.tuple([runIdSchema, runIdSchema]).nullable(),
  /** What one notch of the slider means. */
  unit: z.enum(["step", "epoch", "fraction"]),
  onlyDifferences: z.boolean(),
  /** Where the slider stands, in that unit; null is the end. */
  at: z.number().nonnegative().nullable().default(null),
  /** Metrics whose y axis is logarithmic. */
  logarithmic: z.array(z.string()).max(20).default([]),
  /** Runs whose curves and samples are not shown. */
  hidden: z.array(runIdSchema).max(mostComparedRuns).default([]),
  /** Pictures that stay where they are while the slider moves: two steps of one run, for one. */
  pinned: z
    .array(z.object({ run: runIdSchema, step: z.int().nonnegative() }))
    .max(mostPinned)
    .default([]),
  /** What stands beside the curves; in a narrow window one pane is shown, the curves too. */
  pane: z
    .enum(["curves", "samples", "matrix", "metrics", "settings", "tournament"])
    .default("samples"),
  /** The picture matrix: paths of the settings on its axes, null chooses; what else is held, and how many tiles of each grid. */
  matrix: z
    .object({
      across: z.string().max(200).nullable(),
      down: z.string().max(200).nullable(),
      held: z.record(z.string().max(200), z.string().max(1000)),
      tiles: z.int().min(1).max(1024).nullable(),
    })
    .default(defaultMatrix),
  layout: z.enum(["side", "swipe", "blink"]).default("side"),
  /** Per cent of the width that the curves take. */
  share: z.number().min(10).max(90).default(50),
});
export type ComparisonView = z.infer<typeof comparisonViewSchema>;

export const defaultComparisonView: ComparisonView = {
  tags: [...mainMetrics],
  ...defaultCurves,
  groupSeeds: true,
  seed: null,
  baseline: null,
  difference: null,
  unit: "step",
  onlyDifferences: true,
  at: null,
  logarithmic: [],
  hidden: [],
  pinned: [],
  pane: "samples",
  matrix: defaultMatrix,
  layout: "side",
  share: 50,
};

export const comparisonSchema = z.object({
  name: z.string().trim().min(1).max(100),
  runs: z.array(runIdSchema).min(2).max(mostComparedRuns),
  view: comparisonViewSchema,
});
export type Comparison = z.infer<typeof comparisonSchema>;

export const comparisonCalls = {
  list: call<Comparison[]>()(z.object({})),
  /** Replaces the one of the same name. */
  save: call<Comparison[]>()(comparisonSchema),
  remove: call<Comparison[]>()(z.object({ name: z.string() })),
};
