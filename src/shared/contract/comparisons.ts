/** Comparisons that are kept by name: which runs stand side by side, and how they are looked at. */
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
});
export type ComparisonView = z.infer<typeof comparisonViewSchema>;

export const defaultComparisonView: ComparisonView = {
  tags: ["loss/discriminator", "loss/generator"],
  ...defaultCurves,
  groupSeeds: false,
  difference: null,
  unit: "step",
  onlyDifferences: true,
  at: null,
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
