/**
 * `npm run reproduce -- PRESET [--minutes N] [--steps N] [--seeds N] [--data PATH] [--state FOLDER]`: trains a preset for as
 * many steps as its tutorial did, or N, here and in PyTorch on the same images, several seeds each, and writes what came
 * out to `docs/reproduction`. The run that is furthest behind is always the next, so that all come equally far; the next
 * call goes on where they stopped. What the docs have of a run that is not in the state folder counts while it is long
 * enough; else that run starts again. `npm run reproduce -- page` only writes the page again.
 */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadImages } from "../src/main/data/load";
import type { LoadedImages } from "../src/main/data/image-set";
import { findPlaces } from "../src/main/host/places";
import { findPreset, tutorials } from "../src/shared/settings/presets";
import type { Preset, TrainingSettings } from "../src/shared/settings/settings";
import { untilStep } from "../src/shared/settings/length";
import { TutorialLines } from "./reproduction/lines";
import { OurSide } from "./reproduction/our-side";
import { writePage } from "./reproduction/page";
import { docs, readResult, runOf, writeResult } from "./reproduction/result";
import type { ReproducedRun, Reproduction } from "./reproduction/result";
import { trainTorch } from "./reproduction/torch-side";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: "string" },
    minutes: { type: "string", default: "Infinity" },
    seeds: { type: "string" },
    steps: { type: "string", default: "Infinity" },
    state: { type: "string", default: "reproduction.local" },
  },
});

const [asked] = positionals;
const preset = findPreset(asked);
if (preset && tutorials.includes(preset)) await reproduce(preset);
else if (asked !== "page") {
  const ids = tutorials.map(({ id }) => id).join(", ");
  console.error(`Which preset? npm run reproduce -- PRESET, one of ${ids}.`);
  process.exit(2);
}
await writePage();

async function reproduce(preset: Preset): Promise<void> {
  const minutes = Number(options.minutes);
  const end = Date.now() + minutes * 60_000;
  const tutorial = new TutorialLines(preset);
  const steps = Math.min(tutorial.totalSteps, Number(options.steps));
  const settings = await settingsOf(preset, steps);
  const state = resolve(options.state);
  await mkdir(state, { recursive: true });
  const data = await loadImages(settings.data, {
    seed: 0,
    dataFolder: findPlaces().data,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  const images = join(state, `${preset.id}.images`);
  await writeFile(images, data.pixels);
  const result = await resultFor(preset, data);
  const ours = await OurSide.open(state);
  const printed = tutorial.steps.filter((step) => step <= steps);
  const seeds = seedsOf(preset);
  const waiting: {
    run: ReproducedRun;
    train: (run: ReproducedRun, seconds: number) => Promise<unknown>;
  }[] = seeds.flatMap((seed) => {
    const here = runOf(result, "here", seed);
    const there = runOf(result, "PyTorch", seed);
    return [
      {
        run: here,
        train: async (run, seconds) => {
          const { environment } = await ours.train(
            { ...settings, seed },
            seconds,
            printed,
            run,
          );
          if (environment)
            result.engine = `${environment.engine} ${environment.engineVersion}, ${environment.device}`;
        },
      },
      {
        run: there,
        train: (run, seconds) =>
          trainTorch(
            {
              settings,
              seed,
              steps,
              printed,
              images,
              seconds,
              state: join(state, `${preset.id}-${seed}.pt`),
            },
            run,
          ),
      },
    ];
  });
  try {
    // Twice each, so that the slower side gets more of the time; a start takes seconds.
    const slice = Math.max(60, (minutes * 30) / waiting.length);
    for (;;) {
      const [next] = waiting
        .filter(({ run }) => run.step < steps)
        .sort((a, b) => a.run.step - b.run.step);
      const left = (end - Date.now()) / 1000;
      if (!next || left <= 0) break;
      const { run, train } = next;
      const now = structuredClone(run);
      await train(now, Math.min(slice, left));
      // One that began again may not have come as far as what is kept of it.
      if (now.step >= run.step) Object.assign(run, now);
      await writeResult(preset.id, result);
      console.log(`${now.by}, seed ${now.seed}: ${now.step} of ${steps} steps`);
    }
    await ours.drawSamples(
      preset.id,
      0,
      join(docs, "reproduction", `${preset.id}.png`),
    );
  } finally {
    await ours.close();
  }
}

/** The preset for so many steps, on all of the images at hand. */
async function settingsOf(
  preset: Preset,
  steps: number,
): Promise<TrainingSettings> {
  const { settings } = preset;
  const source = options.data
    ? resolve(options.data)
    : await findImages(settings.data.source);
  return untilStep(
    { ...settings, data: { ...settings.data, source, heldOut: 0 } },
    steps,
  );
}

async function resultFor(
  preset: Preset,
  { identity }: LoadedImages,
): Promise<Reproduction> {
  const { title, count, hash } = identity;
  const data = { title, images: count, hash };
  const known = await readResult(preset.id);
  return known?.data.hash === hash ? known : { data, engine: "", runs: [] };
}

/** A spread needs several; convolutions take their time. */
function seedsOf({ settings }: Preset): number[] {
  const convolves = settings.discriminator.layers.some(
    ({ type }) => type === "conv",
  );
  const count = Number(options.seeds ?? (convolves ? 2 : 5));
  return Array.from({ length: count }, (_, seed) => seed);
}

/** The largest of the sets in the folder beside the project where there are any, else those that have been downloaded. */
async function findImages(source: string): Promise<string> {
  for (const name of [`${source}-train`, source]) {
    const beside = resolve(import.meta.dirname, "../../shared/data", name);
    const names = await readdir(beside).catch(() => []);
    if (names.some((file) => file.includes("-images-idx3-ubyte")))
      return beside;
  }
  return source;
}
