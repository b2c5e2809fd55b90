"""Takes TensorFlow's libraries and C headers out of a wheel: `python3 unpack.py WHEEL FOLDER`."""

import sys
import zipfile

wheel, folder = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    wanted = [
        name
        for name in archive.namelist()
        if name.startswith("tensorflow/lib") and ".so" in name
        or name.startswith("tensorflow/include/") and name.endswith(".h")
    ]
    archive.extractall(folder, wanted)
