"""Reads exported data with the libraries people use for it, and prints what they find as JSON."""

import csv
import json
import sys


def read_csv(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def read_tensorboard(path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    log = EventAccumulator(path, size_guidance={"scalars": 0, "images": 0})
    log.Reload()
    return {
        "scalars": {tag: [[event.step, event.value] for event in log.Scalars(tag)] for tag in log.Tags()["scalars"]},
        "images": {
            tag: [[event.step, event.width, event.height] for event in log.Images(tag)] for tag in log.Tags()["images"]
        },
    }


def read_safetensors(path):
    from safetensors import safe_open

    with safe_open(path, framework="np") as file:
        return {"metadata": file.metadata(), "shapes": {key: list(file.get_tensor(key).shape) for key in file.keys()}}


print(json.dumps({"csv": read_csv, "tensorboard": read_tensorboard, "safetensors": read_safetensors}[sys.argv[1]](sys.argv[2])))
