/** `docs/reproduction.md`: the tutorial's lines as this machine trained them, beside a control in PyTorch. */
import { jaketaeMlp } from "../src/shared/settings/presets/jaketae-mlp";
import { figureNames, printedFigures } from "./jaketae-figures";
import {
  band,
  countInside,
  epochs,
  gridEpochs,
  printLine,
  stepsPerEpoch,
} from "./jaketae-lines";
import type { Line } from "./jaketae-lines";

export interface Reproduction {
  /** What was trained, on what: a list. */
  facts: string[];
  /** How many images there were. */
  images: number;
  lines: readonly Line[];
  /** Empty where there was none. */
  control: readonly Line[];
}

/** As many as the tutorial trained on. */
const tutorialImages = 60_000;

/** Below `docs`. */
export function pictureFile(step: number): string {
  return `reproduction/step-${String(step).padStart(6, "0")}.png`;
}

export function reproductionPage(result: Reproduction): string {
  const { facts, lines, control } = result;
  return `# A tutorial's training, run again

[${source.title}](${source.url}) by ${source.author} trains a small GAN on MNIST and prints 40 lines of figures. Here the preset
\`jaketae-mlp\` was trained for the same ${epochs} x ${stepsPerEpoch} steps, and its lines stand beside the tutorial's "band": from
the smallest to the largest value that the tutorial printed of a figure.${control.length > 0 ? controlText : ""}

\`npm run reproduce -- jaketae --write --control\` wrote this page.

${facts.map((fact) => `- ${fact}`).join("\n")}
- In the band in all four figures: ${countInside(lines)} here${control.length > 0 ? `, ${countInside(control)} of the control` : ""}.

${table(lines, control)}

${reading(result)}

## Samples

The same ${sampleCount} points of latent space, before training and every ${gridEpochs}th epoch as in the tutorial:

${grids()}

## Every line

${block(lines)}
${control.length > 0 ? `\nThe control's lines:\n\n${block(control)}\n` : ""}`;
}

const { source, settings } = jaketaeMlp;
const sampleCount = settings.sampling.count;
const controlText = ` The control is
\`bench/jaketae.py\`: the same networks, images, seed and number of steps in PyTorch itself, with random numbers of its own.`;

function table(lines: readonly Line[], control: readonly Line[]): string {
  const rows = figureNames.map((name, index) => {
    const [low, high] = band(index);
    return `| ${name} | ${low} to ${high} | ${median(printedFigures, index)} | ${summary(lines, index)} | ${summary(control, index)} |`;
  });
  return `| figure | the tutorial's band | its median | here: median, lines in the band | PyTorch: median, lines in the band |
| --- | --- | --- | --- | --- |
${rows.join("\n")}`;
}

/** What the table means: fewer images than the tutorial's change the figures in any program. */
function reading({ images, control }: Reproduction): string {
  const first = `At the very first line a discriminator with fresh weights is far ahead of its generator, here
${control.length > 0 ? "and in PyTorch" : "too"}, while the tutorial's first line (0.9407) looks like one of networks that had been trained before, as
when a notebook's cell is run again.`;
  if (images >= tutorialImages) return first;
  const times = Math.round(tutorialImages / images);
  const seen = `The tutorial trained on ${tutorialImages.toLocaleString("en")} digits, this run on ${images.toLocaleString("en")}: each is seen ${times} times as often, D can learn them by
heart, and the figures leave the band.`;
  const compare =
    control.length > 0
      ? " PyTorch leaves it in the same way: compare the two medians."
      : "";
  return `${seen}${compare}\n\n${first}`;
}

function grids(): string {
  const shown = Array.from(
    { length: epochs / gridEpochs + 1 },
    (_, index) => index * gridEpochs,
  ).map(
    (epoch) =>
      `| ${epoch} | ![Epoch ${epoch}](${pictureFile(epoch * stepsPerEpoch)}) |`,
  );
  return `| epoch | samples |
| --- | --- |
${shown.join("\n")}`;
}

function block(lines: readonly Line[]): string {
  return `\`\`\`\n${lines.map(printLine).join("\n")}\n\`\`\``;
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
