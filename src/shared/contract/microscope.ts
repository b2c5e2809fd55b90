/**
 * The step microscope: one update of D or of G at a time, on a copy of a run's checkpoint or on fresh networks, with
 * everything that it changed. Nothing here touches the run itself. Pictures are files at the given addresses.
 */
import { z } from "zod";
import { call } from "../rpc";
import { runIdSchema } from "../run";
import { settingsSchema } from "../settings/settings";
import type { NetworkRole } from "../settings/settings";
import type { StepMetric } from "../metrics";
import type { Sheet } from "./explore";

const specimenSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("run"),
    run: runIdSchema,
    /** A step with a checkpoint. */
    step: z.int().nonnegative(),
  }),
  z.object({ kind: z.literal("fresh"), settings: settingsSchema }),
]);
export type Specimen = z.infer<typeof specimenSchema>;

/** Counts of values in equal bins from `low` to `high`; values that are no numbers are left out. */
export interface Histogram {
  low: number;
  high: number;
  counts: number[];
}

export interface ParameterView {
  network: NetworkRole;
  /** PyTorch's name: `fc1.weight`. */
  name: string;
  shape: number[];
  trainable: boolean;
  /** L2 norm of the values. */
  norm: number;
  values: Histogram;
  /** Of the last update; null before the first, and where no gradient arrived. */
  gradientNorm: number | null;
  gradient: Histogram | null;
  updateNorm: number | null;
  /** Why no gradient arrived, in one sentence; null where one did, and before the first update. */
  withoutGradient: string | null;
}

/** How both networks do on the batch under the microscope. */
export interface BatchFigures {
  /** Mean D(x): a probability, or the critic's output for Wasserstein and hinge. */
  real: number;
  /** Mean D(G(z)). */
  fake: number;
  /** What each network minimises. */
  losses: Record<NetworkRole, number>;
}

/** What the lecture asks where a step was just taken, answered from what happened. */
export interface Explanation {
  happened: string;
  questions: { question: string; answer: string }[];
}

export interface MicroscopeUpdate {
  network: NetworkRole;
  /** Updates of each network since the microscope was opened, this one included. */
  counts: Record<NetworkRole, number>;
  /** Losses and gradient norms of this update; the other network's are absent. */
  metrics: Partial<Record<StepMetric, number>>;
  before: BatchFigures;
  after: BatchFigures;
  explanation: Explanation;
}

export interface Picture {
  url: string;
  sheet: Sheet;
}

export interface MicroscopeView {
  /** Names the open microscope in later calls. */
  id: string;
  /** One sentence: what lies under it. */
  title: string;
  /** The step of the checkpoint; 0 for fresh networks. */
  step: number;
  parameters: ParameterView[];
  figures: BatchFigures;
  /** Null before the first update. */
  last: MicroscopeUpdate | null;
  /** The real images of the batch under the microscope, and what G makes of its noise now. */
  real: Picture;
  fake: Picture;
}

export interface ActivationView {
  /** Index into the network's layers; -1 is the input itself. */
  layer: number;
  /** "layer 3 (conv)", "input". */
  title: string;
  shape: number[];
  min: number;
  max: number;
  mean: number;
  /** The share of values that are exactly zero: a dead ReLU shows here. */
  zeros: number;
  /** Each channel as a tile, or a flat layer as one, row by row; from its smallest value (black) to its largest (white). */
  picture: Picture;
}

const id = z.string().max(100);

export const microscopeCalls = {
  /** Loads the data and builds the networks; takes seconds where data must be made. */
  open: call<MicroscopeView>()(z.object({ specimen: specimenSchema })),
  /** One update on the next batch. With `sameBatch` the last batch is used again. */
  update: call<MicroscopeView>()(
    z.object({
      id,
      network: z.enum(["generator", "discriminator"]),
      sameBatch: z.boolean(),
    }),
  ),
  /** What each layer makes of one real image (for D) or of one noise vector (for G) of the batch. */
  activations: call<ActivationView[]>()(
    z.object({
      id,
      network: z.enum(["generator", "discriminator"]),
      /** Position in the batch. */
      index: z.int().nonnegative(),
      /** For D: a real image or the generator's. */
      image: z.enum(["real", "fake"]),
    }),
  ),
  /** Back to how it was opened. */
  reset: call<MicroscopeView>()(z.object({ id })),
  close: call<null>()(z.object({ id })),
};
