/** What an export will be, before it is made: its name, its size, how much work it is, and what stands in for what. */
import type {
  ExportFormat,
  ExportPlan,
  ExportRequest,
  RequestFor,
} from "../../shared/contract/exports";
import { safeName } from "../../shared/safe-name";
import { runsOf } from "../../shared/contract/exports";
import { exportFormats, shapeOf } from "../../shared/contract/export-formats";
import { nearestStep, spreadEvenly } from "../../shared/curves/timeline";
import {
  comparedRuns,
  comparisonSheet,
  contactSheet,
  momentsOf,
} from "./contact-sheet";
import { animationSteps } from "./frames";
import type { ExportJob, ExportRun } from "./job";
import { LeftOuts, readRun, stepName } from "./job";
import { matrixExtent } from "./matrix";
import { chooseSteps, fromFirst, stepsFor } from "./saved-grids";
import { gridPicture } from "./picture-grid";
import { checkpointFor } from "./samples";
import { readTiles } from "./tiles";

export interface PlannedExport extends ExportPlan {
  /** How often the job will advance. */
  work: number;
}

/** Rejects as the export itself would where nothing can be made. */
export async function planExport(
  request: ExportRequest,
  asked: ExportJob,
): Promise<PlannedExport> {
  const left = new LeftOuts();
  const job: ExportJob = {
    ...asked,
    advance: () => undefined,
    leaveOut: (file) => left.add(file),
  };
  const runs = await Promise.all(
    runsOf(request).map((id) => readRun(job.source, id)),
  );
  const shape = shapeOf(request);
  const base =
    safeName(runs[0].record.name) +
    (runs.length > 1 ? `-and-${runs.length - 1}-more` : "");
  const ending = shape.kind === "file" ? `.${shape.ending}` : "";
  const plan = planOf(request);
  const { images, size } = await plan.pictures(request, runs, job);
  return {
    shape,
    name: `${base}-${suffixOf(request, runs[0])}${ending}`,
    images,
    size,
    preview: plan.preview(request) !== null,
    remarks: [...remarksOf(request, runs[0]), ...left.sentences],
    work: plan.work(images, runs),
  };
}

/** A preview must not take long. */
const previewFrames = 40;

/** What shows the export small and fast; null where there is nothing to see. */
export function previewRequest(request: ExportRequest): ExportRequest | null {
  return planOf(request).preview(request);
}

interface Pictures {
  images: number;
  size: { width: number; height: number } | null;
}

type Several = readonly ExportRun[];

interface FormatPlan<R extends ExportRequest> {
  preview(request: R): ExportRequest | null;
  /** How many pictures it will hold, and of what size. */
  pictures(
    request: R,
    runs: Several,
    job: ExportJob,
  ): Pictures | Promise<Pictures>;
  /** How often the job will advance. */
  work(images: number, runs: Several): number;
}

const animation: FormatPlan<RequestFor<"gif" | "webp">> = {
  preview: (request) => ({
    ...request,
    frames: Math.min(request.frames ?? previewFrames, previewFrames),
  }),
  pictures: async (request, [run], job) =>
    grids(request, run, job, await animationSteps(job, run, request.frames)),
  work: (images) => images,
};

const chart: FormatPlan<RequestFor<"svg" | "chart">> = {
  preview: (request) => request,
  pictures: ({ width, height }) => ({ images: 1, size: { width, height } }),
  work: () => 1,
};

/** What holds no pictures, and has `work` to do. */
function data(work: (runs: Several) => number): FormatPlan<ExportRequest> {
  return {
    preview: () => null,
    pictures: () => ({ images: 0, size: null }),
    work: (_, runs) => work(runs),
  };
}

/** Such a one that can be read as it is, or told of in words. */
function readable(work: (runs: Several) => number): FormatPlan<ExportRequest> {
  return { ...data(work), preview: (request) => request };
}

const plans: { [F in ExportFormat]: FormatPlan<RequestFor<F>> } = {
  png: {
    preview: (request) => ({
      ...request,
      step: request.step === "all" ? "last" : request.step,
    }),
    pictures: async (request, [run], job) =>
      grids(request, run, job, await stepsFor(request.step, job, run)),
    work: (images) => images,
  },
  tiles: {
    preview: lastGrid,
    async pictures({ step, look }, [run], job) {
      const steps = await stepsFor(step, job, run);
      const [tile, count] = await tilesOf(job, run, look.tiles);
      const size = {
        width: tile.width * look.scale,
        height: tile.height * look.scale,
      };
      return { images: steps.length * count, size };
    },
    work: (images) => images,
  },
  samples: {
    preview: () => null,
    pictures({ at, count }, [run]) {
      checkpointFor(run, at);
      const size = run.record.settings?.data.size ?? 0;
      return { images: count, size: { width: size, height: size } };
    },
    work: (images) => images,
  },
  many: {
    preview: ({ requests: [first] }) => previewRequest(first),
    async pictures({ requests }, _, job) {
      let images = 0;
      for (const one of requests) images += (await planExport(one, job)).images;
      return { images, size: null };
    },
    work: (images, runs) => Math.max(images, runs.length),
  },
  gif: animation,
  webp: animation,
  sheet: {
    preview: (request) => request,
    async pictures(request, [run], job) {
      const { size } = await contactSheet(request, job);
      return { images: spreadEvenly(run.samples, request.rows).length, size };
    },
    work: (images) => images,
  },
  comparison: {
    preview: (request) => request,
    async pictures(request, runs, job) {
      const { size } = await comparisonSheet(request, job);
      const moments = momentsOf(await comparedRuns(request, job), request.rows);
      return { images: moments.length * runs.length, size };
    },
    work: (images) => images,
  },
  matrix: {
    preview: (request) => request,
    pictures: (request, _, job) => matrixExtent(request, job),
    work: (images) => images,
  },
  "matrix-gif": {
    preview: (request) => ({
      ...request,
      frames: Math.min(request.frames ?? previewFrames, previewFrames),
    }),
    pictures: (request, _, job) => matrixExtent(request, job),
    work: (images) => images,
  },
  zip: {
    preview: lastGrid,
    async pictures({ look }, [run], job) {
      const [, count] = await tilesOf(job, run, look.tiles);
      return { images: run.samples.length * (count + 2), size: null };
    },
    work: (images) => images + 2,
  },
  html: readable((runs) => runs.length),
  csv: readable(() => 1),
  json: readable(() => 1),
  tensorboard: data(() => 1),
  svg: chart,
  chart,
  safetensors: readable(() => 1),
  onnx: readable(() => 2),
  layers: readable(() => 2),
  pytorch: readable(() => 1),
  bundle: data(([run]) => run.samples.length + run.checkpoints.length + 2),
};

function planOf<F extends ExportFormat>(
  request: RequestFor<F>,
): FormatPlan<RequestFor<F>> {
  const format: F = request.format as F;
  return plans[format];
}

function lastGrid({ run, look }: RequestFor<"tiles" | "zip">): ExportRequest {
  return { format: "png", run, step: "last", look };
}

async function grids(
  { look }: RequestFor<"png" | "gif" | "webp">,
  run: ExportRun,
  job: ExportJob,
  steps: readonly number[],
): Promise<Pictures> {
  const { size } = await fromFirst(job, run, steps, (step) =>
    gridPicture(job, run, step, look),
  );
  return { images: steps.length, size };
}

/** A tile of the last grid, and how many are chosen. */
async function tilesOf(
  job: ExportJob,
  run: ExportRun,
  chosen: readonly number[] | null,
): Promise<[{ width: number; height: number }, number]> {
  const all = await stepsFor("all", job, run);
  const tiles = await fromFirst(job, run, all.toReversed(), (step) =>
    readTiles(job, run, step),
  );
  const count = chosen
    ? chosen.filter((index) => index < tiles.length).length
    : tiles.length;
  return [tiles[0], count];
}

function suffixOf(request: ExportRequest, run: ExportRun): string {
  if (request.format !== "png") return exportFormats[request.format].suffix;
  return request.step === "all"
    ? "grids"
    : `grid-${stepName(chooseSteps(run, request.step)[0])}`;
}

function remarksOf(request: ExportRequest, run: ExportRun): string[] {
  if (request.format === "many") return [];
  return [...stepRemarks(request, run), ...tileRemarks(request, run)];
}

function tileRemarks(request: ExportRequest, run: ExportRun): string[] {
  const count = run.record.settings?.sampling.count;
  if (!("look" in request) || count === undefined) return [];
  const beyond = request.look.tiles?.filter((index) => index >= count) ?? [];
  if (beyond.length === 0) return [];
  return [
    `The grid has tiles 0 to ${count - 1}; left out: ${beyond.join(", ")}.`,
  ];
}

function stepRemarks(asked: ExportRequest, run: ExportRun): string[] {
  const request =
    asked.format === "samples" ? { ...asked, step: asked.at } : asked;
  if (!("step" in request) || typeof request.step !== "number") return [];
  const isPicture = request.format === "png" || request.format === "tiles";
  const saved = isPicture ? run.samples : run.checkpoints;
  const nearest = nearestStep(saved, request.step);
  if (nearest === null || nearest === request.step) return [];
  return [
    `Step ${request.step} was not saved as a ${isPicture ? "grid" : "checkpoint"}; the nearest, step ${nearest}, is used instead.`,
  ];
}
