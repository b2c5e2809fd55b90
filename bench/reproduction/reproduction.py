"""PyTorch's side of `reproduce.ts`: a preset's networks, losses and optimisers, on the same images, with random numbers
of its own. Goes on where its state file ends, and stops when its time is over.

    python bench/reproduction/reproduction.py < ORDER.json
        -> [step, d_loss, g_loss, D(x), D(G(z)), D(G(z)) in G's update] at each step of `printed`, then [step] at the end
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy
import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).parent.parent))
from pytorch import Training  # noqa: E402


class Reproduction(Training):
    def __init__(self, order):
        settings = order["settings"]
        schedule = settings["schedule"]
        self.batch, self.order = schedule["batchSize"], schedule["order"]
        super().__init__(settings, 1, order["setting"])
        # The networks were made under another seed.
        torch.manual_seed(order["seed"])
        for name, network in (("generator", self.generator), ("discriminator", self.discriminator)):
            for module in network:
                initialize(module, settings[name]["initializers"])
        pixels = torch.from_numpy(numpy.fromfile(order["images"], numpy.uint8)).float() / 255
        images = pixels.reshape(-1, *settings["discriminator"]["input"])
        self.images = images * 2 - 1 if settings["data"]["range"] == "symmetric" else images
        self.noise_shape = settings["generator"]["input"]
        self.every = settings["objective"]["generatorEvery"]
        self.keep_last = schedule["lastBatch"] == "keep"
        self.shuffled, self.at, self.epoch_step = None, 0, 0
        self.of_g = (torch.tensor(float("nan")),) * 2

    def step(self):
        real = self.images[self.next_batch()]
        noise = torch.randn(2, len(real), *self.noise_shape)
        of_d, of_g = self.update(real, noise, self.epoch_step % self.every == 0)
        self.of_g = of_g or self.of_g
        self.epoch_step += 1
        self.count += 1
        (d_loss, on_real, on_fake), (g_loss, after) = of_d, self.of_g
        return d_loss, g_loss, on_real, on_fake, after

    def next_batch(self):
        total, batch = len(self.images), self.batch
        if self.order == "random":
            return torch.randperm(total)[:batch]
        last = total if self.keep_last else total - total % batch
        if self.shuffled is None or self.at >= last:
            self.shuffled, self.at, self.epoch_step = torch.randperm(total), 0, 0
        taken = self.shuffled[self.at : self.at + batch]
        self.at += batch
        return taken

    parts = ("generator", "discriminator", "generator_optimizer", "discriminator_optimizer")
    places = ("shuffled", "at", "epoch_step", "count", "of_g")

    def save(self, path):
        state = {part: getattr(self, part).state_dict() for part in self.parts}
        state |= {place: getattr(self, place) for place in self.places}
        torch.save(state | {"random": torch.get_rng_state()}, path + ".new")
        os.replace(path + ".new", path)

    def restore(self, path):
        state = torch.load(path)
        for part in self.parts:
            getattr(self, part).load_state_dict(state[part])
        for place in self.places:
            setattr(self, place, state[place])
        torch.set_rng_state(state["random"])


def initialize(module, initializers):
    if hasattr(module, "reset_parameters"):
        module.reset_parameters()
    if isinstance(module, nn.Linear):
        kind = initializers["dense"]
    elif isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        kind = initializers["conv"]
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
        kind = initializers["batchNorm"]
    else:
        return
    if kind["type"] == "normal":
        nn.init.normal_(module.weight, kind["mean"], kind["std"])
    if kind["type"] == "he-normal":
        nn.init.normal_(module.weight, 0, (2 / module.in_features) ** 0.5)
        nn.init.zeros_(module.bias)


def main():
    order = json.load(sys.stdin)
    end = time.monotonic() + order["seconds"]
    training = Reproduction(order)
    if os.path.exists(order["state"]):
        training.restore(order["state"])
    printed = set(order["printed"])
    while training.count < order["steps"] and time.monotonic() < end:
        figures = training.step()
        if training.count in printed:
            print(json.dumps([training.count, *(figure.item() for figure in figures)]), flush=True)
    training.save(order["state"])
    print(json.dumps([training.count]), flush=True)


main()
