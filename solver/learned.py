"""Small networks that were taught on rendered people: two hidden layers, the second beside the first.

Each is a file of numbers beside the code that asks it; tests/calibration has the teachers.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from ..take import Floats

USUAL = 5.0
"""Standard deviations beyond which an input is taken for no farther off: nothing was learned there."""


def answer(path: Path, inputs: Floats) -> Floats:
    """What the last layer of the network in a file says of inputs. Shape (F, N) to (F, M)."""
    table = numbers(path)
    layer = (inputs - table["mean"]) / table["spread"]
    layer = np.minimum(np.maximum(layer, -USUAL), USUAL)
    layer = _silu(layer @ table["first"] + table["first_bias"])
    layer = layer + _silu(layer @ table["second"] + table["second_bias"])
    return layer @ table["last"] + table["last_bias"]


def _silu(values: Floats) -> Floats:
    return values / (1.0 + np.exp(-values))


@cache
def numbers(path: Path) -> dict[str, Floats]:
    """All that a file holds; the layers are stored in half precision."""
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name].astype(np.float64) for name in file.files}
