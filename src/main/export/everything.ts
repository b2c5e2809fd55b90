/** All of a run's pictures and figures with a manifest: what the ZIP holds. */
import { createHash } from "node:crypto";
import type { ExportRequest } from "../../shared/contract/exports";
import { defaultLook } from "../../shared/contract/exports";
import { csvBody, jsonBody } from "./data-files";
import { animationFrames } from "./frames";
import { encodeGif } from "./gif";
import type { ExportEntry, ExportJob } from "./job";
import { LeftOuts, once, readRun } from "./job";
import { gridFiles, tileFiles } from "./pictures";
import { chooseSteps, gridName, readableSteps } from "./saved-grids";

type ZipRequest = Extract<ExportRequest, { format: "zip" }>;

interface ManifestFile {
  name: string;
  bytes: number;
  sha256: string;
}

/** `manifest.json` comes last, because it has the size and the hash of every file before it. */
export async function* everything(
  request: ZipRequest,
  job: ExportJob,
): AsyncGenerator<ExportEntry> {
  const files: ManifestFile[] = [];
  const skipped = new LeftOuts();
  const watched: ExportJob = {
    ...job,
    leaveOut(file) {
      skipped.add(file);
      job.leaveOut(file);
    },
  };
  for await (const entry of contents(request, watched)) {
    const file = { name: entry.name, bytes: 0, sha256: "" };
    files.push(file);
    yield { name: entry.name, body: measured(entry.body, file) };
  }
  const { record, samples } = await readRun(job.source, request.run);
  const manifest = {
    format: "gan-workbench-export",
    version: 1,
    run: record.id,
    name: record.name,
    steps: samples.filter(
      (step) => !skipped.files.some(({ name }) => name === gridName(step)),
    ),
    skipped: skipped.files.map(({ name, reason }) => ({ name, reason })),
    look: request.look,
    files,
  };
  yield {
    name: "manifest.json",
    body: once(JSON.stringify(manifest, null, 2)),
  };
}

async function* contents(
  request: ZipRequest,
  job: ExportJob,
): AsyncGenerator<ExportEntry> {
  const run = await readRun(job.source, request.run);
  const steps = await readableSteps(job, run, chooseSteps(run, "all"));
  yield* inFolder("grids", gridFiles(job, run, steps, request.look));
  yield* inFolder(
    "tiles",
    tileFiles(job, run, steps, {
      ...defaultLook,
      tiles: request.look.tiles,
      scale: request.look.scale,
      resample: request.look.resample,
    }),
  );
  const animation = {
    format: "gif",
    run: request.run,
    look: request.look,
    framesPerSecond: 8,
    holdLast: 2,
    stamp: true,
    frames: null,
  } as const;
  yield {
    name: "evolution.gif",
    body: encodeGif(animationFrames(animation, job)),
  };
  yield { name: "metrics.csv", body: await csvBody([request.run], job) };
  yield { name: "run.json", body: await jsonBody([request.run], job) };
}

async function* inFolder(
  folder: string,
  entries: AsyncIterable<ExportEntry>,
): AsyncGenerator<ExportEntry> {
  for await (const { name, body } of entries)
    yield { name: `${folder}/${name}`, body };
}

/** Passes the bytes on and notes what they came to. */
async function* measured(
  body: AsyncIterable<Uint8Array>,
  file: ManifestFile,
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const part of body) {
    hash.update(part);
    file.bytes += part.length;
    yield part;
  }
  file.sha256 = hash.digest("hex");
}
