/** Every export there is: a request becomes named streams of bytes. `save.ts` puts them on disk. */
import sharp from "sharp";
import { bundleBytes } from "../runs/folder/bundle";
import type {
  ExportFormat,
  ExportRequest,
  RequestFor,
} from "../../shared/contract/exports";
import { runsOf } from "../../shared/contract/exports";
import { exportFormats } from "../../shared/contract/export-formats";
import { comparisonSheet, contactSheet } from "./contact-sheet";
import { curvesChart } from "./curves";
import { csvBody, eventFiles, jsonBody } from "./data-files";
import { everything } from "./everything";
import { animationFrames } from "./frames";
import { encodeGif } from "./gif";
import type { ExportEntry, ExportJob } from "./job";
import { once, readRun } from "./job";
import { matrixFrames, matrixPicture } from "./matrix";
import { lineChart } from "./line-chart";
import {
  layersFiles,
  onnxFiles,
  pytorchFiles,
  weightsBody,
} from "./network-files";
import { gridFiles, pngBody, tileFiles } from "./pictures";
import { sampleFiles } from "./samples";
import { planExport } from "./plan";
import { stepsFor } from "./saved-grids";
import { encodeWebp } from "./webp";
import { zipEntries } from "./archive";

const exporters: {
  [F in ExportFormat]: (
    request: RequestFor<F>,
    job: ExportJob,
  ) => AsyncIterable<ExportEntry>;
} = {
  async *png(request, job) {
    const run = await readRun(job.source, request.run);
    const steps = await stepsFor(request.step, job, run);
    yield* gridFiles(job, run, steps, request.look);
  },
  async *tiles(request, job) {
    const run = await readRun(job.source, request.run);
    const steps = await stepsFor(request.step, job, run);
    yield* tileFiles(job, run, steps, request.look);
  },
  samples: sampleFiles,
  gif: (request, job) =>
    single(request, encodeGif(animationFrames(request, job))),
  webp: (request, job) =>
    single(request, encodeWebp(animationFrames(request, job))),
  async *sheet(request, job) {
    yield* single(request, pngBody(await contactSheet(request, job)));
  },
  async *comparison(request, job) {
    yield* single(request, pngBody(await comparisonSheet(request, job)));
  },
  async *matrix(request, job) {
    yield* single(request, pngBody(await matrixPicture(request, job)));
  },
  "matrix-gif": (request, job) =>
    single(request, encodeGif(matrixFrames(request, job))),
  zip: (request, job) => single(request, zipEntries(everything(request, job))),
  async *html(request, job) {
    // The page is text that only the bundler can join; whoever does not ask for it does without.
    const { reportHtml } = await import("./report/report");
    yield* single(request, once(await reportHtml(request, job)));
  },
  async *csv(request, job) {
    yield* single(request, await csvBody(request.runs, job));
  },
  async *json(request, job) {
    yield* single(request, await jsonBody(request.runs, job));
  },
  tensorboard: (request, job) => eventFiles(request.run, job),
  async *svg(request, job) {
    yield* single(request, once(await chartSvg(request, job)));
  },
  async *chart(request, job) {
    const svg = Buffer.from(await chartSvg(request, job));
    const png = await sharp(svg).png().toBuffer();
    yield* single(request, once(png));
  },
  async *safetensors(request, job) {
    yield* single(request, await weightsBody(request, job));
  },
  onnx: onnxFiles,
  layers: layersFiles,
  pytorch: pytorchFiles,
  async *many({ requests }, job) {
    const names = new Set<string>();
    for (const one of requests) {
      const { name, shape } = await planExport(one, job);
      const own = names.has(name) ? `${runsOf(one)[0]}-${name}` : name;
      names.add(own);
      for await (const entry of exportEntries(one, job))
        yield {
          ...entry,
          name: shape.kind === "file" ? own : `${own}/${entry.name}`,
        };
    }
  },
  async *bundle(request, job) {
    const folder = job.source.folder(request.run);
    yield* single(request, await bundleBytes(folder, () => job.advance()));
  },
};

/**
 * The files of an export, one after another; each must be read before the next is asked for. Fails with an ExportError
 * of one sentence, or with the signal's reason.
 */
export function exportEntries<F extends ExportFormat>(
  request: RequestFor<F>,
  job: ExportJob,
): AsyncIterable<ExportEntry> {
  const format: F = request.format as F;
  return exporters[format](request, job);
}

async function chartSvg(
  request: RequestFor<"svg" | "chart">,
  job: ExportJob,
): Promise<string> {
  const chart = await curvesChart(request, job);
  return lineChart(chart, { ...request, title: chart.title });
}

async function* single(
  request: ExportRequest,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<ExportEntry> {
  const { ending } = exportFormats[request.format];
  yield await Promise.resolve({ name: `export.${ending}`, body });
}
