"""Reads pictures with Pillow and prints what it finds as JSON: the independent reader of the export tests."""

import hashlib
import json
import sys

from PIL import Image, ImageSequence


def frames(path):
    with Image.open(path) as image:
        for frame in ImageSequence.Iterator(image):
            rgb = frame.convert("RGB")
            yield {
                "size": list(rgb.size),
                "duration": frame.info.get("duration"),
                "loop": image.info.get("loop"),
                "sha256": hashlib.sha256(rgb.tobytes()).hexdigest(),
                "pixels": list(rgb.tobytes()) if rgb.size[0] * rgb.size[1] <= 20000 else None,
            }


print(json.dumps({path: list(frames(path)) for path in sys.argv[1:]}))
