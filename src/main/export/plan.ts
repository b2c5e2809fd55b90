/** What an export will be, before it is made: its name, its size, how much work it is, and what stands in for what. */
import type { ExportPlan, ExportRequest } from "../../shared/contract/exports";
import { safeName } from "../../shared/safe-name";
import { exportFormats, runsOf, shapeOf } from "../../shared/contract/exports";
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
import { chooseSteps, fromFirst, stepsFor } from "./saved-grids";
import { gridPicture } from "./picture-grid";
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
  const job: ExportJob = { ...asked, leaveOut: (file) => left.add(file) };
  const runs = await Promise.all(
    runsOf(request).map((id) => readRun(job.source, id)),
  );
  const shape = shapeOf(request);
  const base =
    safeName(runs[0].record.name) +
    (runs.length > 1 ? `-and-${runs.length - 1}-more` : "");
  const ending = shape.kind === "file" ? `.${shape.ending}` : "";
  const pictures = await picturesOf(request, runs, job);
  return {
    shape,
    name: `${base}-${suffixOf(request, runs[0])}${ending}`,
    images: pictures?.images ?? 0,
    size: pictures?.size ?? null,
    preview: previewRequest(request) !== null,
    remarks: [...remarksOf(request, runs[0]), ...left.sentences],
    work: workOf(request, runs, pictures?.images ?? 0),
  };
}

/** A preview must not take long. */
const previewFrames = 40;

/** What shows the export small and fast; null where there is nothing to see. */
export function previewRequest(request: ExportRequest): ExportRequest | null {
  switch (request.format) {
    case "png":
      return {
        ...request,
        step: request.step === "all" ? "last" : request.step,
      };
    case "tiles":
    case "zip":
      return {
        format: "png",
        run: request.run,
        step: "last",
        look: request.look,
      };
    case "gif":
    case "webp":
      return {
        ...request,
        frames: Math.min(request.frames ?? previewFrames, previewFrames),
      };
    case "sheet":
    case "comparison":
    case "svg":
    case "chart":
      return request;
    case "html":
    case "csv":
    case "json":
    case "tensorboard":
    case "safetensors":
    case "onnx":
    case "layers":
    case "pytorch":
    case "bundle":
      return null;
  }
}

interface Pictures {
  images: number;
  size: { width: number; height: number } | null;
}

async function picturesOf(
  request: ExportRequest,
  runs: readonly ExportRun[],
  job: ExportJob,
): Promise<Pictures | null> {
  const [run] = runs;
  const plain: ExportJob = { ...job, advance: () => undefined };
  switch (request.format) {
    case "png": {
      const steps = await stepsFor(request.step, plain, run);
      const { size } = await fromFirst(plain, run, steps, (step) =>
        gridPicture(plain, run, step, request.look),
      );
      return { images: steps.length, size };
    }
    case "gif":
    case "webp": {
      const steps = await animationSteps(plain, run, request.frames);
      const { size } = await fromFirst(plain, run, steps, (step) =>
        gridPicture(plain, run, step, request.look),
      );
      return { images: steps.length, size };
    }
    case "tiles": {
      const steps = await stepsFor(request.step, plain, run);
      const [tiles, count] = await tilesOf(plain, run, request.look.tiles);
      const side = tiles.width * request.look.scale;
      const size = { width: side, height: tiles.height * request.look.scale };
      return { images: steps.length * count, size };
    }
    case "zip": {
      const [, count] = await tilesOf(plain, run, request.look.tiles);
      return { images: run.samples.length * (count + 2), size: null };
    }
    case "sheet": {
      const { size } = await contactSheet(request, plain);
      const steps = spreadEvenly(run.samples, request.rows);
      return { images: steps.length, size };
    }
    case "comparison": {
      const { size } = await comparisonSheet(request, plain);
      const readable = await comparedRuns(request, plain);
      const moments = momentsOf(readable, request.rows);
      return { images: moments.length * runs.length, size };
    }
    case "svg":
    case "chart":
      return {
        images: 1,
        size: { width: request.width, height: request.height },
      };
    default:
      return null;
  }
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

function workOf(
  request: ExportRequest,
  runs: readonly ExportRun[],
  images: number,
): number {
  switch (request.format) {
    case "zip":
      return images + 2;
    case "onnx":
    case "layers":
      return 2;
    case "html":
      return runs.length;
    case "csv":
    case "json":
    case "tensorboard":
    case "safetensors":
    case "pytorch":
      return 1;
    case "bundle":
      return runs[0].samples.length + runs[0].checkpoints.length + 2;
    default:
      return images;
  }
}

function suffixOf(request: ExportRequest, run: ExportRun): string {
  if (request.format !== "png") return exportFormats[request.format].suffix;
  return request.step === "all"
    ? "grids"
    : `grid-${stepName(chooseSteps(run, request.step)[0])}`;
}

function remarksOf(request: ExportRequest, run: ExportRun): string[] {
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

function stepRemarks(request: ExportRequest, run: ExportRun): string[] {
  if (!("step" in request) || typeof request.step !== "number") return [];
  const isPicture = request.format === "png" || request.format === "tiles";
  const saved = isPicture ? run.samples : run.checkpoints;
  const nearest = nearestStep(saved, request.step);
  if (nearest === null || nearest === request.step) return [];
  return [
    `Step ${request.step} was not saved as a ${isPicture ? "grid" : "checkpoint"}; the nearest, step ${nearest}, stands in.`,
  ];
}
