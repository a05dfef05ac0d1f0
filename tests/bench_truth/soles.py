"""Reads a character's shoe soles with Blender: soles.py SYNTH CHARACTER.blend TRUTH.npz OUT.npz."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np


def main(synth: str, character: str, truth: str, out: str) -> None:
    sys.path.insert(0, synth)
    import score

    _, soles, _, _ = score.read_blend(character, score.load_truth(truth))
    with Path(out).open("wb") as file:
        np.savez(file, **{str(bone): points for bone, points in soles.items()})


if __name__ == "__main__":
    main(*sys.argv[1:])
    os._exit(0)  # Blender's module may hang while Python shuts down
