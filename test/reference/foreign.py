"""Writes test/fixtures/foreign: data sets as other programs write them, and what NumPy makes of them.

    .venv/bin/python test/reference/foreign.py

Six images of 8 x 8; `foreign.json` names for each file or folder its grey levels (colours as planes) and its labels. TIFFs by
tifffile and Pillow, arrays by NumPy, the shards as StyleGAN's dataset_tool.py lays them out.
"""

import json
import zipfile
from pathlib import Path

import numpy as np
import tifffile
from PIL import Image

root = Path(__file__).resolve().parent.parent / "fixtures"
folder = root / "foreign"
folder.mkdir(parents=True, exist_ok=True)
cases = []

levels = np.random.default_rng(3).integers(0, 256, (6, 8, 8), dtype=np.uint8)
levels[:, 0, :2] = [0, 255]
unit = levels / 255
numbers = [2, 0, 1, 1, 0, 2]


def add(name: str, expected: np.ndarray = levels, labels: list | None = None, classes: list | None = None) -> None:
    """`expected` is [image, row, column] or [image, channel, row, column]."""
    channels = expected.shape[1] if expected.ndim == 4 else 1
    cases.append(
        {
            "file": name,
            "channels": channels,
            "levels": np.asarray(expected, np.uint8).reshape(-1).tolist(),
            "labels": labels,
            "classes": classes,
        }
    )


def tiffs(name: str, images, **options) -> None:
    (folder / name).mkdir(exist_ok=True)
    for index, image in enumerate(images):
        tifffile.imwrite(folder / name / f"{index}.tif", image, metadata=None, **options)


tiffs("tifffile-float", unit.astype(np.float32))
add("tifffile-float")
tiffs("tifffile-float-deflated", unit.astype(np.float32), compression="zlib", tile=(16, 16))
add("tifffile-float-deflated")
tiffs("tifffile-float-bigtiff", unit.astype(np.float32), bigtiff=True, byteorder=">")
add("tifffile-float-bigtiff")
colours = np.stack([levels, levels[:, ::-1], levels[:, :, ::-1]], axis=1)
tiffs("tifffile-colour", np.moveaxis(colours, 1, -1) / np.float32(255), photometric="rgb")
add("tifffile-colour", colours)
tiffs("tifffile-uint32", levels.astype(np.uint32))
add("tifffile-uint32")
(folder / "pillow-mode-f").mkdir(exist_ok=True)
for index, image in enumerate(unit.astype(np.float32) * 2 - 1):
    Image.fromarray(image).save(folder / "pillow-mode-f" / f"{index}.tif")
add("pillow-mode-f")

np.savez(folder / "text-labels.npz", images=levels, labels=np.array(list("caabbc")))
add("text-labels.npz", labels=[2, 0, 0, 1, 1, 2], classes=["a", "b", "c"])
np.savez(folder / "one-hot.npz", x_train=unit.astype(np.float32), y_train=np.asfortranarray(np.eye(3)[numbers]))
add("one-hot.npz", labels=numbers, classes=["0", "1", "2"])
np.savez_compressed(folder / "pickled.npz", imgs=levels, metadata=np.array([{"a": 1}], object), latents=np.zeros((6, 2)))
add("pickled.npz")
edge = unit.copy()
edge[0, 0, :2] = [-1e-7, 1 + 1e-7]
np.save(folder / "edge.npy", edge.astype(np.float64))
add("edge.npy")
binary = levels > 127
np.save(folder / "binary.npy", binary.astype(np.int64))
add("binary.npy", binary * 255)

with zipfile.ZipFile(folder / "stylegan.zip", "w") as archive:
    entries = []
    for index, image in enumerate(levels):
        name = f"{index // 3:05d}/img{index:08d}.png"
        with archive.open(name, "w") as file:
            Image.fromarray(image).save(file, format="png", compress_level=0, optimize=False)
        entries.append([name, numbers[index]])
    archive.writestr("dataset.json", json.dumps({"labels": entries}))
add("stylegan.zip", labels=numbers, classes=["0", "1", "2"])

(root / "foreign.json").write_text(json.dumps(cases) + "\n")
