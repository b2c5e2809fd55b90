/**
 * `npm run reproduce -- jaketae [--data FOLDER] [--seed N] [--write]`: trains the preset for as many steps as its
 * tutorial did and prints the tutorial's 40 lines, each with whether it falls in the tutorial's band: between the
 * smallest and the largest figure that the tutorial printed. `--control` lets PyTorch train on the same images too,
 * `--write` keeps the result and the grids in `docs`.
 */
import { execFile } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import { format } from "prettier";
import { z } from "zod";
import { findPlaces } from "../src/main/host/places";
import { encodePng, makeGrid } from "../src/main/runs/recording/grid";
import type { TrainerEvent } from "../src/main/trainer/messages";
import { createTrainer } from "../src/main/trainer/spawn";
import { jaketaeMlp } from "../src/shared/settings/presets/jaketae-mlp";
import type { TrainingSettings } from "../src/shared/settings/settings";
import { stepMetrics } from "../src/shared/metrics";
import type { StepMetric } from "../src/shared/metrics";
import type { MetricBlock } from "../src/shared/step";
import { findPython, pythonEnvironment } from "../test/python";
import {
  countInside,
  createLine,
  epochs,
  gridEpochs,
  printedSteps,
  printLine,
  stepsPerEpoch,
} from "./jaketae-lines";
import type { Line } from "./jaketae-lines";
import { pictureFile, reproductionPage } from "./reproduction-page";

const columns: StepMetric[] = [
  "loss/discriminator",
  "loss/generator",
  "score/real",
  "score/fake",
];
const docs = resolve(import.meta.dirname, "../docs");

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: "string" },
    seed: { type: "string", default: "0" },
    write: { type: "boolean", default: false },
    control: { type: "boolean", default: false },
    spinning: { type: "boolean", default: false },
  },
  allowNegative: true,
});
if (positionals.join() !== "jaketae") {
  console.error(
    "The figures of one tutorial are kept: npm run reproduce -- jaketae",
  );
  process.exit(2);
}

const source = options.data ? resolve(options.data) : await findDigits();
const settings = reproduction(source);
const lines: Line[] = [];
let title = "";
let images = 0;
let device = "";
const trainer = createTrainer();
const began = performance.now();
for await (const event of trainer.start({
  settings,
  dataFolder: findPlaces().data,
  from: null,
}))
  await take(event);
await trainer.close();
const seconds = (performance.now() - began) / 1000;
console.log(
  `${countInside(lines)} are in the tutorial's bands in all four figures (${seconds.toFixed(0)} s).`,
);
const control = options.control ? await trainControl() : [];
if (options.write) {
  const facts = [
    `Data: ${title}`,
    `Engine: ${device}; seed ${settings.seed}; ${seconds.toFixed(0)} s`,
  ];
  const page = reproductionPage({ facts, images, lines, control });
  const file = join(docs, "reproduction.md");
  await writeFile(
    file,
    await format(page, {
      parser: "markdown",
      proseWrap: "always",
      printWidth: 120,
    }),
  );
}

async function take(event: TrainerEvent): Promise<void> {
  switch (event.type) {
    case "engine":
      device = `${event.id} (${event.version}), ${event.device}`;
      break;
    case "started":
      images = event.data.count;
      title = `${event.data.title}, ${images} images`;
      console.log(title);
      break;
    case "metrics":
      for (const line of linesOf(event.block)) {
        lines.push(line);
        console.log(printLine(line));
      }
      break;
    case "samples": {
      if (!options.write) break;
      const grid = makeGrid(event, settings.sampling.grid, "symmetric");
      await mkdir(join(docs, "reproduction"), { recursive: true });
      await writeFile(
        join(docs, pictureFile(event.step)),
        await encodePng(grid),
      );
      break;
    }
    case "diverged":
      throw new Error(`The run diverged at step ${event.step}: ${event.what}.`);
    default:
  }
}

/** The same in PyTorch, on the same file of images. */
async function trainControl(): Promise<Line[]> {
  const python = findPython(["torch"]);
  if (!python.available) {
    console.log(`No control: ${python.reason}`);
    return [];
  }
  const names = await readdir(source);
  const file = names.find((name) => name.endsWith("-images-idx3-ubyte.gz"));
  if (file === undefined) {
    console.log(`No control: ${source} has no packed IDX file.`);
    return [];
  }
  const script = join(import.meta.dirname, "jaketae.py");
  const { stdout } = await promisify(execFile)(
    python.path,
    [script, join(source, file), options.seed],
    { env: pythonEnvironment() },
  );
  const rows = stdout.trimEnd().split("\n");
  return rows.map((row) => {
    const [epoch, step, ...figures] = z
      .array(z.number())
      .parse(JSON.parse(row));
    return createLine(epoch, step, figures);
  });
}

function* linesOf({ firstStep, rows, columns: all }: MetricBlock) {
  for (let row = 0; row < rows; row++) {
    const before = firstStep + row - 1;
    const step = (before % stepsPerEpoch) + 1;
    const epoch = Math.floor(before / stepsPerEpoch) + 1;
    if (!printedSteps.includes(step)) continue;
    const figures = columns.map(
      (metric) => all[stepMetrics.indexOf(metric)][row],
    );
    yield createLine(epoch, step, figures);
  }
}

/** The preset for the tutorial's number of steps, whatever the number of images. */
function reproduction(from: string): TrainingSettings {
  const { settings: preset } = jaketaeMlp;
  return {
    ...preset,
    data: { ...preset.data, source: from },
    seed: Number(options.seed),
    schedule: {
      ...preset.schedule,
      length: { unit: "steps", count: epochs * stepsPerEpoch },
    },
    sampling: {
      ...preset.sampling,
      cadences: [
        {
          unit: "step",
          every: gridEpochs * stepsPerEpoch,
          within: "run",
          at: "end",
        },
      ],
    },
    engine: { ...preset.engine, spinning: options.spinning },
  };
}

/** The digits in the folder beside the project where there are any, else those that have been downloaded. */
async function findDigits(): Promise<string> {
  const beside = resolve(import.meta.dirname, "../../shared/data/mnist");
  const names = await readdir(beside).catch(() => []);
  const hasDigits = names.some((name) => name.includes("-images-idx3-ubyte"));
  return hasDigits ? beside : "mnist";
}
