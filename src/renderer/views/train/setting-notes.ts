/** What the form says of each setting while it is pointed at: what it does, its range, and what it was before. */
import { isWhole, schemaAt } from "../../../shared/bounds";
import { z } from "zod";
import type {
  Preset,
  TrainingSettings,
} from "../../../shared/settings/settings";
import { mostSteps, settingsSchema } from "../../../shared/settings/settings";
import type { Draft } from "../../state/draft.svelte";

/** By path; a star stands for either network. */
const texts: Record<string, string> = {
  "data.size":
    "Images are resized to this many pixels a side. The ends of both networks follow; a layer that no longer fits says so.",
  "data.channels": "Grey has one number per pixel, colour three.",
  "data.range":
    "What black and white become. A generator that ends in tanh makes -1 to 1, one that ends in a sigmoid 0 to 1.",
  "data.fit": "What happens to images that are not square.",
  "data.limit.count":
    "Trains on this many images, drawn with the run's seed. The fewer there are, the sooner D memorizes them.",
  "data.heldOut":
    "Keeps this share of the images for judging the run; it never trains on them. At least 32, and none of fewer than 100. A data set with a test part keeps that instead.",
  "data.strokesSeed":
    "Draws the digits. The same seed draws the same 60,000, whatever the run's own seed is.",
  "data.flip":
    "Mirrors an image half of the time, which doubles faces and clothes. A mirrored digit is no longer a digit.",
  "objective.loss":
    "Non-saturating: G maximises log D(G(z)), as all tutorials but the Wasserstein GAN do. Minimax: G minimises log(1 - D(G(z))), whose gradient fades while D wins.",
  "objective.reduction":
    "Some tutorials add D's losses on real and fake images, others halve the sum. It halves D's gradient, and its curve.",
  "objective.order":
    "Which network is updated first in a step. The lecture begins with D, jrtechs-gan and jrtechs-dcgan with G.",
  "objective.secondUpdate":
    "What the network that moves second is shown. Fresh noise costs one more pass; the same images are G's from the first update, detached.",
  "objective.generatorEvery":
    "1 updates both networks in each step. The Wasserstein GAN trains its critic five times for one step of G.",
  "objective.clip":
    "The Wasserstein GAN keeps its critic's weights within ±0.01, because the output may not grow without bounds. 0 sets no limit.",
  "improvements.smoothing":
    "The target of real images is 1 less this, so that D is never rewarded for being certain. Fake images keep 0.",
  "improvements.gradientLimit":
    "A network's whole gradient is scaled down to this L2 norm where it is larger. The chart of gradient norms shows them before that.",
  "improvements.rateSchedule.shape":
    "What both learning rates do over the run. They reach 0 just after the last step, so a longer run falls more slowly.",
  "improvements.rateSchedule.from":
    "The part of the run in which they stay: 0.5 lets them fall in its second half.",
  "improvements.rateSchedule.warmUp":
    "Steps in which they rise from 0 in a line. It spares Adam's first guesses.",
  "improvements.penalties.interpolated":
    "Lambda times the squared distance of the gradient's norm from 1, at images between real and fake. It takes the place of clipped weights.",
  "improvements.penalties.real":
    "Gamma / 2 times the squared norm of the gradient at real images.",
  "improvements.penalties.fake":
    "Gamma / 2 times the squared norm of the gradient at fake images. R3GAN takes both.",
  "improvements.spectralNorm":
    "One power iteration a step estimates each weight's largest singular value, and D's layers use the weight divided by it. Exports hold the divided weights.",
  "optimizers.*.learningRate":
    "How far one update moves the weights. If D's loss goes to 0, lower D's or raise G's. It can be changed while the run trains.",
  "optimizers.*.type":
    "Adam in most tutorials, plain SGD in the lecture's first network, RMSprop in the Wasserstein GAN.",
  "optimizers.*.beta1":
    "How long Adam remembers gradients. DCGANs take 0.5, because training swings with 0.9 (Radford et al. 2015).",
  "optimizers.*.beta2": "How long Adam remembers the size of gradients.",
  "optimizers.*.alpha": "How long RMSprop remembers the size of gradients.",
  "optimizers.*.eps":
    "Added outside the root, so that nothing is divided by 0.",
  "optimizers.*.momentum": "How much of the last update is repeated.",
  "schedule.length.count":
    "How long it trains. A run that has ended can be resumed, so start with less.",
  "schedule.length.unit":
    "An epoch visits every image once; a step updates each network once.",
  "schedule.batchSize":
    "Images of one update. All tutorials take 64. A larger batch takes longer and its gradient is steadier.",
  "schedule.order":
    "Shuffled visits each image once an epoch. Random draws a new batch for each step, as the lecture does.",
  "schedule.lastBatch":
    "The images at the end of an epoch that do not fill a batch: PyTorch's drop_last.",
  "sampling.count":
    "Images of each saved grid. Their noise never changes, so you see each one grow.",
  "sampling.grid.perRow": "Torchvision's nrow.",
  "sampling.cadences":
    "How often a grid is saved. Every one is kept; 0 saves them by epochs only.",
  "sampling.mode":
    "The tutorials never call eval(), so their grids use the statistics of the drawn batch. Running statistics are what eval() would use.",
  "checkpoints.everySteps":
    "A run is resumed from a checkpoint. The last step always has one.",
  "checkpoints.everyMinutes": "What is lost at most when the power fails.",
  "checkpoints.keepLast": "Older ones are deleted as new ones come.",
  "checkpoints.keepBest":
    "The checkpoint with the lowest FD stays, where quality is measured; else the one where D's loss was closest to its equilibrium.",
  "log.cadence.every": "How often the tutorial prints its line.",
  "log.tensorboard":
    "A second event file in the run's tensorboard folder, as the tutorial writes its own: D_Loss and G_Loss from step 0, and the sample grids on TensorBoard's image tab.",
  "engine.id":
    "Automatic takes the fastest that works here, and says why below.",
  "engine.threads":
    "How many cores the run may use. 0 is automatic: the engine decides.",
  "engine.spinning":
    "Threads that spin while they wait are faster on an idle machine and far slower on a busy one. Automatic measures while it trains.",
  seed: "All randomness of a run comes from it: the initial weights, the order of the images, the noise. The same seed gives the same run.",
};

/** `original` is the value that the reset gives back, in words. */
export function aboutSetting(
  draft: Pick<Draft, "base" | "preset">,
  path: string,
  original: string,
): string {
  const text = texts[path.replace(/^(optimizers)\.\w+/, "$1.*")];
  const range = rangeOf(path);
  return [
    text,
    range && `Range: ${range}.`,
    original && `${whose(draft, path)}: ${original}.`,
  ]
    .filter(Boolean)
    .join(" ");
}

/** Who chose the value: the tutorial, this product where the tutorials are silent, or the run that the settings are of. */
function whose({ base, preset }: Pick<Draft, "base" | "preset">, path: string) {
  if (!preset || base !== preset.settings) return "The run before";
  return isOfTutorial(path) ? authorOf(preset) : "Default";
}

function authorOf({ source }: Preset): string {
  return source.author;
}

function isOfTutorial(path: string): boolean {
  const [part] = path.split(".") as [keyof TrainingSettings];
  return !["data", "checkpoints", "engine", "seed"].includes(part);
}

/** The numbers that a setting may be, as its schema says; null for a choice. */
export function rangeOf(path: string): string | null {
  const schema = schemaAt(settingsSchema, path.split("."));
  return schema instanceof z.ZodNumber ? describeRange(schema) : null;
}

function describeRange(schema: z.ZodNumber): string {
  const { maxValue, minValue } = schema;
  const allows = (value: number) => schema.safeParse(value).success;
  const low =
    minValue === null || allows(minValue)
      ? `from ${format(minValue ?? 0)}`
      : isWhole(schema)
        ? `from ${format(minValue + 1)}`
        : `above ${format(minValue)}`;
  if (maxValue === null || maxValue >= mostSteps)
    return `${isWhole(schema) ? "whole numbers " : ""}${low}`;
  return `${low} ${allows(maxValue) ? "to" : "to below"} ${format(maxValue)}`;
}

function format(value: number): string {
  return value.toLocaleString("en-US");
}
