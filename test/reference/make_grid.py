"""Writes test/fixtures/runs/grids.json: batches of images, and the bytes of the picture that torchvision makes of each.

torchvision/utils.py is loaded by itself, because only it is needed and the package's compiled operators may not fit
the PyTorch that is there.
"""

import base64
import importlib.util
import json
from pathlib import Path

import torch

target = Path(__file__).parent.parent / "fixtures" / "runs" / "grids.json"


def load_utils():
    package = importlib.util.find_spec("torchvision")
    path = Path(package.submodule_search_locations[0]) / "utils.py"
    spec = importlib.util.spec_from_file_location("torchvision_utils", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def encode(array):
    return base64.b64encode(array.contiguous().numpy().tobytes()).decode()


def case(utils, name, images, shown, **options):
    grid = utils.make_grid(shown, **options)
    # save_image's own conversion.
    picture = grid.mul(255).add_(0.5).clamp_(0, 255).permute(1, 2, 0).to("cpu", torch.uint8)
    return {
        "name": name,
        "count": images.shape[0],
        "channels": images.shape[1],
        "size": images.shape[2],
        "pixels": encode(images),
        "options": options,
        "height": picture.shape[0],
        "width": picture.shape[1],
        "rgb": encode(picture),
    }


def main():
    utils = load_utils()
    torch.manual_seed(7)
    grey = torch.randn(7, 1, 5, 5).tanh()
    colour = torch.randn(5, 3, 4, 4) * 1.5
    unit = torch.rand(6, 1, 4, 4)
    cases = [
        case(utils, "grey, stretched", grey, grey.clone(), nrow=3, padding=2, normalize=True, pad_value=0.3),
        case(utils, "grey, from [-1, 1]", grey, (grey + 1) / 2, nrow=4, padding=1, normalize=False, pad_value=1.0),
        case(utils, "colour, stretched", colour, colour.clone(), nrow=2, padding=3, normalize=True, pad_value=0.5),
        case(utils, "colour beyond its range", colour, (colour + 1) / 2, nrow=8, padding=2, normalize=False, pad_value=0.0),
        case(utils, "unit range without padding", unit, unit.clone(), nrow=6, padding=0, normalize=False, pad_value=0.0),
        case(utils, "one image alone", unit[:1], unit[:1].clone(), nrow=8, padding=2, normalize=False, pad_value=0.7),
        case(utils, "a constant batch, stretched", torch.full((2, 1, 3, 3), 0.25), torch.full((2, 1, 3, 3), 0.25), nrow=2, padding=1, normalize=True, pad_value=0.2),
    ]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(cases, indent=1) + "\n")


main()
