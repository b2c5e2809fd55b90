"""Runs exported PyTorch programs one after another, each as `python program.py --out ... --tensors ...` would."""

import pathlib
import runpy
import sys

for folder in map(pathlib.Path, sys.argv[1:]):
    arguments = ["program.py", "--out", str(folder / "grid.png"), "--tensors", str(folder / "made.safetensors")]
    sys.argv = arguments
    runpy.run_path(str(folder / "program.py"), run_name="__main__")
