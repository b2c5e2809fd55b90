/** Comparisons that are kept by name: which runs stand side by side, and how they are looked at. */
import { mainMetrics } from "../metrics";
import { z } from "zod";
import { call } from "../rpc";
import { runIdSchema } from "../run";
import { axisSchema, defaultCurves, smoothingSchema } from "./curve-choice";
import { maxCompared } from "./exports";

/** Everything that the compare view lets one choose, so that a saved comparison reopens as it was left. */
const comparisonViewSchema = z.object({
  /** TensorBoard tags of the curves. */
  tags: z.array(z.string()).max(20),
  axis: axisSchema,
  smoothing: smoothingSchema,
  commonScale: z.boolean(),
  /** Mean and spread of runs that differ only in seed, instead of each. */
  groupSeeds: z.boolean(),
  /** The first run minus the second, instead of both; null draws the runs themselves. */
  difference: z.tuple([runIdSchema, runIdSchema]).nullable(),
  /** What one notch of the slider means. */
  unit: z.enum(["step", "epoch", "fraction"]),
  onlyDifferences: z.boolean(),
  /** Where the slider stands, in that unit; null is the end. */
  at: z.number().nonnegative().nullable().default(null),
  /** Metrics whose y axis is logarithmic. */
  logarithmic: z.array(z.string()).max(20).default([]),
  /** Runs whose curves and samples are not shown. */
  hidden: z.array(runIdSchema).max(maxCompared).default([]),
  /** Pictures that stay where they are while the slider moves: two steps of one run, for one. */
  pinned: z
    .array(z.object({ run: runIdSchema, step: z.int().nonnegative() }))
    .max(maxCompared)
    .default([]),
  /** What stands beside the curves; in a narrow window one pane is shown, the curves too. */
  pane: z.enum(["curves", "samples", "metrics", "settings"]).default("samples"),
  layout: z.enum(["side", "swipe", "blink"]).default("side"),
  /** Per cent of the width that the curves take. */
  share: z.number().min(10).max(90).default(50),
});
export type ComparisonView = z.infer<typeof comparisonViewSchema>;

export const defaultComparisonView: ComparisonView = {
  tags: [...mainMetrics],
  ...defaultCurves,
  groupSeeds: false,
  difference: null,
  unit: "step",
  onlyDifferences: true,
  at: null,
  logarithmic: [],
  hidden: [],
  pinned: [],
  pane: "samples",
  layout: "side",
  share: 50,
};

export const comparisonSchema = z.object({
  name: z.string().trim().min(1).max(100),
  runs: z.array(runIdSchema).min(2).max(maxCompared),
  view: comparisonViewSchema,
});
export type Comparison = z.infer<typeof comparisonSchema>;

export const comparisonCalls = {
  list: call<Comparison[]>()(z.object({})),
  /** Replaces the one of the same name. */
  save: call<Comparison[]>()(comparisonSchema),
  remove: call<Comparison[]>()(z.object({ name: z.string() })),
};
