/** Pictures as D sees them in a step: augmented and with noise, from what the step draws. `graph/augment.ts` in plain numbers. */
import type { Shape } from "../../shared/layers";
import { volume } from "../../shared/layers";
import type { AugmentationPart } from "../../shared/step";
import {
  augmentationName,
  imageShapeOf,
  instanceNoiseName,
} from "../../shared/step";
import type { ModelSettings } from "../engine/engine";

type Inputs = ReadonlyMap<string, Float32Array>;

/** A copy of `[batch, ...]` images as an update of D sees them; the images themselves where nothing disturbs them. */
export function seenByDiscriminator(
  model: ModelSettings,
  images: Float32Array,
  pass: "real" | "fake",
  inputs: Inputs,
): Float32Array {
  const noise = inputs.get(instanceNoiseName(pass));
  if (!noise && !model.improvements.augmentation) return images;
  const seen = augmentedImages(images, imageShapeOf(model), inputs);
  return noise ? seen.map((value, i) => value + noise[i]) : seen;
}

/** A copy of `[batch, ...shape]` images, disturbed by what an update of D draws. */
export function augmentedImages(
  images: Float32Array,
  shape: Shape,
  inputs: Inputs,
): Float32Array {
  const size = volume(shape);
  const seen = images.slice();
  for (let image = 0; image < images.length / size; image++) {
    const x = seen.subarray(image * size, (image + 1) * size);
    const part = (name: AugmentationPart, length: number) =>
      inputs
        .get(augmentationName("discriminator", name))
        ?.subarray(image * length, (image + 1) * length);
    recolor(x, shape, part("color", 3));
    move(x, shape, part("rows", shape[1] ** 2), part("columns", shape[2] ** 2));
    cut(x, shape, part("cutRows", shape[1]), part("cutColumns", shape[2]));
  }
  return seen;
}

function recolor(
  x: Float32Array,
  [channels, height, width]: Shape,
  numbers?: Float32Array,
): void {
  if (!numbers) return;
  const [brightness, saturation, contrast] = numbers;
  const area = height * width;
  for (let at = 0; at < area; at++) {
    let grey = 0;
    for (let channel = 0; channel < channels; channel++)
      grey += x[channel * area + at] / channels;
    for (let at3 = at; at3 < x.length; at3 += area)
      x[at3] = (x[at3] - grey) * saturation + grey + brightness;
  }
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  for (let at = 0; at < x.length; at++)
    x[at] = (x[at] - mean) * contrast + mean;
}

/** Each row and column comes from where its matrix has a 1; from nowhere it is 0. */
function move(
  x: Float32Array,
  [channels, height, width]: Shape,
  rows?: Float32Array,
  columns?: Float32Array,
): void {
  if (!rows || !columns) return;
  const from = x.slice();
  const rowOf = origins(height, (to, row) => rows[to * height + row]);
  const columnOf = origins(width, (to, column) => columns[column * width + to]);
  for (let at = 0; at < channels * height * width; at++) {
    const row = rowOf[Math.floor(at / width) % height];
    const column = columnOf[at % width];
    const start = Math.floor(at / (height * width)) * height * width;
    x[at] = row < 0 || column < 0 ? 0 : from[start + row * width + column];
  }
}

/** -1 where there is none. */
function origins(
  size: number,
  at: (to: number, from: number) => number,
): number[] {
  return Array.from({ length: size }, (_, to) => {
    for (let from = 0; from < size; from++) if (at(to, from) === 1) return from;
    return -1;
  });
}

function cut(
  x: Float32Array,
  [, height, width]: Shape,
  rows?: Float32Array,
  columns?: Float32Array,
): void {
  if (!rows || !columns) return;
  for (let at = 0; at < x.length; at++)
    x[at] *= 1 - rows[Math.floor(at / width) % height] * columns[at % width];
}
