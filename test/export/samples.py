"""Makes the samples of an NPZ again from its latent vectors and the exported weights, with NumPy alone, and compares."""

import json
import os
import sys

import numpy as np
from PIL import Image
from safetensors.numpy import load_file

archive, weights, folder = sys.argv[1:4]
data = np.load(archive)
tensors = load_file(weights)
matrices = [(tensors[key], tensors[key.replace("weight", "bias")]) for key in tensors
            if key.startswith("generator.") and key.endswith("weight")]
matrices.sort(key=lambda pair: pair[0].shape[0])
hidden = np.maximum(data["latents"] @ matrices[0][0].T + matrices[0][1], 0)
images = np.tanh(hidden @ matrices[1][0].T + matrices[1][1])
levels = np.clip(np.floor((images + 1) / 2 * 255 + 0.5), 0, 255).reshape(data["images"].shape)
names = sorted(os.listdir(os.path.join(folder, "samples")))
pictures = [np.asarray(Image.open(os.path.join(folder, "samples", name))) for name in names]
print(json.dumps({
    "images": [str(data["images"].dtype), *data["images"].shape],
    "latents": [str(data["latents"].dtype), *data["latents"].shape],
    "seed": int(data["seed"]),
    "step": int(data["step"]),
    "difference": int(np.abs(levels - data["images"]).max()),
    "names": [names[0], names[-1], len(names)],
    "same": all(np.array_equal(picture, data["images"][at, :, :, 0]) for at, picture in enumerate(pictures)),
    "sameLatents": bool(np.array_equal(np.load(os.path.join(folder, "latents.npy")), data["latents"][:len(names)])),
}))
