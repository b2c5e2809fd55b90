"""Loads checkpoints into the tutorials' own modules by name and makes samples from them.

Reads, for every preset named on the command line, FOLDER/PRESET.safetensors and FOLDER/PRESET.latents (float32, the
latent vectors of eight samples); writes FOLDER/PRESET.images and FOLDER/PRESET.scores (float32).
"""

import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from tutorials import TUTORIALS

COUNT = 8


def load(module, state, role):
    prefix = role + "."
    own = {name[len(prefix) :]: tensor for name, tensor in state.items() if name.startswith(prefix)}
    module.load_state_dict(own, strict=True)
    return module.eval()


def main(folder, presets):
    for preset in presets:
        generator, discriminator = TUTORIALS[preset]()
        state = load_file(folder / f"{preset}.safetensors")
        load(generator.float(), state, "generator")
        load(discriminator.float(), state, "discriminator")
        latents = np.fromfile(folder / f"{preset}.latents", dtype=np.float32)
        # A DCGAN's latent vector is an image of one pixel.
        shape = (COUNT, -1, 1, 1) if preset == "lecture-dcgan" else (COUNT, -1)
        with torch.no_grad():
            images = generator(torch.from_numpy(latents).reshape(shape))
            scores = discriminator(images)
        images.numpy().tofile(folder / f"{preset}.images")
        scores.numpy().tofile(folder / f"{preset}.scores")


main(Path(sys.argv[1]), sys.argv[2:])
