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
  /** How its preview is shown; null where it has none. */
  preview: "picture" | "page" | "text" | null;
}

/** Every format once. */
export const exportFormats: Record<ExportFormat, ExportKind> = {
  png: {
    title: "Sample grid (PNG)",
    summary: "One picture of all samples at a step.",
    ending: "png",
    group: "Pictures",
    suffix: "grid",
    preview: "picture",
  },
  tiles: {
    title: "Single tiles (PNG)",
    summary: "Every sample as a picture of its own.",
    ending: null,
    group: "Pictures",
    suffix: "tiles",
    preview: "picture",
  },
  samples: {
    title: "New samples (PNG, ZIP, NPZ)",
    summary:
      "As many new samples of the generator as you like, with seed and latent vectors.",
    ending: null,
    group: "Pictures",
    suffix: "samples",
    preview: null,
  },
  gif: {
    title: "Evolution (GIF)",
    summary: "The samples over training as an animation that plays anywhere.",
    ending: "gif",
    group: "Pictures",
    suffix: "evolution",
    preview: "picture",
  },
  webp: {
    title: "Evolution (WebP)",
    summary: "The same animation, smaller and in full colour.",
    ending: "webp",
    group: "Pictures",
    suffix: "evolution",
    preview: "picture",
  },
  sheet: {
    title: "Contact sheet (PNG)",
    summary: "One row of samples for each of several steps.",
    ending: "png",
    group: "Pictures",
    suffix: "contact-sheet",
    preview: "picture",
  },
  comparison: {
    title: "Comparison sheet (PNG)",
    summary: "Several runs across, several steps down.",
    ending: "png",
    group: "Pictures",
    suffix: "comparison",
    preview: "picture",
  },
  matrix: {
    title: "Picture matrix (PNG)",
    summary: "Two settings that vary as axes, a picture in each cell.",
    ending: "png",
    group: "Pictures",
    suffix: "matrix",
    preview: "picture",
  },
  "matrix-gif": {
    title: "Picture matrix (GIF)",
    summary: "The same matrix over training.",
    ending: "gif",
    group: "Pictures",
    suffix: "matrix",
    preview: "picture",
  },
  zip: {
    title: "Everything (ZIP)",
    summary: "Grids, tiles, animation, metrics and a manifest in one file.",
    ending: "zip",
    group: "Pictures",
    suffix: "everything",
    preview: "picture",
  },
  html: {
    title: "Report (HTML)",
    summary:
      "One file that works offline: settings, curves, gallery with a slider, raw data.",
    ending: "html",
    group: "Report and charts",
    suffix: "report",
    preview: "page",
  },
  csv: {
    title: "Metrics (CSV)",
    summary: "One row per step, for a spreadsheet.",
    ending: "csv",
    group: "Metrics",
    suffix: "metrics",
    preview: "text",
  },
  json: {
    title: "Metrics and settings (JSON)",
    summary: "The whole record of a run with every metric.",
    ending: "json",
    group: "Metrics",
    suffix: "metrics",
    preview: "text",
  },
  tensorboard: {
    title: "Metrics and grids (TensorBoard)",
    summary:
      "Losses as D_Loss and G_Loss from step 0, and the grids as images, for tensorboard --logdir.",
    ending: null,
    group: "Metrics",
    suffix: "tensorboard",
    preview: null,
  },
  svg: {
    title: "Chart (SVG)",
    summary: "The curves as a drawing for a paper or a slide.",
    ending: "svg",
    group: "Report and charts",
    suffix: "curves",
    preview: "picture",
  },
  chart: {
    title: "Chart (PNG)",
    summary: "The curves as a picture.",
    ending: "png",
    group: "Report and charts",
    suffix: "curves",
    preview: "picture",
  },
  safetensors: {
    title: "Weights (safetensors)",
    summary: "Both networks with PyTorch's names and layout.",
    ending: "safetensors",
    group: "Networks",
    suffix: "weights",
    preview: "text",
  },
  onnx: {
    title: "Networks (ONNX)",
    summary: "Generator and discriminator as graphs for any ONNX runtime.",
    ending: null,
    group: "Networks",
    suffix: "onnx",
    preview: "text",
  },
  layers: {
    title: "Networks (TensorFlow.js)",
    summary: "Generator and discriminator for tf.loadLayersModel.",
    ending: null,
    group: "Networks",
    suffix: "tfjs",
    preview: "text",
  },
  pytorch: {
    title: "PyTorch program",
    summary:
      "A script that rebuilds both networks, loads the weights and draws the grid.",
    ending: null,
    group: "Networks",
    suffix: "pytorch",
    preview: "text",
  },
  bundle: {
    title: "Run bundle (GANRUN)",
    summary:
      "The whole run in one file; drop it on the window of another machine to look at it and continue training.",
    ending: "ganrun",
    group: "The run itself",
    suffix: "run",
    preview: null,
  },
  many: {
    title: "Several runs",
    summary: "The same of each run, one below the other in a folder.",
    ending: null,
    group: "The run itself",
    suffix: "exports",
    preview: "picture",
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
