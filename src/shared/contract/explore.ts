/**
 * The latent explorer: pictures from the generator of any checkpoint. A picture is a sheet of tiles, fetched as a file
 * from its `url`; an animation is the same sheet, shown tile by tile.
 */
import { z } from "zod";
import { call } from "../rpc";
import { runIdSchema, weightChoiceSchema } from "../run";
import type { ExportOutcome } from "./exports";

const label = z.int().min(0).max(999);

/** Of a conditional GAN: the class that a vector was drawn with. */
const drawnAs = { class: label.optional() };

/** A latent vector by where it comes from. The bank is the one that a run's own grids use: tile n is its vector n. */
const latentNameSchema = z.discriminatedUnion("from", [
  z.object({
    from: z.literal("bank"),
    index: z.int().min(0).max(1023),
    ...drawnAs,
  }),
  z.object({
    from: z.literal("seed"),
    seed: z.int().min(0).max(0xffffffff),
    index: z.int().min(0).max(1023),
    ...drawnAs,
  }),
]);
export type LatentName = z.infer<typeof latentNameSchema>;

const seed = z.int().min(0).max(0xffffffff);
const legFrames = z.int().min(2).max(120);

/** What to draw. The most tiles of one picture is 1,024. */
const explorationSchema = z.discriminatedUnion("kind", [
  /** The run's own tiles. */
  z.object({ kind: z.literal("bank"), count: z.int().min(1).max(1024) }),
  z.object({
    kind: z.literal("samples"),
    seed,
    count: z.int().min(1).max(1024),
  }),
  /** Along great circles from stop to stop. */
  z.object({
    kind: z.literal("slerp"),
    stops: z.array(latentNameSchema).min(2).max(16),
    framesPerLeg: legFrames,
  }),
  /** A closed path through `stops` random vectors: its last frame leads back to its first. */
  z.object({
    kind: z.literal("walk"),
    seed,
    stops: z.int().min(2).max(16),
    framesPerLeg: legFrames,
  }),
  /** One vector of a conditional GAN, from class to class. */
  z.object({
    kind: z.literal("classes"),
    latent: latentNameSchema,
    classes: z.array(label).min(2).max(100),
    framesPerLeg: legFrames,
  }),
  /** One dimension of one vector moved from `low` to `high`. */
  z.object({
    kind: z.literal("sweep"),
    latent: latentNameSchema,
    dimension: z.int().nonnegative(),
    low: z.number().min(-10).max(10),
    high: z.number().min(-10).max(10),
    count: z.int().min(2).max(128),
  }),
]);
export type Exploration = z.infer<typeof explorationSchema>;

/** A generator and how to look at it. */
const viewpointSchema = z.object({
  run: runIdSchema,
  /** A step with a checkpoint. */
  step: z.int().nonnegative(),
  /** `batch`: batch normalisation uses the statistics of the drawn tiles; `evaluation` the running ones. */
  mode: z.enum(["batch", "evaluation"]),
  /** Values beyond plus or minus this are drawn again (Brock et al. 2018, BigGAN, section 3.1); null keeps all. */
  truncation: z.number().positive().max(10).nullable(),
  /** Which weights of G, where the run keeps an average of them. */
  weights: weightChoiceSchema.default("average"),
  /** The class to draw, of a conditional GAN; null draws all of them: a row each, or a stop of a walk each. */
  class: label.nullable().default(null),
});
export type Viewpoint = z.infer<typeof viewpointSchema>;

/** Where the tiles of a sheet are, in pixels: tile n is in column n % columns of row floor(n / columns). */
export interface Sheet {
  count: number;
  columns: number;
  /** Pixels a side of one tile. */
  tile: number;
  /** Pixels between tiles and around the sheet. */
  padding: number;
}

export interface ExploredPicture {
  /** For `keep`. The last 64 pictures can be kept. */
  id: string;
  url: string;
  sheet: Sheet;
  /** D's opinion of each tile: probability, or the critic's output for Wasserstein and hinge. */
  scores: number[];
  /** The vectors of the tiles where they have names, else null (frames between stops). */
  latents: LatentName[] | null;
  /** How long the generator took. */
  milliseconds: number;
}

/** As what a drawn picture can be taken away: its tiles as an animation, or its vectors for NumPy. */
export const explorationFormats = ["gif", "webp", "npy"] as const;
export type ExplorationFormat = (typeof explorationFormats)[number];

export interface KeptPicture {
  /** Its file name in the run's folder. */
  name: string;
  url: string;
  /** One sentence: "Walk through 4 vectors at step 18,740". */
  title: string;
  sheet: Sheet;
}

/** What the explorer can show of a run. */
export interface ExplorableRun {
  latentSize: number;
  /** Those with a checkpoint. */
  steps: number[];
  /** Whether checkpoints hold an average of G's weights too. */
  hasAverage: boolean;
  /** The classes that its networks know; none where they read no labels. */
  classes: { label: number; name: string }[];
}

export const exploreCalls = {
  describe: call<ExplorableRun>()(z.object({ run: runIdSchema })),
  draw: call<ExploredPicture>()(
    z.object({ viewpoint: viewpointSchema, exploration: explorationSchema }),
  ),
  /** Saves one of the last 64 pictures: where the user says in Electron, as a download in browser mode. */
  saveAs: call<ExportOutcome>()(
    z.object({
      id: z.string().max(100),
      format: z.enum(explorationFormats),
    }),
  ),
  /** The vectors of a picture, a row a tile; of all its tiles where none are named. */
  latents: call<number[][]>()(
    z.object({
      id: z.string().max(100),
      tiles: z.array(z.int().min(0).max(1023)).min(1).nullable(),
    }),
  ),
  /** Adds a picture to the run's gallery. */
  keep: call<KeptPicture>()(z.object({ id: z.string().max(100) })),
  kept: call<KeptPicture[]>()(z.object({ run: runIdSchema })),
  removeKept: call<null>()(
    z.object({ run: runIdSchema, name: z.string().max(200) }),
  ),
};
