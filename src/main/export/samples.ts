/**
 * Any number of new samples of a generator, each from a latent vector that its seed and its number say. They are made a
 * batch at a time while the file is written, so that ten thousand take no more memory than a hundred.
 */
import sharp from "sharp";
import { createEngine } from "../engine";
import type { TrainingSession } from "../engine/engine";
import { nearestStep } from "../../shared/curves/timeline";
import type { RequestFor } from "../../shared/contract/exports";
import { volume } from "../../shared/layers";
import { seededLatent } from "../../shared/seeded-latents";
import { weightsOf } from "../../shared/settings/improvements";
import { classCount, classesOf, oneHot } from "../../shared/settings/labels";
import type { TrainingSettings } from "../../shared/settings/settings";
import { toBytes } from "../runs/recording/grid";
import { zipEntries } from "./archive";
import type { ExportEntry, ExportJob, ExportRun } from "./job";
import { ExportError, once, readRun } from "./job";
import { littleEndian, npyHeader } from "./npy-file";

type Request = RequestFor<"samples">;

/**
 * As many are made at once, and always so many: where batch normalisation uses the batch's own statistics, a sample
 * depends on its neighbours, and must be the same however many are asked for.
 */
const batch = 100;

interface Source {
  settings: TrainingSettings;
  step: number;
  /** Values of one latent vector. */
  latent: number;
  session: TrainingSession;
}

/** A folder of pictures, or one ZIP of them, or one NPZ; each with the latent vectors, the seed and the step. */
export async function* sampleFiles(
  request: Request,
  job: ExportJob,
): AsyncGenerator<ExportEntry> {
  const source = await openSource(request, job);
  try {
    const files =
      request.as === "npz"
        ? arrays(source, request, job)
        : pictures(source, request, job);
    if (request.as === "folder") yield* files;
    else yield { name: `export.${request.as}`, body: zipEntries(files) };
  } finally {
    await source.session.dispose();
  }
}

/** The checkpoint that the samples come from. Throws an ExportError where there is none. */
export function checkpointFor(
  { record, checkpoints }: ExportRun,
  at: Request["at"],
): number {
  if (!record.settings)
    throw new ExportError(
      `The run ${record.name} was imported and has no networks to draw with.`,
    );
  const step =
    at === "last" ? checkpoints.at(-1) : nearestStep(checkpoints, at);
  if (step === undefined || step === null)
    throw new ExportError(
      `The run ${record.name} has no checkpoint yet; save one, or let it finish.`,
    );
  return step;
}

async function openSource(request: Request, job: ExportJob): Promise<Source> {
  const run = await readRun(job.source, request.run);
  const step = checkpointFor(run, request.at);
  const { settings } = run.record;
  if (!settings) throw new ExportError("The run has no networks.");
  const { state } = await job.source.readCheckpoint(request.run, step);
  // The processor, which leaves the GPU to the run that trains; threads that spin would take its time.
  const engine = await createEngine("onnx");
  const options = { ...settings.engine, spinning: false };
  const session = await engine.createSession(settings, state, options);
  return { settings, step, latent: volume(settings.generator.input), session };
}

async function* pictures(
  source: Source,
  request: Request,
  job: ExportJob,
): AsyncGenerator<ExportEntry> {
  const { channels, size } = source.settings.data;
  const digits = Math.max(6, String(request.count - 1).length);
  let index = 0;
  for await (const images of batches(source, request, job))
    for (const image of images) {
      const raw = { width: size, height: size, channels };
      const picture = sharp(image, { raw });
      if (channels === 1) picture.toColourspace("b-w");
      const name = `samples/${String(index++).padStart(digits, "0")}.png`;
      yield { name, body: once(await picture.png().toBuffer()) };
    }
  yield latents(source, request);
  yield { name: "samples.json", body: once(facts(source, request)) };
}

/** `numpy.load` gives `images` (N, H, W, C), `latents` (N, size), `seed` and `step`. */
async function* arrays(
  source: Source,
  request: Request,
  job: ExportJob,
): AsyncGenerator<ExportEntry> {
  yield await Promise.resolve({
    name: "images.npy",
    body: imageArray(source, request, job),
  });
  yield latents(source, request);
  if (classCount(source.settings) !== null)
    yield { name: "labels.npy", body: once(labelArray(source, request)) };
  yield { name: "seed.npy", body: once(wholeNumber(request.seed)) };
  yield { name: "step.npy", body: once(wholeNumber(source.step)) };
}

async function* imageArray(
  source: Source,
  request: Request,
  job: ExportJob,
): AsyncGenerator<Uint8Array> {
  const { channels, size } = source.settings.data;
  yield npyHeader("|u1", [request.count, size, size, channels]);
  for await (const images of batches(source, request, job))
    for (const image of images) yield image;
}

function latents({ latent }: Source, { count, seed }: Request): ExportEntry {
  const rows = async function* () {
    yield await Promise.resolve(npyHeader("<f4", [count, latent]));
    for (let index = 0; index < count; index++)
      yield littleEndian(seededLatent(seed, index, latent));
  };
  return { name: "latents.npy", body: rows() };
}

/** Interleaved bytes of each image, a batch at a time. */
async function* batches(
  { latent, session, settings }: Source,
  { count, seed, weights }: Request,
  job: ExportJob,
): AsyncGenerator<Uint8Array[]> {
  const { data, sampling } = settings;
  for (let first = 0; first < count; first += batch) {
    job.signal.throwIfAborted();
    const values = new Float32Array(batch * latent);
    for (let row = 0; row < batch; row++)
      values.set(seededLatent(seed, first + row, latent), row * latent);
    const labels = Array.from({ length: batch }, (_, row) =>
      classAt(settings, first + row),
    );
    const pixels = await session.generate(values, batch, sampling.mode, {
      weights,
      labels: oneHot(labels, classCount(settings)),
    });
    const shown = Math.min(batch, count - first);
    const each = data.channels * data.size * data.size;
    yield Array.from({ length: shown }, (_, row) =>
      toBytes(pixels.subarray(row * each, (row + 1) * each), data),
    );
    job.advance(shown);
  }
}

/** Of a conditional GAN: one class after the other; 0 of any other. */
function classAt(settings: TrainingSettings, index: number): number {
  const classes = classesOf(settings);
  return classes[index % Math.max(1, classes.length)] ?? 0;
}

/** What one needs to draw them again. */
function facts({ settings, step, latent }: Source, request: Request): string {
  const { count, run, seed } = request;
  const { mode } = settings.sampling;
  const { channels, range, size } = settings.data;
  const document = {
    run,
    step,
    seed,
    count,
    latents: { file: "latents.npy", size: latent },
    images: { size, channels, range },
    made: {
      mode,
      batch,
      weights: weightsOf(settings.improvements, request.weights),
    },
    ...(classCount(settings) !== null && {
      classes: { inTurn: classesOf(settings) },
    }),
    preset: settings.preset,
  };
  return JSON.stringify(document, null, 2) + "\n";
}

/** `<i8`, one class a sample. */
function labelArray({ settings }: Source, { count }: Request): Uint8Array {
  const bytes = Buffer.alloc(8 * count);
  for (let index = 0; index < count; index++)
    bytes.writeBigInt64LE(BigInt(classAt(settings, index)), 8 * index);
  return Buffer.concat([npyHeader("<i8", [count]), bytes]);
}

function wholeNumber(value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return Buffer.concat([npyHeader("<i8", []), bytes]);
}
