/** The 40 lines of `jaketae-mlp`'s tutorial: its schedule, its bands, and a line's place in them. */
import { figureNames, printedFigures } from "./jaketae-figures";

export const epochs = 20;
export const stepsPerEpoch = 937;
/** The steps of an epoch at which the tutorial prints. */
export const printedSteps = [400, 800];
/** The tutorial shows a grid after every so many epochs. */
export const gridEpochs = 4;

/** A figure is held against the tutorial's as it is printed. */
const printedDecimals = [4, 4, 2, 2];

export interface Line {
  epoch: number;
  step: number;
  /** In the order of `figureNames`. */
  figures: number[];
  inBand: boolean[];
}

export function createLine(
  epoch: number,
  step: number,
  figures: number[],
): Line {
  const inBand = figures.map((figure, index) => {
    const [low, high] = band(index);
    const value = Number(figure.toFixed(printedDecimals[index]));
    return value >= low && value <= high;
  });
  return { epoch, step, figures, inBand };
}

/** The smallest and the largest figure that the tutorial printed. */
export function band(index: number): [number, number] {
  const all = printedFigures.map((figures) => figures[index]);
  return [Math.min(...all), Math.max(...all)];
}

/** The tutorial's own words, and which figures are outside. */
export function printLine({ epoch, step, figures, inBand }: Line): string {
  const [dLoss, gLoss, real, fake] = figures;
  const outside = figureNames.filter((_, index) => !inBand[index]);
  return `Epoch [${epoch}/${epochs}], Step [${step}/${stepsPerEpoch}], d_loss: ${dLoss.toFixed(4)}, g_loss: ${gLoss.toFixed(4)}, D(x): ${real.toFixed(2)}, D(G(z)): ${fake.toFixed(2)}   ${outside.length === 0 ? "in band" : `outside: ${outside.join(", ")}`}`;
}

export function countInside(lines: readonly Line[]): string {
  const inside = lines.filter(({ inBand }) => inBand.every(Boolean)).length;
  return `${inside} of ${lines.length} lines`;
}
