/** What augmentation draws for each image (Zhao et al. 2020, with the ranges of their code), and what it does to pictures. */
import type { Random } from "../../shared/random";
import type { Augmentation } from "../../shared/settings/improvements";
import type { AugmentationPart } from "../../shared/step";
import type { DataSettings } from "../../shared/settings/settings";

/** The arrays of one batch, `[batch, ...]` each, by part. */
export type DrawnParts = (part: AugmentationPart) => Float32Array;

const mostMove = 1 / 8;
const holeSize = 1 / 2;

export class AugmentationDraws {
  constructor(
    private readonly settings: Augmentation,
    private readonly data: Pick<DataSettings, "size" | "range">,
  ) {}

  /**
   * Fills every part for so many images, each disturbance with this probability. As many numbers are drawn of `random`
   * whatever comes of them.
   */
  fill(
    parts: DrawnParts,
    batch: number,
    probability: number,
    random: Random,
  ): void {
    const { color, translation, cutout } = this.settings;
    for (let image = 0; image < batch; image++) {
      if (color) this.drawColor(parts, image, probability, random);
      if (translation) this.drawMove(parts, image, probability, random);
      if (cutout) this.drawHole(parts, image, probability, random);
    }
  }

  private drawColor(
    parts: DrawnParts,
    image: number,
    probability: number,
    random: Random,
  ): void {
    const isOn = random.uniform() < probability;
    const [brightness, saturation, contrast] = [
      random.uniform(),
      random.uniform(),
      random.uniform(),
    ];
    // The code's ranges are those of images from -1 to 1.
    const span = this.data.range === "unit" ? 1 / 2 : 1;
    const numbers = isOn
      ? [(brightness - 0.5) * span, saturation * 2, contrast + 0.5]
      : [0, 1, 1];
    parts("color").set(numbers, image * 3);
  }

  private drawMove(
    parts: DrawnParts,
    image: number,
    probability: number,
    random: Random,
  ): void {
    const { size } = this.data;
    const most = Math.floor(size * mostMove + 0.5);
    const isOn = random.uniform() < probability;
    const down = random.below(2 * most + 1) - most;
    const right = random.below(2 * most + 1) - most;
    const area = size * size;
    const at = (part: AugmentationPart) =>
      parts(part)
        .subarray(image * area, (image + 1) * area)
        .fill(0);
    const rows = at("rows");
    const columns = at("columns");
    for (let to = 0; to < size; to++) {
      const row = to - (isOn ? down : 0);
      if (row >= 0 && row < size) rows[to * size + row] = 1;
      const column = to - (isOn ? right : 0);
      if (column >= 0 && column < size) columns[column * size + to] = 1;
    }
  }

  private drawHole(
    parts: DrawnParts,
    image: number,
    probability: number,
    random: Random,
  ): void {
    const { size } = this.data;
    const side = Math.floor(size * holeSize + 0.5);
    const isOn = random.uniform() < probability;
    for (const part of ["cutRows", "cutColumns"] as const) {
      const middle = random.below(size + 1 - (side % 2));
      const first = middle - Math.floor(side / 2);
      const vector = parts(part).subarray(image * size, (image + 1) * size);
      for (let i = 0; i < size; i++)
        vector[i] = isOn && i >= first && i < first + side ? 1 : 0;
    }
  }
}
