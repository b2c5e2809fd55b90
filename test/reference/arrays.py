"""Writes test/fixtures/arrays: NumPy files of every kind that the data sets read, and of some that they refuse.

    .venv/bin/python test/reference/arrays.py

Three images of 4 x 4; pixel (image, row, column) has the grey level 80 * image + 5 * (4 * row + column), and in colour
arrays 5 more in green and 10 more in blue.
"""

from pathlib import Path

import numpy as np

folder = Path(__file__).resolve().parent.parent / "fixtures" / "arrays"
folder.mkdir(parents=True, exist_ok=True)

image, row, column = np.mgrid[0:3, 0:4, 0:4]
grey = (80 * image + 5 * (4 * row + column)).astype(np.uint8)
colour = np.stack([grey, grey + 5, grey + 10], axis=-1).astype(np.uint8)
labels = np.array([2, 0, 1])
unit = grey / 255

saved = {
    "bytes": grey,
    "bytes-channel": grey[..., None],
    "colour": colour,
    "colour-planar": np.ascontiguousarray(np.moveaxis(colour, -1, 1)),
    "flat": grey.reshape(3, 16),
    "float32-unit": unit.astype(np.float32),
    "float64-symmetric": unit * 2 - 1,
    "float16-unit": unit.astype(np.float16),
    "float32-levels": grey.astype(np.float32),
    "float32-big-endian": unit.astype(">f4"),
    "int64": grey.astype(np.int64),
    "boolean": grey > 100,
    "fortran": np.asfortranarray(grey),
    "wide": grey.astype(np.float32) * 10,
    "with-nan": np.where(grey == 90, np.nan, unit),
    "complex": grey.astype(np.complex64),
    "four-channels": np.concatenate([colour, colour[..., :1]], axis=-1),
    "no-images": grey[:0],
}
for name, array in saved.items():
    np.save(folder / f"{name}.npy", array)
np.save(folder / "bytes-labels.npy", labels.astype(np.uint8))
with open(folder / "version-2.npy", "wb") as file:
    np.lib.format.write_array(file, grey, version=(2, 0))

np.savez(folder / "named.npz", images=grey, labels=labels)
np.savez_compressed(
    folder / "keras.npz", x_train=grey, y_train=labels, x_test=grey[:1], y_test=labels[:1]
)
np.savez(folder / "medmnist.npz", train_images=grey, train_labels=labels[:, None], val_images=grey[:1])
np.savez(folder / "positional.npz", grey, labels)
np.savez(folder / "single.npz", faces=grey, ages=labels)
np.savez(folder / "unclear.npz", cats=grey, dogs=grey)
np.savez(folder / "mismatched.npz", images=grey, labels=labels[:2])
np.savez(folder / "float-labels.npz", images=grey, labels=labels + 0.5)
