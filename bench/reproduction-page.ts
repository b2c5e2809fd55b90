/** `docs/reproduction.md`: the tutorial's lines as this machine trained them, beside a control in PyTorch. */
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
  lines: readonly Line[];
  /** Empty where there was none. */
  control: readonly Line[];
}

/** Below `docs`. */
export function pictureFile(step: number): string {
  return `reproduction/step-${String(step).padStart(6, "0")}.png`;
}

export function reproductionPage({
  facts,
  lines,
  control,
}: Reproduction): string {
  const rows = figureNames.map((name, index) => {
    const [low, high] = band(index);
    return `| ${name} | ${low} to ${high} | ${median(printedFigures, index)} | ${summary(lines, index)} | ${summary(control, index)} |`;
  });
  const grids = Array.from(
    { length: epochs / gridEpochs },
    (_, index) => (index + 1) * gridEpochs,
  ).map(
    (epoch) =>
      `| ${epoch} | ![Epoch ${epoch}](${pictureFile(epoch * stepsPerEpoch)}) |`,
  );
  return `# The tutorial's figures, reproduced

\`npm run reproduce -- jaketae --write --control\` wrote this page. It trains \`jaketae-mlp\` for the tutorial's
${epochs} x ${stepsPerEpoch} steps and prints its 40 lines. A figure is in the band where it lies between the smallest and the
largest that the tutorial printed. The control is \`bench/jaketae.py\`: the same networks, images, seed and number of
steps in PyTorch itself.

${facts.map((fact) => `- ${fact}`).join("\n")}
- In the band in all four figures: ${countInside(lines)} here, ${countInside(control)} of the control.

| figure | the tutorial's band | its median | here: median, lines in the band | PyTorch: median, lines in the band |
| --- | --- | --- | --- | --- |
${rows.join("\n")}

The band is the tutorial's, on 60,000 digits. On the 10,000 test digits each image is seen six times as often, D can learn
them by heart, and the figures leave the band; the control in PyTorch leaves it in the same way, so compare the two medians.
The first lines hardly depend on that: at epoch 1, step 400 a discriminator that began with fresh weights is far ahead of its
generator, here and in PyTorch, while the tutorial's first line (0.9407) looks like one of networks that had been trained
before, as when a notebook's cell is run again.

\`\`\`
${lines.map(printLine).join("\n")}
\`\`\`

The control's lines:

\`\`\`
${control.map(printLine).join("\n")}
\`\`\`

The grid of the noise bank, every fourth epoch as in the tutorial:

| epoch | samples |
| --- | --- |
${grids.join("\n")}
`;
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
