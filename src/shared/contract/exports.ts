/**
 * What can be taken out of the library: one typed request per format, the same for the window, for a download from
 * browser mode and for the command line. `main/export` fulfils them.
 */
import { z } from "zod";
import { call } from "../rpc";
import { parseColumn } from "../query/columns";
import { runIdSchema, weightChoiceSchema } from "../run";
import { axisSchema, smoothingSchema } from "./curve-choice";

/** Runs of one comparison, report or sheet: eight configurations, each with as many seeds as anybody trains. */
export const mostComparedRuns = 1000;

const oneRun = { run: runIdSchema };
const severalRuns = { runs: z.array(runIdSchema).min(1).max(mostComparedRuns) };

/** The nearest saved step to a number is taken; `last` is the newest. */
const step = z.union([z.int().nonnegative(), z.literal("last")]);
const steps = z.union([step, z.literal("all")]);

/** How pictures are laid out. Lengths are pixels of the result unless they say otherwise. */
export const lookSchema = z.object({
  /** Tile indices of the saved grid, in this order; null takes all. */
  tiles: z.array(z.int().nonnegative()).min(1).max(1024).nullable(),
  /** Tiles per row; null keeps the run's own. */
  perRow: z.int().min(1).max(1024).nullable(),
  /** Null keeps the run's own. */
  padding: z.int().min(0).max(64).nullable(),
  /** How many pixels per pixel of the sample, a side. */
  scale: z.int().min(1).max(16),
  resample: z.enum(["nearest", "smooth"]),
  /** The run's name and the step, written beside the tiles. */
  labels: z.boolean(),
  /** What else is written there: columns as the history's filter names them. */
  caption: z
    .array(
      z
        .string()
        .max(200)
        .refine((name) => parseColumn(name) !== null, {
          error: ({ input }) => `has no column "${String(input)}"`,
        }),
    )
    .max(8)
    .default([]),
  /** Between tiles; null keeps the run's own pad value. */
  background: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, "must be a colour such as #ff8800")
    .nullable(),
});
export type Look = z.infer<typeof lookSchema>;

export const defaultLook: Look = {
  tiles: null,
  perRow: null,
  padding: null,
  scale: 2,
  resample: "nearest",
  labels: false,
  caption: [],
  background: null,
};

const look = lookSchema.default(defaultLook);

const animation = {
  look,
  framesPerSecond: z.number().min(0.5).max(50).default(8),
  /** Seconds that the last frame stays. */
  holdLast: z.number().min(0).max(60).default(2),
  /** The step, written in the corner of each frame. */
  stamp: z.boolean().default(true),
  /** At most so many of the saved steps, spread evenly; null takes all. */
  frames: z.int().min(1).max(100_000).nullable().default(null),
};

/** Which settings are the axes of a picture matrix, and whose samples stand in its cells. */
const matrix = {
  ...severalRuns,
  /** Paths of settings that vary; null chooses. */
  across: z.string().max(200).nullable().default(null),
  down: z.string().max(200).nullable().default(null),
  /** What else varies, by path: the value in words at which it is held. Otherwise it is the first run's. */
  held: z.record(z.string().max(200), z.string().max(1000)).default({}),
  /** Of several seeds; null, or one that was not trained, takes the first. */
  ofSeed: z.int().nonnegative().nullable().default(null),
  look,
};

const chart = {
  ...severalRuns,
  /** TensorBoard tags; null takes the losses. */
  tags: z.array(z.string()).min(1).max(20).nullable().default(null),
  axis: axisSchema.default("step"),
  smoothing: smoothingSchema.default(0),
  width: z.int().min(200).max(4000).default(960),
  height: z.int().min(150).max(4000).default(480),
  /** Convert every discriminator loss to one scale, and draw its equilibrium. */
  commonScale: z.boolean().default(false),
  /** Runs that differ only in their seed as one median, with every seed thin behind it. */
  groupSeeds: z.boolean().default(true),
};

const oneExportSchema = z.discriminatedUnion("format", [
  /** One grid; with `all` a folder with one grid a step. */
  z.object({
    format: z.literal("png"),
    ...oneRun,
    step: steps.default("last"),
    look,
  }),
  /** A folder with every tile as a file of its own. */
  z.object({
    format: z.literal("tiles"),
    ...oneRun,
    step: steps.default("last"),
    look,
  }),
  /** New samples of the generator at a checkpoint: as many as one likes, with their latent vectors. */
  z.object({
    format: z.literal("samples"),
    weights: weightChoiceSchema.default("average"),
    ...oneRun,
    at: step.default("last"),
    count: z.int().min(1).max(1_000_000).default(1000),
    seed: z.int().min(0).max(0xffffffff).default(0),
    as: z.enum(["folder", "zip", "npz"]).default("zip"),
  }),
  z.object({ format: z.literal("gif"), ...oneRun, ...animation }),
  z.object({ format: z.literal("webp"), ...oneRun, ...animation }),
  /** A contact sheet over time: a row a saved step, at most `rows` of them, spread evenly. */
  z.object({
    format: z.literal("sheet"),
    ...oneRun,
    rows: z.int().min(1).max(2000).default(12),
    look,
  }),
  /** Runs across, steps down. */
  z.object({
    format: z.literal("comparison"),
    ...severalRuns,
    rows: z.int().min(1).max(200).default(6),
    look,
  }),
  /** Two settings that vary as axes, in each cell the samples of the same latents at one step. */
  z.object({
    format: z.literal("matrix"),
    ...matrix,
    step: step.default("last"),
  }),
  /** The same over training. */
  z.object({
    format: z.literal("matrix-gif"),
    ...matrix,
    framesPerSecond: animation.framesPerSecond,
    holdLast: animation.holdLast,
    frames: animation.frames,
  }),
  /** The single tiles of every step, the grids, the animation, the metrics and a manifest. */
  z.object({ format: z.literal("zip"), ...oneRun, look }),
  z.object({
    format: z.literal("html"),
    ...severalRuns,
    title: z.string().max(200).nullable().default(null),
  }),
  z.object({ format: z.literal("csv"), ...severalRuns }),
  z.object({ format: z.literal("json"), ...severalRuns }),
  /** One event file as the tutorial of the jrtechs presets writes it, with the sample grids as images. */
  z.object({ format: z.literal("tensorboard"), ...oneRun }),
  z.object({ format: z.literal("svg"), ...chart }),
  /** The same chart as pixels. */
  z.object({ format: z.literal("chart"), ...chart }),
  /** Both networks with PyTorch's names and layout. */
  z.object({
    format: z.literal("safetensors"),
    weights: weightChoiceSchema.default("average"),
    ...oneRun,
    step: step.default("last"),
  }),
  /** G and D as inference graphs with a dynamic batch axis. */
  z.object({
    format: z.literal("onnx"),
    weights: weightChoiceSchema.default("average"),
    ...oneRun,
    step: step.default("last"),
  }),
  /** G and D as TensorFlow.js LayersModels. */
  z.object({
    format: z.literal("layers"),
    weights: weightChoiceSchema.default("average"),
    ...oneRun,
    step: step.default("last"),
  }),
  /** A PyTorch program with its weights and its latent vectors. */
  z.object({
    format: z.literal("pytorch"),
    weights: weightChoiceSchema.default("average"),
    ...oneRun,
    step: step.default("last"),
  }),
  /** The run's folder, checkpoints and all. */
  z.object({ format: z.literal("bundle"), ...oneRun }),
]);

/** Of many runs at once, where one export is of one run. */
const mostExports = 200;

export const exportRequestSchema = z.discriminatedUnion("format", [
  ...oneExportSchema.options,
  /** Several exports as one: a folder with each below its own name. */
  z.object({
    format: z.literal("many"),
    requests: z.array(oneExportSchema).min(1).max(mostExports),
  }),
]);

/** A request whose defaults are filled in. */
export type ExportRequest = z.output<typeof exportRequestSchema>;
/** A request as it is asked: what has a default may be left out. */
export type ExportAsk = z.input<typeof exportRequestSchema>;
export type ExportFormat = ExportRequest["format"];
export type RequestFor<F extends ExportFormat> = Extract<
  ExportRequest,
  { format: F }
>;

/** What a format gives: one file with this ending, or a folder. */
export type ExportShape = { kind: "file"; ending: string } | { kind: "folder" };

/** What a request of a format can be told: the keys of its schema. */
export function exportFields(format: ExportFormat): Record<string, z.ZodType> {
  const schema = exportRequestSchema.options.find(
    ({ shape }) => shape.format.value === format,
  );
  return { ...schema?.shape };
}

/** The runs a request is about. */
export function runsOf(request: ExportRequest): string[] {
  if (request.format === "many")
    return [...new Set(request.requests.flatMap(runsOf))];
  return "run" in request ? [request.run] : request.runs;
}

/** What an export will be, told before it is made. */
export interface ExportPlan {
  shape: ExportShape;
  /** A file name that is safe on every system, with its ending. */
  name: string;
  /** Pictures it will hold; 0 for data. */
  images: number;
  /** Pixels of each picture, where there is one. */
  size: { width: number; height: number } | null;
  /** Whether `fileUrls.exportPreview` shows it. */
  preview: boolean;
  /** Where steps asked for are not saved and others stand in, and what is left out: one sentence each. */
  remarks: string[];
}

export type ExportOutcome =
  | { state: "saved"; path: string; bytes: number; remarks: string[] }
  /** In browser mode: fetch it once from here. */
  | {
      state: "download";
      url: string;
      name: string;
      bytes: number;
      remarks: string[];
    }
  | { state: "cancelled" };

export const exportCalls = {
  plan: call<ExportPlan>()(z.object({ request: exportRequestSchema })),
  /**
   * Makes it. Progress comes as `task-progress` under `id`, which the asker chooses. Electron asks where to save;
   * browser mode answers with an address. Rejects with one sentence where it cannot be made.
   */
  start: call<ExportOutcome>()(
    z.object({
      id: z.string().min(1).max(100),
      request: exportRequestSchema,
    }),
  ),
  cancel: call<null>()(z.object({ id: z.string() })),
  /** Shows a finished export in the system's file manager; does nothing in browser mode. */
  reveal: call<null>()(z.object({ id: z.string() })),
};
