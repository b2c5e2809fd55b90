/** What labels are to a run: how many classes its networks are told of, and which class each tile of its grid has. */
import type { Network } from "./network";
import type { NetworkRole, TrainingSettings } from "./settings";

type Networks = Pick<TrainingSettings, NetworkRole>;

/** How many classes a network reads, as its first such layer says; null where it reads no labels. */
export function classesRead(network: Network): number | null {
  const layer = network.layers.find((one) => "classes" in one);
  return layer && "classes" in layer ? layer.classes : null;
}

/** Of a conditional GAN; null of any other. */
export function classCount({
  generator,
  discriminator,
}: Networks): number | null {
  return classesRead(generator) ?? classesRead(discriminator);
}

/** The classes that a run is trained on, in order; none of a GAN without labels. */
export function classesOf(
  settings: Networks & Pick<TrainingSettings, "data">,
): number[] {
  const count = classCount(settings);
  if (count === null) return [];
  const all = Array.from({ length: count }, (_, label) => label);
  const { classes } = settings.data;
  return classes ? all.filter((label) => classes.includes(label)) : all;
}

/** The classes of the first tiles of a run's grid: a class a row. Empty of a GAN without labels. */
export function gridClasses(
  settings: Networks & Pick<TrainingSettings, "data" | "sampling">,
  count = settings.sampling.count,
): number[] {
  const { perRow } = settings.sampling.grid;
  return classesByRow(classesOf(settings), count, perRow);
}

/** As many tiles, so many a row: each row has a class, and after the last class comes the first again. */
export function classesByRow(
  classes: readonly number[],
  count: number,
  perRow: number,
): number[] {
  if (classes.length === 0) return [];
  return Array.from(
    { length: count },
    (_, tile) => classes[Math.floor(tile / perRow) % classes.length],
  );
}

/** `[labels.length, classes]`, row by row: 1 at the class and 0 elsewhere; undefined where there are no classes. */
export function oneHot(
  labels: ArrayLike<number>,
  classes: number | null,
): Float32Array | undefined {
  if (classes === null) return undefined;
  const rows = new Float32Array(labels.length * classes);
  for (let row = 0; row < labels.length; row++)
    rows[row * classes + labels[row]] = 1;
  return rows;
}

/** Why the data do not give the labels that the networks read, in one sentence, or null. `found` is null without any. */
export function labelsProblem(
  settings: Networks,
  title: string,
  found: readonly unknown[] | null,
): string | null {
  const needed = classCount(settings);
  if (needed === null || found?.length === needed) return null;
  if (found === null)
    return `The networks read the class of each image, but ${title} has no labels; choose data with labels, or remove the layers that read them.`;
  return `The networks are for ${needed} classes, but ${title} has ${found.length}; set that number in the layers that read labels.`;
}
