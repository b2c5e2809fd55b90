/** A PyTorch program that rebuilds both networks, loads their weights and draws the run's sample grid again. */
import type { TrainingSettings } from "../../shared/settings/settings";
import { noiseBank } from "../../shared/noise-bank";
import { volume } from "../../shared/layers";
import {
  classCount,
  classesRead,
  gridClasses,
  oneHot,
} from "../../shared/settings/labels";
import type { SafeTensor } from "../runs/checkpoints/safetensors";
import { encodeSafetensors } from "../runs/checkpoints/safetensors";
import { labelModules } from "./pytorch-labels";
import { python, pytorchClass } from "./pytorch-network";
import type { TrainedNetworks } from "./weights";

/** The latent vectors of the sample grid: the tensor `latents`, `[count, ...input]`; beside it `labels`, where there are classes. */
export function encodeLatents(settings: TrainingSettings): Uint8Array {
  const { input } = settings.generator;
  const { count } = settings.sampling;
  const classes = classCount(settings);
  const data = noiseBank(count, volume(input));
  const tensors = new Map<string, SafeTensor>([
    ["latents", { type: "F32", shape: [count, ...input], data }],
  ]);
  const labels = oneHot(gridClasses(settings), classes);
  if (labels && classes !== null)
    tensors.set("labels", {
      type: "F32",
      shape: [count, classes],
      data: labels,
    });
  return encodeSafetensors({ tensors, metadata: { format: "pt" } });
}

/** The text of `program.py`. */
export function pytorchProgram({
  name,
  settings,
  step,
}: TrainedNetworks): string {
  const { sampling, data, generator, discriminator } = settings;
  const labelled = classCount(settings) !== null;
  const told = labelled ? ", labels" : "";
  const forG = classesRead(generator) === null ? "" : ", labels";
  const forD = classesRead(discriminator) === null ? "" : ", labels";
  return `# Both networks of a GAN Workbench run, ready to train further in PyTorch.
#
# Run:    ${python(name)}
# Step:   ${step}
# Preset: ${python(settings.preset)}
#
#     pip install torch safetensors pillow
#     python program.py
#
# draws the run's own samples into grid.png: latents.safetensors holds the latent vectors they were made from.${
    labelled
      ? `
# Networks that read labels take them as a second argument: one-hot rows [batch, classes], or rows between classes.`
      : ""
  }
import argparse
import pathlib

import torch
import torch.nn as nn
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file, save_file

here = pathlib.Path(__file__).resolve().parent


def place(module, name, child):
    """Put a child module where a dotted name says, with empty modules on the way."""
    *path, last = name.split(".")
    for part in path:
        if not hasattr(module, part):
            module.add_module(part, nn.Module())
        module = getattr(module, part)
    module.add_module(last, child)


${labelModules([generator, discriminator])}${pytorchClass("Generator", generator)}


${pytorchClass("Discriminator", discriminator)}


Generator.dropping = Discriminator.dropping = False


def load(weights=here / "weights.safetensors"):
    """Both networks with their trained weights."""
    tensors = load_file(str(weights))
    generator, discriminator = Generator(), Discriminator()
    for prefix, network in (("generator.", generator), ("discriminator.", discriminator)):
        network.load_state_dict(
            {key[len(prefix):]: value for key, value in tensors.items() if key.startswith(prefix)}
        )
    return generator, discriminator


@torch.no_grad()
def sample(generator, latents${told}):
    """Images from latent vectors, as the run makes them: ${
      sampling.mode === "batch"
        ? "batch normalisation uses the statistics of this batch."
        : "batch normalisation uses the running statistics."
    }"""
    generator.train(${sampling.mode === "batch" ? "True" : "False"})
    for module in generator.modules():
        if isinstance(module, (nn.Dropout, nn.Dropout2d)):
            module.eval()
    running = {key: value.clone() for key, value in generator.state_dict().items()}
    images = generator(latents${forG})
    generator.load_state_dict(running)
    return images.reshape(-1, ${data.channels}, ${data.size}, ${data.size})


def draw(images, path):
    """The grid as the run saves it: what torchvision's make_grid and save_image do, in a few lines."""
${drawLines(settings)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Draw the sample grid of the run.")
    parser.add_argument("--weights", default=here / "weights.safetensors")
    parser.add_argument("--latents", default=here / "latents.safetensors")
    parser.add_argument("--out", default="grid.png", help="where the grid goes")
    parser.add_argument("--tensors", help="also write images and scores as safetensors")
    options = parser.parse_args()
    generator, discriminator = load(options.weights)
    inputs = load_file(str(options.latents))
    images = sample(generator, inputs["latents"]${labelled ? ', inputs["labels"]' : ""})
    draw(images, options.out)
    if options.tensors:
        discriminator.eval()
        with torch.no_grad():
            scores = discriminator(images.reshape(-1, ${discriminator.input.join(", ")})${forD && ', inputs["labels"]'}).flatten()
        save_file({"images": images.contiguous(), "scores": scores.contiguous()}, options.tensors)
    print(f"{len(images)} images are in {options.out}.")
`;
}

function drawLines({ sampling, data }: TrainingSettings): string {
  const { perRow, padding, padValue, normalize } = sampling.grid;
  const symmetric = data.range === "symmetric";
  return [
    normalize
      ? `    low, high = images.min(), images.max()`
      : `    low, high = ${symmetric ? "-1.0, 1.0" : "0.0, 1.0"}`,
    `    shown = (images - low) / ${normalize ? "(high - low).clamp(min=1e-5)" : "(high - low)"}`,
    `    count, channels, size, _ = shown.shape`,
    `    columns, padding = min(${perRow}, count), ${padding} if count > 1 else 0`,
    `    rows, cell = -(-count // columns), size + padding`,
    `    grid = torch.full((channels, rows * cell + padding, columns * cell + padding), ${padValue.toFixed(6)})`,
    `    for index, image in enumerate(shown):`,
    `        top, left = padding + index // columns * cell, padding + index % columns * cell`,
    `        grid[:, top : top + size, left : left + size] = image`,
    `    pixels = grid.mul(255).add(0.5).clamp(0, 255).byte().permute(1, 2, 0).numpy()`,
    `    Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels).save(path)`,
  ].join("\n");
}
