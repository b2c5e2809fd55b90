/**
 * Whether settings make sense together: what a schema cannot see. The window shows each problem beside its field, the
 * command line and the host refuse with the first.
 */
import { lossOf } from "../losses";
import { checkTemplate } from "../log-line";
import { formatShape, volume, isAcrossBatch, kindOf } from "../layers";
import { checkImprovements } from "./check-improvements";
import { checkLabels } from "./check-labels";
import {
  describeLayer,
  inferShapes,
  NetworkError,
  parametersOf,
} from "./network";
import type { Shape } from "../layers";
import type { Network } from "./network";
import type { NetworkRole, TrainingSettings } from "./settings";
import { layerProducts, layerValues, passes } from "./work";

export interface SettingsProblem {
  /** Where, as a path into the settings: `generator.layers.3`. */
  path: string;
  /** One sentence for people. */
  message: string;
}

/** Every problem, the most basic first; none where training can start. */
export function checkSettings(settings: TrainingSettings): SettingsProblem[] {
  const shapes = [
    ...checkNetwork(settings, "generator"),
    ...checkNetwork(settings, "discriminator"),
  ];
  return [
    ...shapes,
    ...(shapes.length > 0
      ? []
      : [...checkFit(settings), ...checkWork(settings)]),
    ...checkObjective(settings),
    ...checkLabels(settings),
    ...checkImprovements(settings),
    ...checkSchedule(settings),
    ...checkLog(settings),
  ];
}

function checkNetwork(
  settings: TrainingSettings,
  role: NetworkRole,
): SettingsProblem[] {
  const network = settings[role];
  try {
    inferShapes(network);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    return [{ path: `${role}.layers.${error.layer}`, message: error.message }];
  }
  return [...checkNames(network, role), ...checkSize(network, role)];
}

/** With its optimiser's state that is three GiB, and far beyond what these engines train in a lifetime. */
const mostParameters = 2 ** 28;

function checkSize(network: Network, role: NetworkRole): SettingsProblem[] {
  const sizes = parametersOf(network).map(({ shape }) => volume(shape));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= mostParameters) return [];
  const largest = sizes.indexOf(Math.max(...sizes));
  const { layer } = parametersOf(network)[largest];
  return [
    {
      path: `${role}.layers.${layer}`,
      message: `The ${role} has ${Math.round(total / 1e6)} million weights, and at most ${Math.round(mostParameters / 1e6)} million can be trained here; make its layers smaller.`,
    },
  ];
}

/** A step of so many multiplications takes a fast processor ten seconds and more; of so many values, four GiB and more. */
const mostProducts = 2 ** 41;
const mostValues = 2 ** 30;

/** Steps that no computer this is for could take. */
function checkWork(settings: TrainingSettings): SettingsProblem[] {
  return [
    ...checkCost(settings, "multiplications a step", mostProducts, (network) =>
      layerProducts(network).map((products) => passes * products),
    ),
    ...checkCost(settings, "values a step", mostValues, layerValues),
  ];
}

/** Names the costliest layer where both networks together cost too much for a batch. */
function checkCost(
  settings: TrainingSettings,
  what: string,
  most: number,
  costsOf: (network: Network) => number[],
): SettingsProblem[] {
  const { batchSize } = settings.schedule;
  const costs = (["generator", "discriminator"] as const).flatMap((role) =>
    costsOf(settings[role]).map((it, layer) => ({
      role,
      layer,
      cost: it * batchSize,
    })),
  );
  const total = costs.reduce((sum, { cost }) => sum + cost, 0);
  if (total <= most) return [];
  const { role, layer, cost } = costs.reduce((a, b) =>
    b.cost > a.cost ? b : a,
  );
  const name = describeLayer(settings[role].layers[layer], layer);
  return [
    {
      path: `${role}.layers.${layer}`,
      message: `The networks need ${billions(total)} billion ${what}, ${billions(cost)} of them in ${name} of the ${role}, and at most ${billions(most)} billion can be trained here; make that layer or the batch of ${batchSize} smaller.`,
    },
  ];
}

function billions(count: number): string {
  const number = count / 1e9;
  return number < 10 ? number.toFixed(1) : String(Math.round(number));
}

/** Two layers with one name would share a place in the checkpoint. */
function checkNames(network: Network, role: NetworkRole): SettingsProblem[] {
  const seen = new Set<string>();
  for (const { name, layer } of parametersOf(network)) {
    if (seen.has(name))
      return [
        {
          path: `${role}.layers.${layer}`,
          message: `${describeLayer(network.layers[layer], layer)} has a name that another layer has; rename one of them.`,
        },
      ];
    seen.add(name);
  }
  return [];
}

function checkFit({
  data,
  generator,
  discriminator,
}: TrainingSettings): SettingsProblem[] {
  const image = [data.channels, data.size, data.size];
  const problems: SettingsProblem[] = [];
  const made = outputShape(generator);
  if (!isImage(made, image))
    problems.push({
      path: `generator.layers.${generator.layers.length - 1}`,
      message: `The generator makes ${formatShape(made)} and the images are ${formatShape(image)}; its last layers must give ${volume(image)} values.`,
    });
  if (
    generator.input.length === 3 &&
    generator.input[1] * generator.input[2] > 1
  )
    problems.push({
      path: "generator.input",
      message: `The generator's noise is ${formatShape(generator.input)}; it must be flat, or one pixel of many channels.`,
    });
  if (!isImage(discriminator.input, image))
    problems.push({
      path: "discriminator.input",
      message: `The discriminator looks at ${formatShape(discriminator.input)} and the images are ${formatShape(image)}.`,
    });
  const verdict = outputShape(discriminator);
  if (volume(verdict) !== 1)
    problems.push({
      path: `discriminator.layers.${discriminator.layers.length - 1}`,
      message: `The discriminator gives ${formatShape(verdict)} values an image and must give one.`,
    });
  if (lastActivation(generator) === "sigmoid" && data.range === "symmetric")
    problems.push({
      path: "data.range",
      message:
        "The generator ends in a sigmoid and can only make values from 0 to 1, but the images are scaled to -1 to 1; end it in tanh or scale the images to 0 to 1.",
    });
  return problems;
}

function checkObjective({
  objective,
  discriminator,
}: TrainingSettings): SettingsProblem[] {
  const { isCritic, title } = lossOf(objective);
  if (!isCritic || lastActivation(discriminator) !== "sigmoid") return [];
  return [
    {
      path: "objective.loss",
      message: `The ${title} loss needs a critic without bounds, but the discriminator ends in a sigmoid; remove that layer.`,
    },
  ];
}

function checkSchedule(settings: TrainingSettings): SettingsProblem[] {
  const { schedule, data } = settings;
  const problems: SettingsProblem[] = [];
  const fewImages =
    data.limit !== null && data.limit.count < schedule.batchSize;
  if (
    fewImages &&
    schedule.order === "shuffle" &&
    schedule.lastBatch === "drop"
  )
    problems.push({
      path: "schedule.batchSize",
      message: `A batch of ${schedule.batchSize} needs more images than the ${data.limit?.count} that the limit keeps.`,
    });
  const role = normalised(settings);
  if (schedule.batchSize === 1 && role)
    problems.push({
      path: "schedule.batchSize",
      message: `The ${role} has batch normalisation, which needs at least two images a batch.`,
    });
  return problems;
}

function checkLog({ log }: TrainingSettings): SettingsProblem[] {
  const message = checkTemplate(log.template);
  return message === null ? [] : [{ path: "log.template", message }];
}

function outputShape(network: Network): Shape {
  return inferShapes(network)[network.layers.length];
}

/** The image itself or the same number of values in one row. */
function isImage(shape: Shape, image: Shape): boolean {
  return shape.length === 1
    ? shape[0] === volume(image)
    : shape.join() === image.join();
}

/** The type of the last layer that changes values. */
function lastActivation(network: Network): string | undefined {
  return network.layers.findLast(({ type }) => !kindOf(type).movesOnly)?.type;
}

/** Why so many images cannot be trained on under these settings, in one sentence, or null. */
export function imagesProblem(
  settings: TrainingSettings,
  images: number,
): string | null {
  const { batchSize, order, lastBatch } = settings.schedule;
  if (images === 0)
    return "The data set has no images left; keep more classes or raise its limit.";
  if (order === "shuffle" && lastBatch === "drop" && images < batchSize)
    return `The data set has ${images} images, fewer than one batch of ${batchSize}; choose a smaller batch or keep the short last batch (schedule.lastBatch=keep).`;
  const role = normalised(settings);
  if (role === undefined) return null;
  if (order === "random" && images === 1)
    return `The data set has one image, and the ${role}'s batch normalisation needs at least two a batch.`;
  if (order === "shuffle" && lastBatch === "keep" && images % batchSize === 1)
    return `With ${images} images and batches of ${batchSize} the last batch holds one image, which batch normalisation cannot use; drop the last batch (schedule.lastBatch=drop) or change the batch size.`;
  return null;
}

/** The network that has batch normalisation, if one has. */
function normalised(settings: TrainingSettings): NetworkRole | undefined {
  return (["generator", "discriminator"] as const).find((network) =>
    isAcrossBatch(settings[network].layers),
  );
}
