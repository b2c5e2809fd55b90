/** What is known of each format of an export; what it can be told is its request, in `exports.ts`. */
import type { ExportFormat, ExportRequest, ExportShape } from "./exports";

/** Where the export dialog lists a format. */
export const exportGroups = [
  "Pictures",
  "Report and charts",
  "Metrics",
  "Networks",
  "The run itself",
] as const;

interface ExportKind {
  title: string;
  /** One sentence; the window, the command line's help and the guide show the same. */
  summary: string;
  /** Null for a folder. */
  ending: string | null;
  group: (typeof exportGroups)[number];
  /** What the proposed name of the file ends in. */
  suffix: string;
}

/** Every format once. */
export const exportFormats: Record<ExportFormat, ExportKind> = {
  png: {
    title: "Sample grid (PNG)",
    summary: "One picture of all samples at a step.",
    ending: "png",
    group: "Pictures",
    suffix: "grid",
  },
  tiles: {
    title: "Single tiles (PNG)",
    summary: "Every sample as a picture of its own.",
    ending: null,
    group: "Pictures",
    suffix: "tiles",
  },
  samples: {
    title: "New samples (PNG, ZIP, NPZ)",
    summary:
      "As many new samples of the generator as you like, with seed and latent vectors.",
    ending: null,
    group: "Pictures",
    suffix: "samples",
  },
  gif: {
    title: "Evolution (GIF)",
    summary: "The samples over training as an animation that plays anywhere.",
    ending: "gif",
    group: "Pictures",
    suffix: "evolution",
  },
  webp: {
    title: "Evolution (WebP)",
    summary: "The same animation, smaller and in full colour.",
    ending: "webp",
    group: "Pictures",
    suffix: "evolution",
  },
  sheet: {
    title: "Contact sheet (PNG)",
    summary: "One row of samples for each of several steps.",
    ending: "png",
    group: "Pictures",
    suffix: "contact-sheet",
  },
  comparison: {
    title: "Comparison sheet (PNG)",
    summary: "Several runs across, several steps down.",
    ending: "png",
    group: "Pictures",
    suffix: "comparison",
  },
  matrix: {
    title: "Picture matrix (PNG)",
    summary: "Two settings that vary as axes, a picture in each cell.",
    ending: "png",
    group: "Pictures",
    suffix: "matrix",
  },
  "matrix-gif": {
    title: "Picture matrix (GIF)",
    summary: "The same matrix over training.",
    ending: "gif",
    group: "Pictures",
    suffix: "matrix",
  },
  zip: {
    title: "Everything (ZIP)",
    summary: "Grids, tiles, animation, metrics and a manifest in one file.",
    ending: "zip",
    group: "Pictures",
    suffix: "everything",
  },
  html: {
    title: "Report (HTML)",
    summary:
      "One file that works offline: settings, curves, gallery with a slider, raw data.",
    ending: "html",
    group: "Report and charts",
    suffix: "report",
  },
  csv: {
    title: "Metrics (CSV)",
    summary: "One row per step, for a spreadsheet.",
    ending: "csv",
    group: "Metrics",
    suffix: "metrics",
  },
  json: {
    title: "Metrics and settings (JSON)",
    summary: "The whole record of a run with every metric.",
    ending: "json",
    group: "Metrics",
    suffix: "metrics",
  },
  tensorboard: {
    title: "Metrics and grids (TensorBoard)",
    summary:
      "Losses as D_Loss and G_Loss from step 0, and the grids as images, for tensorboard --logdir.",
    ending: null,
    group: "Metrics",
    suffix: "tensorboard",
  },
  svg: {
    title: "Chart (SVG)",
    summary: "The curves as a drawing for a paper or a slide.",
    ending: "svg",
    group: "Report and charts",
    suffix: "curves",
  },
  chart: {
    title: "Chart (PNG)",
    summary: "The curves as a picture.",
    ending: "png",
    group: "Report and charts",
    suffix: "curves",
  },
  safetensors: {
    title: "Weights (safetensors)",
    summary: "Both networks with PyTorch's names and layout.",
    ending: "safetensors",
    group: "Networks",
    suffix: "weights",
  },
  onnx: {
    title: "Networks (ONNX)",
    summary: "Generator and discriminator as graphs for any ONNX runtime.",
    ending: null,
    group: "Networks",
    suffix: "onnx",
  },
  layers: {
    title: "Networks (TensorFlow.js)",
    summary: "Generator and discriminator for tf.loadLayersModel.",
    ending: null,
    group: "Networks",
    suffix: "tfjs",
  },
  pytorch: {
    title: "PyTorch program",
    summary:
      "A script that rebuilds both networks, loads the weights and draws the grid.",
    ending: null,
    group: "Networks",
    suffix: "pytorch",
  },
  bundle: {
    title: "Run bundle (GANRUN)",
    summary:
      "The whole run in one file; drop it on the window of another machine to look at it and continue training.",
    ending: "ganrun",
    group: "The run itself",
    suffix: "run",
  },
  many: {
    title: "Several runs",
    summary: "The same of each run, one below the other in a folder.",
    ending: null,
    group: "The run itself",
    suffix: "exports",
  },
};

/** What can be asked for by name. */
export const askedFormats = (
  Object.keys(exportFormats) as ExportFormat[]
).filter((format) => format !== "many");

/** Whether a request gives one file or a folder. */
export function shapeOf(request: ExportRequest): ExportShape {
  if (request.format === "png" && request.step === "all")
    return { kind: "folder" };
  if (request.format === "samples" && request.as !== "folder")
    return { kind: "file", ending: request.as };
  const { ending } = exportFormats[request.format];
  return ending === null ? { kind: "folder" } : { kind: "file", ending };
}
