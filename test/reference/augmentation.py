"""DiffAugment's disturbances of a batch, from what was drawn: the formulas of the authors' code, one image at a time."""

import torch
import torch.nn.functional as F


def augmented(images, drawn):
    """`images` [batch, channels, height, width]; `drawn` by part, each flat."""
    batch, _, height, width = images.shape
    parts = {name: value.reshape(batch, -1) for name, value in drawn.items()}
    return torch.stack(
        [
            one_augmented(image, {name: part[i] for name, part in parts.items()}, height, width)
            for i, image in enumerate(images)
        ]
    )


def one_augmented(x, drawn, height, width):
    if "color" in drawn:
        brightness, saturation, contrast = drawn["color"]
        x = x + brightness
        mean = x.mean(dim=0, keepdim=True)
        x = (x - mean) * saturation + mean
        mean = x.mean()
        x = (x - mean) * contrast + mean
    if "rows" in drawn:
        down = shift_of(drawn["rows"].reshape(height, height))
        right = shift_of(drawn["columns"].reshape(width, width).T)
        padded = F.pad(x, (width, width, height, height))
        x = padded[:, height - down : 2 * height - down, width - right : 2 * width - right]
    if "cutRows" in drawn:
        hole = torch.outer(drawn["cutRows"], drawn["cutColumns"])
        x = x * (1 - hole)
    return x


def shift_of(matrix):
    """By how much the rows of a matrix that holds a diagonal of ones move what it is multiplied with."""
    to, origin = (int(index[0]) for index in torch.nonzero(matrix, as_tuple=True))
    return to - origin
