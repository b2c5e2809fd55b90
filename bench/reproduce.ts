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
import { z } from "zod";
import { findPlaces } from "../src/main/host/places";
import { encodePng, makeGrid } from "../src/main/runs/grid";
import type { TrainerEvent } from "../src/main/trainer/messages";
import { createTrainer } from "../src/main/trainer/spawn";
import { jaketaeMlp } from "../src/shared/presets/jaketae-mlp";
import type { TrainingSettings } from "../src/shared/settings";
import { stepMetrics } from "../src/shared/step";
import type { MetricBlock, StepMetric } from "../src/shared/step";
import { findPython, pythonEnvironment } from "../test/python";
import { figureNames, printedFigures } from "./jaketae-figures";

const epochs = 20;
const stepsPerEpoch = 937;
/** The steps of an epoch at which the tutorial prints. */
const printed = [400, 800];
const gridEpochs = 4;
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
    spinning: { type: "boolean", default: true },
  },
  allowNegative: true,
});
if (positionals.join() !== "jaketae") {
  console.error(
    "The figures of one tutorial are kept: npm run reproduce -- jaketae",
  );
  process.exit(2);
}

interface Line {
  epoch: number;
  step: number;
  figures: number[];
  inBand: boolean[];
}

const source = options.data ? resolve(options.data) : await findDigits();
const settings = reproduction(source);
const lines: Line[] = [];
let title = "";
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
  `${allIn(lines)} are in the tutorial's bands in all four figures (${seconds.toFixed(0)} s).`,
);
const control = options.control ? await trainControl() : [];
if (options.write)
  await writeFile(join(docs, "reproduction.md"), report(), "utf8");

async function take(event: TrainerEvent): Promise<void> {
  switch (event.type) {
    case "engine":
      device = `${event.id} (${event.version}), ${event.device}`;
      break;
    case "started":
      title = `${event.data.title}, ${event.data.count} images`;
      console.log(title);
      break;
    case "metrics":
      for (const line of linesOf(event.block)) {
        lines.push(line);
        console.log(print(line));
      }
      break;
    case "samples": {
      if (!options.write) break;
      const grid = makeGrid(event, settings.sampling.grid, "symmetric");
      await mkdir(join(docs, "reproduction"), { recursive: true });
      await writeFile(join(docs, picture(event.step)), await encodePng(grid));
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
    return { epoch, step, figures, inBand: inBands(figures) };
  });
}

function* linesOf({ firstStep, rows, columns: all }: MetricBlock) {
  for (let row = 0; row < rows; row++) {
    const before = firstStep + row - 1;
    const step = (before % stepsPerEpoch) + 1;
    const epoch = Math.floor(before / stepsPerEpoch) + 1;
    if (!printed.includes(step)) continue;
    const figures = columns.map(
      (metric) => all[stepMetrics.indexOf(metric)][row],
    );
    yield { epoch, step, figures, inBand: inBands(figures) };
  }
}

function inBands(figures: readonly number[]): boolean[] {
  return figures.map((value, index) => {
    const [low, high] = band(index);
    return value >= low && value <= high;
  });
}

function print({ epoch, step, figures, inBand }: Line): string {
  const [dLoss, gLoss, real, fake] = figures;
  const outside = figureNames.filter((_, index) => !inBand[index]);
  return `Epoch [${epoch}/${epochs}], Step [${step}/${stepsPerEpoch}], d_loss: ${dLoss.toFixed(4)}, g_loss: ${gLoss.toFixed(4)}, D(x): ${real.toFixed(2)}, D(G(z)): ${fake.toFixed(2)}   ${outside.length === 0 ? "in band" : `outside: ${outside.join(", ")}`}`;
}

/** The smallest and the largest figure that the tutorial printed. */
function band(index: number): [number, number] {
  const all = printedFigures.map((figures) => figures[index]);
  return [Math.min(...all), Math.max(...all)];
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

/** The 60,000 training digits where they have been downloaded, else a folder beside the project. */
async function findDigits(): Promise<string> {
  const beside = resolve(import.meta.dirname, "../../shared/data/mnist");
  const names = await readdir(beside).catch(() => []);
  const hasDigits = names.some((name) => name.includes("-images-idx3-ubyte"));
  const hasAll = names.some((name) => name.startsWith("train-images"));
  return hasDigits && !hasAll ? beside : hasAll ? beside : "mnist";
}

function picture(step: number): string {
  return `reproduction/step-${String(step).padStart(6, "0")}.png`;
}

function report(): string {
  const rows = figureNames.map((name, index) => {
    const [low, high] = band(index);
    return `| ${name} | ${low} to ${high} | ${median(printedFigures, index)} | ${summary(lines, index)} | ${summary(control, index)} |`;
  });
  const grids = Array.from(
    { length: epochs / gridEpochs },
    (_, index) => (index + 1) * gridEpochs,
  ).map(
    (epoch) =>
      `| ${epoch} | ![Epoch ${epoch}](${picture(epoch * stepsPerEpoch)}) |`,
  );
  return `# The tutorial's figures, reproduced

\`npm run reproduce -- jaketae --write --control\` wrote this page. It trains \`jaketae-mlp\` for the tutorial's
${epochs} x ${stepsPerEpoch} steps and prints its 40 lines. A figure is in the band where it lies between the smallest and the
largest that the tutorial printed. The control is \`bench/jaketae.py\`: the same networks, images, seed and number of
steps in PyTorch itself.

- Data: ${title}
- Engine: ${device}; seed ${settings.seed}; ${seconds.toFixed(0)} s
- In the band in all four figures: ${allIn(lines)} here, ${allIn(control)} of the control.

| figure | the tutorial's band | its median | here: median, lines in the band | PyTorch: median, lines in the band |
| --- | --- | --- | --- | --- |
${rows.join("\n")}

Where the table's data are the 10,000 test digits, each image is seen six times as often as the tutorial's 60,000, and D
learns them by heart: the control in PyTorch leaves the band in the same way. The first lines do not depend on the data: at
epoch 1, step 400 a discriminator of fresh weights is far ahead of its generator, here and in PyTorch, while the tutorial's
first line (0.9407) is one of networks that had been trained before, as happens when a notebook's cell is run again.

\`\`\`
${lines.map(print).join("\n")}
\`\`\`

The control's lines:

\`\`\`
${control.map(print).join("\n")}
\`\`\`

The grid of the noise bank, every fourth epoch as in the tutorial:

| epoch | samples |
| --- | --- |
${grids.join("\n")}
`;
}

function allIn(of: readonly Line[]): string {
  const inside = of.filter(({ inBand }) => inBand.every(Boolean)).length;
  return `${inside} of ${of.length} lines`;
}

function summary(of: readonly Line[], index: number): string {
  if (of.length === 0) return "-";
  const figures = of.map((line) => line.figures);
  const share = of.filter(({ inBand }) => inBand[index]).length;
  return `${median(figures, index)}, ${share} of ${of.length}`;
}

function median(rows: readonly (readonly number[])[], index: number): string {
  const sorted = rows.map((row) => row[index]).sort((x, y) => x - y);
  return sorted[Math.floor(sorted.length / 2)].toFixed(2);
}
